"""Where read models lie, and how they are brought to the log's head."""
