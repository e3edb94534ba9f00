"""Meters and pictures: loudness, true peak, null tests, peaks, and other people's meters."""
