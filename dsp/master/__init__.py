"""Mastering: the songs of a record finished for its targets."""
