"""The state of one record: verdicts, due renders, review queue, undo and reproducibility."""
