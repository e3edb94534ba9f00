"""What every read model stands on: tables, walks along a record's events, rows that last for a stretch of the log."""
