"""Commands of mixes, masters, delivery and measurement."""
