"""Use cases of outside makers: handoffs to them, and submissions of their comps, mixes and masters."""
