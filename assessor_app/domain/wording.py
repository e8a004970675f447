"""What somebody's words say that may matter before they leave: a kind, a place in the text, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_WORD = re.compile(r"[^\W_]+")
_UNSEEN = dict.fromkeys((0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF))
"""Characters that stand inside words and take no room."""


class WordingKind(StrEnum):
    """What was found in a text."""

    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    PLACEHOLDER = "placeholder"
    """Of a comment bank, such as {{criterion}}: it was never filled in."""
    BLANK = "blank"
    """A gap such as ___ or [...]: left open, or quoted like that."""
    TONE = "tone"
    OWN_NAME = "own_name"
    """The writer's own name in full, or a word that she says names her."""
    OWN_NAME_PART = "own_name_part"
    """One word of the writer's own name."""
    EVIDENCE_NAME = "evidence_name"
    """A name or a school that stands in the evidence."""
    ACCOMMODATION = "accommodation"
    """Speaks of an accommodation of the learner, or repeats its instruction."""
    ACCOMMODATION_WORD = "accommodation_word"
    """A word of accommodations in general; feedback on lessons may well speak of them."""
    UNMET = "unmet"
    """Says that something is not shown."""
    PRAISE = "praise"
    AWARD = "award"
    """Says that the micro-credential is earned."""
    DENIAL = "denial"
    """Says that it is not earned."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One finding in a text."""

    kind: WordingKind
    start: int
    """In code points."""
    end: int
    """Exclusive."""
    why: str = ""
    """What is the matter with it, to be read after the words, such as "belittles"."""


def has_words(text: str) -> bool:
    """Whether a text says anything: spaces, dots and characters that nobody sees are no words."""
    return _WORD.search(text) is not None


def is_same_in_words(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever stands between their words."""
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.translate(_UNSEEN).casefold())
