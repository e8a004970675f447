"""Sentences that are written again and again: what a person may want to keep as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assessor_app.domain.comment_bank import folded

TIMES = 3
"""A sentence that is written this often is worth keeping."""
_ALIKE = 0.8
"""Share of common words, among all words of both, from which two sentences say the same."""
_LEAST_WORDS, _MOST_WORDS = 6, 80
"""Shorter ones are quicker typed than found; longer ones are hardly one sentence."""

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+(?=\s|$)|$)", re.MULTILINE)
"""To a sign at the end of a word: the full stop in an address ends nothing."""
_WORD = re.compile(r"\w+")


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text that are long enough to be kept, as they are written."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return tuple(s for s in found if _LEAST_WORDS <= len(_WORD.findall(s)) <= _MOST_WORDS)


def repeated_sentence(text: str, others: Iterable[str], kept: Iterable[str]) -> str | None:
    """The first sentence of a text that was written often enough, this time included.

    Args:
        text: what was just written.
        others: what was written elsewhere; each counts once for a sentence, however often it holds it.
        kept: what is kept already, or was declined: nothing like it is found.

    Returns:
        The sentence as it stands in `text`; None for none.
    """
    elsewhere = [[_words(sentence) for sentence in sentences_of(other)] for other in others]
    known = [_words(sentence) for one in kept for sentence in (one, *sentences_of(one))]
    for sentence in sentences_of(text):
        words = _words(sentence)
        if any(_alike(words, one) for one in known):
            continue
        times = 1 + sum(any(_alike(words, one) for one in text_words) for text_words in elsewhere)
        if times >= TIMES:
            return sentence
    return None


def _words(sentence: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(sentence)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    # Of sets as different in size as this no share of common words can be large enough.
    if len(one) * _ALIKE > len(other) or len(other) * _ALIKE > len(one):
        return False
    return len(one & other) >= _ALIKE * len(one | other)
