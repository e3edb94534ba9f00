"""Commands of daily use: at, next, review, undo, why, play, show, search, note and board."""
