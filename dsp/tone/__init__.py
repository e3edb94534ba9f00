"""The tone of a channel: filters, dynamics, saturation and sides."""
