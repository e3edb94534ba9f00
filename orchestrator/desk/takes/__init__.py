"""Use cases of takes: list, judge, edit, align and check."""
