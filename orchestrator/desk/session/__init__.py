"""Use cases of the studio day of a session."""
