"""Keys and sealed files."""
