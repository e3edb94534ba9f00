"""Commands, use cases, driver, engine, store and log; no other package writes to the log."""
