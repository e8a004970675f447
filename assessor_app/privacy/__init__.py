"""Finding identity in text."""
