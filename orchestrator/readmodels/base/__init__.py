"""Foundations of the read models: tables, walks along a record's events, rows valid for a range of positions."""
