"""All events together: their types, what each one reaches, and the permission it needs."""
