"""One file for each schema version of the reference platform."""
