"""Around sending: history, questions to the lead, giving back for good, the proof."""
