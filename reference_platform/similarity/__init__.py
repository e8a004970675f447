"""What submissions of different learners have in common: for the lead, and for an approver after reading."""
