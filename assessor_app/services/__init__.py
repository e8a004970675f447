"""One function or small class for each user verb."""
