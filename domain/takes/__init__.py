"""Takes: verdicts, edits, comps, MIDI and comps from outside."""
