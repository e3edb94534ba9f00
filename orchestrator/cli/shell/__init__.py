"""Code that all commands share: frame, arguments, tables, progress, keys, editor and help."""
