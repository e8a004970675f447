"""Where the bytes of evidence lie."""
