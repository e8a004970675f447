"""One file for each schema version of the local store."""
