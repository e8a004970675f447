"""The Assessor Workstation."""
