"""Which words of a text are checked for their spelling: what is no prose is left alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_CHUNK = re.compile(r"\S+")
_CODE_SPAN = re.compile(r"`[^`\n]*`")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['\u2019](?=[^\W\d_]))*")
_NO_PROSE = re.compile(
    r"[0-9@\\_#<>{}\[\]=|~^$%*+&]|::|//|^[/.]|/.*/|[^\W\d_]\.[^\W\d_]|^www\.", re.IGNORECASE
)
_EDGE = "*()[]\"'\u201c\u201d\u2018\u2019«»¿?¡!.,;:…"
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_LONGEST = 60
_TOO_SHORT = 2
"""Beside a hyphen a part of so few letters is a prefix, such as co- and re-."""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A word and its place."""

    start: int
    """In code points of the text that was given."""
    end: int
    word: str
    """As a dictionary has it: composed accents, straight apostrophes."""


def words_of(text: str) -> Iterator[WordSpan]:
    """The words of a text that can be misspelled, from left to right.

    Left alone: addresses, e-mail addresses, file names, code, placeholders, anything with a digit, words all
    in capitals, single letters, and what is longer than any word.
    """
    code = [found.span() for found in _CODE_SPAN.finditer(text)]
    for chunk in _CHUNK.finditer(text):
        inner = chunk[0].strip(_EDGE)
        if not inner or "()" in chunk[0] or _NO_PROSE.search(inner):
            continue
        while code and code[0][1] <= chunk.start():
            code.pop(0)
        for found in _WORD.finditer(chunk[0]):
            start, end = chunk.start() + found.start(), chunk.start() + found.end()
            if any(begin < end and start < stop for begin, stop in code[:2]):
                continue
            if _is_checked(found[0], text[start - 1 : start], text[end : end + 1]):
                yield WordSpan(start, end, normal(found[0]))


def normal(word: str) -> str:
    """A word as dictionaries write it."""
    return unicodedata.normalize("NFC", word).replace("\u2019", "'")


def in_units(text: str) -> str:
    """The text with as many characters as Qt counts, so that places in it are Qt's."""
    return _WIDE.sub("\ufffc\ufffc", text)


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """All words of some texts, in small letters: words of the rubric are never wrong."""
    return frozenset(normal(found[0]).casefold() for text in texts for found in _WORD.finditer(text))


def without_possessive(word: str) -> str:
    """A word without its 's."""
    return word[:-2] if word.casefold().endswith("'s") else word


def _is_checked(word: str, before: str, after: str) -> bool:
    if not 1 < len(word) <= _LONGEST:
        return False
    if "-" in (before, after) and len(word) <= _TOO_SHORT:
        return False
    stem = without_possessive(normal(word))
    if stem.isupper():
        return False
    # Capitals within a word are names of programs and things: iPad, GeoGebra.
    return stem[1:] == stem[1:].lower()
