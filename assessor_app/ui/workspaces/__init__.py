"""The window's arrangement for each role."""
