"""The desk: what each command does, one file a subject; the command line only parses, calls and prints."""
