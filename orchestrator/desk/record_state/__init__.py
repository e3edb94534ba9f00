"""State of a record as every use case reads it, with the text of its events and its revisions."""
