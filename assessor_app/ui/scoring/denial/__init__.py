"""Writing what a denial owes the learner, criterion by criterion."""
