"""Use cases of sheets for the studio's desk: the take sheet, and the comp sheet with the lyrics."""
