"""The edit: a part cut from its takes, every track at the same sample."""
