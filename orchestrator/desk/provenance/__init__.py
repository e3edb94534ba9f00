"""Use cases of provenance: the reasons for a sound, rebuilding it, and the references to a blob."""
