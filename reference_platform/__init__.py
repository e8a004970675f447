"""A real server for the platform contract."""
