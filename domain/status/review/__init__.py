"""Rules of the review queue: which items are chosen, in which order, and how much they move who listens."""
