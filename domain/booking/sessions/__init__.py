"""Decisions on a session beside its firm booking: holds, the people in it, and what was worked."""
