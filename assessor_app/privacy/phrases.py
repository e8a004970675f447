"""Whole words and phrases in a text: any case, any form of accents, in time proportional to the text.

Words are what lies between signs and spaces; an apostrophe or a hyphen parts them, in the phrase as in the
text. A phrase never reaches over the end of a sentence.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_PARTS_PHRASES = re.compile(r"[.!?;:,()\[\]{}\"“”«»|/\t…¡¿]|\n\s*\n")
_SHORT_FORMS = frozenset({"st", "dr", "mr", "mrs", "ms", "jr", "sr", "sra", "dra", "prof"})
"""Words that take a full stop without ending a sentence; so do single letters."""
_MOST_BETWEEN = 3
"""Characters between two words of one phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    key: str
    """The same for all spellings that differ in case or in the form of accents."""
    start: int
    end: int
    is_capital: bool
    """Whether it begins with a capital letter."""


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in their order."""
    return tuple(
        Word(_key(found.group()), found.start(), found.end(), found.group()[0].isupper())
        for found in _WORD.finditer(text)
    )


def phrase_key(phrase: str) -> tuple[str, ...]:
    """A phrase as the keys of its words; empty when it has none."""
    return tuple(word.key for word in words_of(phrase))


def _key(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase where it stands."""

    meaning: Meaning
    words: tuple[Word, ...]
    """Its words in the text, one or more."""

    @property
    def start(self) -> int:
        """In code points."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Exclusive."""
        return self.words[-1].end


class PhraseFinder(Generic[Meaning]):
    """Finds the phrases of one table; where one begins inside another, the earlier and longer counts."""

    def __init__(self, phrases: Iterable[tuple[str, Meaning]]) -> None:
        """Prepare a table; of two equal phrases the first counts, one without words counts for nothing.

        Args:
            phrases: each with what it means.
        """
        self._meanings: dict[tuple[str, ...], Meaning] = {}
        lengths: dict[str, set[int]] = {}
        for phrase, meaning in phrases:
            key = phrase_key(phrase)
            if key:
                self._meanings.setdefault(key, meaning)
                lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str, words: tuple[Word, ...] | None = None) -> Iterator[Found[Meaning]]:
        """All phrases in a text, in the order of their places; none overlaps another.

        Args:
            text: anything.
            words: its words, where they are known already.
        """
        known = words_of(text) if words is None else words
        at = 0
        while at < len(known):
            found = self._at(text, known, at)
            if found is not None:
                yield found
            at += 1 if found is None else len(found.words)

    def _at(self, text: str, words: tuple[Word, ...], at: int) -> Found[Meaning] | None:
        for length in self._lengths.get(words[at].key, ()):
            run = words[at : at + length]
            key = tuple(word.key for word in run)
            if key in self._meanings and _belong_together(text, run):
                return Found(self._meanings[key], run)
        return None


def _belong_together(text: str, run: tuple[Word, ...]) -> bool:
    for before, after in itertools.pairwise(run):
        between = text[before.end : after.start]
        is_short = len(before.key) == 1 or before.key in _SHORT_FORMS
        is_dot = is_short and between.startswith(".") and between[1:].isspace()
        if len(between) > _MOST_BETWEEN or (_PARTS_PHRASES.search(between) and not is_dot):
            return False
    return True
