"""Passages that submissions share, side by side: for leads, and for approvers after an own reading."""
