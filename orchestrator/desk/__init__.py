"""The desk: the use cases behind the commands, one file a subject; the command line only parses, calls and prints."""
