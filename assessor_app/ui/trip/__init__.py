"""Getting ready for a trip: the window, the line above the inbox, and their words."""
