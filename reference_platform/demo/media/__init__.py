"""A short video and a sound, and the script that made them."""
