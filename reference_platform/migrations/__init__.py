"""Schema history of the reference platform."""
