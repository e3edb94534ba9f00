"""The commands: one file a noun, in folders by subject; each parses, calls a use case and prints the result."""
