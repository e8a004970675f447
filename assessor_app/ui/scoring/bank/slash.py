"""When a typed "/" asks for a comment: only at the start of a word."""

from __future__ import annotations

_OPENING = "([{<\"'«„“\u2018¿¡"
"""What may stand before the first letter of a word."""


def asks_for_comments(before: str) -> bool:
    """Whether a "/" asks for a comment.

    Args:
        before: the line up to the "/". Inside a word, a date, an address or "and/or" it asks for nothing.
    """
    return not before or before[-1].isspace() or before[-1] in _OPENING


def may_go_on(typed: str) -> bool:
    """Whether what was typed behind the "/" can still be the beginning of words that are looked for."""
    return not typed[:1].isspace() and "/" not in typed


def utf16(text: str) -> int:
    """The length of a text as Qt counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)
