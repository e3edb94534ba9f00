"""Jobs in, reports out: what Prefect runs.  Flows decide nothing and never see the log."""
