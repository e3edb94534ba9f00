"""Projections of the log, one a file; any of them can be thrown away and rebuilt."""
