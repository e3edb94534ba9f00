"""Limiters that hold a true-peak ceiling."""
