"""Two pieces of evidence side by side, with what differs between them."""
