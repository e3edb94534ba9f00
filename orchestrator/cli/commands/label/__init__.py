"""Commands of the label: init, users, records, resources, budgets and sessions."""
