"""Schema history of the local store."""
