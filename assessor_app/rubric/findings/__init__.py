"""The checks before sending by what they look at, and what a finding is."""
