"""What an engineer would notice about a take or a print before anybody listens."""
