"""The store: clocks of its writers, and relocations of its log."""
