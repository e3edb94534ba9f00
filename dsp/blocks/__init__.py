"""Streams of blocks: the graph they are pulled through, and what keeps, delays and sums them."""
