"""The store itself: clocks of its writers, upgrades of its tables, and moves of its log."""
