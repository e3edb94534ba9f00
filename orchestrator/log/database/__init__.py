"""The database that a log lies in: connection, tables every log has, and the interface both databases implement."""
