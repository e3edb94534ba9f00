"""The desk: the only writer of the log, and the command line."""
