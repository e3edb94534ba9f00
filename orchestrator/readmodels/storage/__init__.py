"""Storage of read models: the databases that hold them, and the ways to the log's head."""
