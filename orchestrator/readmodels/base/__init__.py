"""Foundations of the read models: tables, walks over a record's events, rows valid for a range of positions."""
