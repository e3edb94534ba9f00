"""Use cases of listening: audio files, the player, a take within its song, waveforms."""
