"""Rendering as the domain models it: jobs, reports, keys, and pauses of the engine."""
