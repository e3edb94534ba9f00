"""A log in a PostgreSQL database; a writer holds the row lock of the head."""
