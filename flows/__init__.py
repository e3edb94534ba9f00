"""Prefect flows, from jobs to reports.  Flows make no decisions and never read the log."""
