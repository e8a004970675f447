"""Rubric versions, the award rule and the checks."""
