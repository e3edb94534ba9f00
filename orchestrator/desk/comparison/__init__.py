"""Use cases of comparison: an item beside the keeper, the chosen mix or a reference recording, at one loudness."""
