"""The store itself: clocks of its writers, and moves of its log."""
