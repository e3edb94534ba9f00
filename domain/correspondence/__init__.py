"""Correspondence: sounds that left the house, to whom, and the answers that came back."""
