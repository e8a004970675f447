"""What in free text tells who somebody is: a question is cleaned of it, an answer is checked for it.

Both ends of the contract run the same function. Free text cannot be guaranteed; what is found here is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.privacy import identity_names as names
from assessor_app.privacy.identity_scan import scan_text
from assessor_app.privacy.name_words import NO_NAME, NameFinder
from assessor_app.privacy.text_scan import find_identity

TAKEN_OUT = "[taken out]"
"""Stands where something was."""


class Telling(StrEnum):
    """What it is."""

    NAME = "name"
    SCHOOL = "school"
    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class TellingPlace:
    """A place in a text, in code points."""

    kind: Telling
    start: int
    end: int
    """Exclusive."""
    is_certain: bool
    """An address or a known name; else it has the look of a name."""


_INTRODUCES = re.compile(
    r"\b(?:my name is|my name's|i am called|i am|i'm|i\u2019m|me llamo|mi nombre es|soy)\s+", re.IGNORECASE
)
_ENDS_A_LETTER = re.compile(
    r"^\s*(?:thanks|thank you|many thanks|best|best regards|regards|kind regards|sincerely|yours|cheers"
    r"|gracias|saludos|atentamente|[-\u2013\u2014]+)(?:[\s,.!-]+|$)",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:[A-Z\u00c0-\u00de][\w'\u2019.-]{0,30} ){1,4}"
    r"(?:Elementary|Primary|Middle|High|Academy|Charter|Prep|ISD|Unified)(?: School| Academy| District)*\b"
    r"|\b(?:Escuela|Colegio|Liceo|Instituto)(?: (?:de|del|la|las|los|San|Santa)){0,3}"
    r"(?: [A-Z\u00c0-\u00de][\w'\u2019-]{0,30}){1,4}"
)
"""Names of schools as people shorten them; a word too many is taken out of a question before one too few."""
_MOST_SIGNED_WORDS = 4


def telling_places(text: str, known: Iterable[str] = ()) -> tuple[TellingPlace, ...]:
    """Everything in a text that may tell who somebody is, in order; none overlaps another.

    Args:
        text: as it was written.
        known: names that are known, such as the writer's own, words or phrases.
    """
    places = [
        *(TellingPlace(Telling(one.kind.value), one.start, one.end, True) for one in find_identity(text)),
        *(TellingPlace(Telling.NAME, f.start, f.end, True) for f in NameFinder(NO_NAME, known).find(text)),
        *(
            TellingPlace(Telling(place.kind.value), place.start, place.end, False)
            for place in scan_text(text, has_title=False)
        ),
        *_in_lines(text),
    ]
    kept: list[TellingPlace] = []
    for place in sorted(places, key=lambda p: (not p.is_certain, p.start, -p.end)):
        if place.end > place.start and all(place.end <= k.start or place.start >= k.end for k in kept):
            kept.append(place)
    return tuple(sorted(kept, key=lambda place: place.start))


def without_identity(text: str, known: Iterable[str] = ()) -> str:
    """A text with `TAKEN_OUT` in place of everything in it that may tell who somebody is."""
    pieces, done = [], 0
    for place in telling_places(text, known):
        pieces += [text[done : place.start], TAKEN_OUT]
        done = place.end
    return "".join([*pieces, text[done:]])


def _in_lines(text: str) -> Iterator[TellingPlace]:
    at = 0
    lines = text.split("\n")
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    for number, line in enumerate(lines):
        for kind, start, end in _in_line(line, is_last=number == last and number > 0):
            yield TellingPlace(kind, at + start, at + end, False)
        at += len(line) + 1


def _in_line(line: str, *, is_last: bool) -> Iterator[tuple[Telling, int, int]]:
    school = names.school_in(line)
    if school is not None:
        yield (Telling.SCHOOL, *school)
    for match in _SCHOOL.finditer(line):
        yield Telling.SCHOOL, match.start(), match.end()
    for match in _INTRODUCES.finditer(line):
        yield from _capitals(line, match.end())
    tokens = names.tokens_of(line)
    for index in range(len(tokens)):
        run = tokens[index : index + names.run_of_name(tokens[index:])]
        if run and names.is_person(run):
            yield Telling.NAME, run[0].start, run[-1].end
    ending = _ENDS_A_LETTER.match(line)
    signed = names.tokens_of(line, ending.end() if ending is not None else 0)
    is_signed = (is_last or ending is not None) and 0 < len(signed) <= _MOST_SIGNED_WORDS
    if is_signed and all(t.is_capital or t.is_initial or t.key in names.PARTICLES for t in signed):
        yield Telling.NAME, signed[0].start, signed[-1].end


def _capitals(line: str, start: int) -> Iterator[tuple[Telling, int, int]]:
    """The capital words from a place on: "I am Ana Ruiz and ..." but not "I am not sure"."""
    tokens = names.tokens_of(line, start)
    count = names.run_of_name(tokens)
    if count:
        yield Telling.NAME, tokens[0].start, tokens[count - 1].end
