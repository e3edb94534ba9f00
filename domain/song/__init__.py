"""A song: form, passes, band comp, arrangement, lyrics, tempo, and places in it."""
