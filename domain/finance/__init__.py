"""Finance of a record: invoices received, moves and overruns of its budget, deals, and the forecast."""
