"""A log in a PostgreSQL database: ``schema_of`` is the door; who appends holds the row of the head."""
