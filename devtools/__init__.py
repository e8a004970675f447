"""What dev.py does: set-up, checks and start of the programs, with the standard library alone."""
