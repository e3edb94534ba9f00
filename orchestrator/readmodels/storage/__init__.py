"""Storage of read models: their databases, and code that brings them to the log's head."""
