"""The driver: from what is owed, through the engine, to what is recorded; one a store."""
