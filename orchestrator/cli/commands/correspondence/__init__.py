"""Commands of correspondence: what leaves the house, and what comes back."""
