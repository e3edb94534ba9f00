"""Terms of a booking: rate cards and their prices, cancellation fees, working hours and blocks."""
