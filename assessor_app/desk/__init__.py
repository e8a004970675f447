"""One open profile: its window, and every connection between window, lanes, verbs and sync."""
