"""The database that holds a log: connections, the tables of every log, and the interface of both databases."""
