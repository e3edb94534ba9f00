"""Runs of jobs under Prefect: flows, retries, classification of failures, progress and artifacts."""
