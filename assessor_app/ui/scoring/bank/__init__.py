"""Comments that are used again: offered while writing, kept, looked after."""
