"""Use cases of outside makers: what they were handed, and comps, mixes and masters they send back."""
