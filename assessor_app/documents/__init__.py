"""Recognising and rendering evidence in child processes."""
