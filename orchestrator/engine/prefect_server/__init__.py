"""Prefect's server as a child process: its home, database, access control and health."""
