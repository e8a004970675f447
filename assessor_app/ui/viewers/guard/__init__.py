"""Patches over what may name a person, in the viewers of evidence."""
