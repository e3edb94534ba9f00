"""Use cases of correspondence: sounds sent to people outside, and the answers that come back."""
