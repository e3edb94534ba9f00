"""The store as a folder: how it is made."""
