"""Annotation items and tools on a page."""
