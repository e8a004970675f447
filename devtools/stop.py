"""The one way in which set-up ends early: a sentence for the person at the terminal."""

from __future__ import annotations


class Stop(Exception):
    """Set-up cannot go on; the text is the one sentence that the person reads."""
