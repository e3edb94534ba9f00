"""Commands of the label: init, users, records, resources and plans."""
