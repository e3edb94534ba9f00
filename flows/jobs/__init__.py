"""The jobs: edit, mix, master and MIDI; each turns a recipe and blobs into audio and its report."""
