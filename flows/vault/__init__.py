"""The vault: content-addressed blobs in folders and object stores, with peaks and safe file access."""
