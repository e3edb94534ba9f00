"""Use cases of a session's recorder: files married to slates, a watched folder, and recordings without a part."""
