"""Parts every command shares: frame, arguments, tables, progress, keys, editor and help."""
