"""Completion: the stage of each song, what is missing of a song or record, and who owes it."""
