"""Lossy files: decoded into lossless ones."""
