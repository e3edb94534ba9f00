"""Commands of sessions: plan, hold, book, ask, move, cancel, worked, list, show and the studio day."""
