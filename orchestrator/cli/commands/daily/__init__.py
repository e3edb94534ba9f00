"""Commands of every day: at, next, review, undo, why, play, show, search, note and board."""
