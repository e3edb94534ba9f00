"""Use cases of intake: ingest and import of recordings, MIDI and SoundFonts."""
