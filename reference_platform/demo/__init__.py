"""Demo submissions, made by code."""
