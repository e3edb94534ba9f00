"""Foundations of the domain: events, ids, addresses, frames, money and refusals."""
