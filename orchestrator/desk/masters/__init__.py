"""Use cases of masters: plan, submit, approve, and comparison with references."""
