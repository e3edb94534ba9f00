"""The run of jobs under Prefect: flows, retries and classification of failures, progress and artifacts."""
