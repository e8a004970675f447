"""Why the child does not show a file or a page."""

from __future__ import annotations


class Refusal(Exception):
    """A file or page is not shown; the parent turns the reason into a card."""

    def __init__(self, reason: str) -> None:
        """Keep a reason of `cards.REASONS`."""
        super().__init__(reason)
        self.reason = reason
