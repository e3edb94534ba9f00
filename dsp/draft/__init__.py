"""The first mix recipe of a song, from what its takes measure."""
