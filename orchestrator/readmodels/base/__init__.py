"""The ground of every read model: tables, walks along a record's events, rows that last for a stretch of the log."""
