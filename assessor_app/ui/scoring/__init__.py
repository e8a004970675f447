"""The rubric scoring panel."""
