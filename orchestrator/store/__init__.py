"""The store as a folder: creation, settings, trust, permissions and the driver's lock."""
