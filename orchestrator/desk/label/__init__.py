"""Use cases of a label: people, contacts, records, the board and search."""
