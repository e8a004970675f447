"""The word lists that tell a name from a heading, read once from `resources/identity`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "identity"
_AMBIGUOUS = "~"


@dataclass(frozen=True, slots=True)
class WordLists:
    """All in small letters without accents."""

    given_names: frozenset[str]
    """Given names that are hardly anything else."""
    ambiguous_names: frozenset[str]
    """Given names that are words, places or surnames too."""
    surnames: frozenset[str]
    ordinary: frozenset[str]
    """Words that begin with a capital letter in headings and labels, and are no names."""
    public_figures: frozenset[str]
    """Whom evidence is about and never by: "rosa parks"."""


@cache
def word_lists() -> WordLists:
    """The lists that come with the program."""
    names = frozenset(_lines("given_names.txt"))
    return WordLists(
        given_names=frozenset(name for name in names if not name.startswith(_AMBIGUOUS)),
        ambiguous_names=frozenset(name[1:] for name in names if name.startswith(_AMBIGUOUS)),
        surnames=frozenset(_lines("surnames.txt")),
        ordinary=frozenset(_lines("ordinary_words.txt")),
        public_figures=frozenset(_lines("public_figures.txt")),
    )


def folded(word: str) -> str:
    """A word in small letters, without accents and apostrophes: "O'Né" is "one"."""
    if word.isascii():
        return word.lower().replace("'", "")
    pieces = unicodedata.normalize("NFKD", word).casefold()
    return "".join(piece for piece in pieces if not unicodedata.combining(piece) and piece not in "'\u2019")


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
