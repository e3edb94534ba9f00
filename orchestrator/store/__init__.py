"""The store as a place: what is believed of it, and who may read it."""
