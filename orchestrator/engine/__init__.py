"""The engine: Prefect flows in this process, Prefect's server as a child process, and the nightly's schedule."""
