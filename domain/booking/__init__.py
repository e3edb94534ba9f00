"""Booking: resources, schedule, sessions and budget."""
