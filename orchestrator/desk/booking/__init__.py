"""Use cases of booking: resources, budget and sessions."""
