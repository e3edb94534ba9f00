"""The driver: runs due renders through the engine and records their reports in the log; one driver a store."""
