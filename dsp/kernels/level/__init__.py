"""Compiled loops of what a level moves: compressor, gate, limiter, loudness and true peaks."""
