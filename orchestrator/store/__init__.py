"""The store as a place: how it is made, what is believed of it, and who may read it."""
