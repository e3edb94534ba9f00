"""Technical checks of takes and prints: clipping, dropouts, clicks, hum, noise, polarity and sync."""
