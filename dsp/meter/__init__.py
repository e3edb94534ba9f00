"""Meters and pictures: loudness, true peak, null tests, peaks, and an independent meter."""
