"""The mix: from the tracks of a song through the console to its prints."""
