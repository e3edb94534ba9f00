"""Compiled loops of level: compressor, gate and limiter, loudness and true peaks."""
