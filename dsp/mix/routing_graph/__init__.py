"""The routing of a mix: which channel feeds which in each cut, and the nodes that a render makes of it."""
