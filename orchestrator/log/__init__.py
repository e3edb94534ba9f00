"""The log: one ordered, hashed, tagged record of every decision."""
