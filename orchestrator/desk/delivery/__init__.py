"""Use cases of delivery: export, file metadata, quality check."""
