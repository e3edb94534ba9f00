"""Sound files: the door they come in by, what they hold, reading, writing, rates and word lengths."""
