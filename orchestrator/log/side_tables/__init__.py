"""Tables beside the log, outside its proof: contact data of people, and the outbox of notices."""
