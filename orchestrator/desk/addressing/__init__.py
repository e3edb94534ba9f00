"""Addresses and times as people type them, resolved against a store; rows of tables."""
