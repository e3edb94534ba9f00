"""Words, tables, their fit to a width, and colours."""
