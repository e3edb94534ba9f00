"""Mixes: revisions, verdicts and rough mixes."""
