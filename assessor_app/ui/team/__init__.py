"""The lead's questions and reports: the list, and one of them beside it."""
