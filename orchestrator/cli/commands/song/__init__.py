"""Commands of songs: parts, takes, passes, comps and edits."""
