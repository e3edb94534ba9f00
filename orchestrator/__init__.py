"""Commands, use cases, driver, engine, store and log: the only writer of the log."""
