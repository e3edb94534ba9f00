"""The command line, one file a noun: parses arguments, calls use cases and prints results."""
