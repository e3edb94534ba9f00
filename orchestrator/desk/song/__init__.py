"""Use cases of a song: its form, lyrics, arrangement and band comp."""
