"""Video and sound, played in place from the sealed file."""
