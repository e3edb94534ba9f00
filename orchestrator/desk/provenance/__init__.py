"""Use cases of provenance: why a sound is as it is, rebuilding it, and who refers to a blob."""
