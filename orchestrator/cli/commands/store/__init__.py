"""Commands of the store: render, log, vault, backup, trust, doctor, Prefect and demo."""
