"""Plug-ins of other makers, each in a process of its own, and the messages to and from it."""
