"""Mastering: a record finished for its targets."""
