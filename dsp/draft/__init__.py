"""Draft of the first mix recipe of a song, from measurements of its takes."""
