"""Winnowed fingerprints of a text: few numbers of which any shared passage of eight words leaves one.

Every five words that stand together become a number (BLAKE2b of 64 bits with the tenant's key, so that the
numbers tell nothing elsewhere); of every four numbers in a row the smallest is kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHINGLE_WORDS = 5
WINDOW = 4
MOST_SUBMISSIONS = 12
"""A fingerprint in more submissions than these is taken for a template's, not a learner's."""
LEAST_SCORE = 0.04
LEAST_SHARED = 8
"""A match is reported from this score and this number of shared fingerprints on, both."""
MOST_WORDS = 60_000
"""Words of one text that are looked at."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: how it is compared, and from where to where it stands."""

    key: str
    start: int
    stop: int


def words_of(text: str) -> list[Word]:
    """The words of a text, at most `MOST_WORDS`; case, width and the form of an apostrophe do not count."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        key = unicodedata.normalize("NFKC", match.group()).casefold().replace("\u2019", "'")
        found.append(Word(key, match.start(), match.end()))
        if len(found) == MOST_WORDS:
            break
    return found


def shingles(words: Sequence[Word], key: bytes) -> list[int]:
    """A number for every five words in a row, signed 64 bits; empty for fewer words.

    Args:
        words: of one text, in order.
        key: the tenant's, 16 to 64 bytes.
    """
    keyed = hashlib.blake2b(key=key, digest_size=8)
    keys = [word.key.encode() for word in words]
    numbers = []
    for at in range(len(keys) - SHINGLE_WORDS + 1):
        digest = keyed.copy()
        digest.update(b" ".join(keys[at : at + SHINGLE_WORDS]))
        numbers.append(int.from_bytes(digest.digest(), "big", signed=True))
    return numbers


def winnowed(numbers: Sequence[int]) -> frozenset[int]:
    """The smallest of every `WINDOW` numbers in a row; all there are of a shorter row, its smallest."""
    last = max(1, len(numbers) - WINDOW + 1)
    return frozenset(min(numbers[at : at + WINDOW]) for at in range(last) if numbers)


def issuers_shingles(texts: Iterable[str], key: bytes) -> frozenset[int]:
    """The numbers of the issuer's own words, all of them: whoever quotes a prompt shares nothing by it."""
    return frozenset(number for text in texts for number in shingles(words_of(text), key))


def fingerprints(text: str, key: bytes, issuers: frozenset[int] = frozenset()) -> frozenset[int]:
    """What is kept of a text.

    Args:
        text: a learner's answer, or the words of a file.
        key: the tenant's, 16 to 64 bytes.
        issuers: numbers of the issuer's prompts and templates, left out before winnowing.
    """
    return winnowed([number for number in shingles(words_of(text), key) if number not in issuers])


def containment(shared: int, one: int, other: int) -> float:
    """The share of the smaller set that both have, from 0 to 1.

    Args:
        shared: fingerprints in both.
        one: size of the one set.
        other: size of the other.
    """
    smaller = min(one, other)
    return shared / smaller if smaller else 0.0


def is_reported(shared: int, score: float) -> bool:
    """Whether so much in common is worth a person's look."""
    return shared >= LEAST_SHARED and score >= LEAST_SCORE
