"""Limiters: a ceiling for true peaks that holds."""
