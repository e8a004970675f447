"""Checking whether everything is there: pre-assessment."""
