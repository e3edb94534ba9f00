"""Use cases of review: the queue, one judgement an item, and undo."""
