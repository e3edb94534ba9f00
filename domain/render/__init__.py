"""Rendering as the domain sees it: jobs, reports, keys, and pauses of the engine."""
