"""Commands of daily use: at, next, review, undo, why, show, search, note and board."""
