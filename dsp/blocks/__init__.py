"""Streams of blocks: the graph they are pulled through, storage, delay and summing."""
