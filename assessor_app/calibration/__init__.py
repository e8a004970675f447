"""Agreement statistics, session rules and drift."""
