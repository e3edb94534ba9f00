"""Metadata in sound files: Broadcast Wave stamps, iXML, and texts of FLAC and AIFF; read, made and rewritten."""
