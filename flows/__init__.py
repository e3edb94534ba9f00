"""Prefect flows: jobs in, reports out.  Flows decide nothing and never see the log."""
