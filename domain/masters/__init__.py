"""Masters: sequence, verdicts, and targets of streaming services."""
