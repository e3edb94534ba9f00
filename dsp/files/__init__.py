"""Sound files: opening, metadata, reading, writing, sample rates and word lengths."""
