"""Projections of the log, one a file; any of them can be dropped and rebuilt."""
