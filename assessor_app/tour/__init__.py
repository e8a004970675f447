"""Drives the real windows for the demo and the tests."""
