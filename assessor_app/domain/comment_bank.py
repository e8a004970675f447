"""Comments that are used again: what one says, where it fits, and which are offered first.

An entry's text may hold placeholders, `{{criterion}}` or any words between double braces. Those that the
place of writing answers are filled in; the rest are stops for the person to write over. A text that still
holds one is not ready to be read by anybody, see `leftover_placeholders`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from assessor_app.domain.ids import BankEntryId, CriterionId, MicrocredentialId

# ---- placeholders ----

_PLACEHOLDER = re.compile(r"\{\{[ \t]*([^{}\n]{0,80}?)[ \t]*\}\}")
_LEFTOVER = re.compile(r"\{\{[^{}\n]{0,80}\}{0,2}|\}\}")
"""Also what is left of one that was half deleted."""


class Known(StrEnum):
    """The placeholders that the place of writing can answer."""

    CRITERION = "criterion"
    """The criterion's text."""
    LEVEL = "level"
    """The chosen level's label."""
    SKILL = "skill"
    """The micro-credential's title."""
    ARTIFACT = "artifact"
    """The one piece of evidence that is meant."""
    PAGE = "page"
    """Its page, from 1."""


UNSURE = frozenset({Known.ARTIFACT, Known.PAGE})
"""Answers that follow from what is tied or open: likely, and still shown to the person one by one."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder in a text, in code points."""

    start: int
    end: int
    """Exclusive."""
    word: str
    """The words between the braces; of a broken one what can be read of them."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with what is known filled in."""

    text: str
    stops: tuple[tuple[int, int], ...]
    """What the person still goes through, in code points: placeholders left, and answers not sure."""


def leftover_placeholders(text: str) -> tuple[Placeholder, ...]:
    """Every placeholder that nobody has filled in, whole or broken, in the order of the text."""
    return tuple(
        Placeholder(match.start(), match.end(), match.group().strip("{} \t"))
        for match in _LEFTOVER.finditer(text)
    )


def fill(text: str, answers: Mapping[str, str]) -> Filled:
    """A text with the answers in the place of its placeholders.

    Args:
        text: with placeholders; their names are read without regard to case.
        answers: by placeholder name; an empty answer is none.
    """
    pieces: list[str] = []
    stops: list[tuple[int, int]] = []
    done = length = 0
    for match in _PLACEHOLDER.finditer(text):
        name = match.group(1).casefold()
        between, answer = text[done : match.start()], answers.get(name, "")
        piece = answer or match.group()
        begin = length + len(between)
        if not answer or name in UNSURE:
            stops.append((begin, begin + len(piece)))
        pieces += [between, piece]
        done, length = match.end(), begin + len(piece)
    return Filled("".join([*pieces, text[done:]]), tuple(stops))


_LEAST_GENERAL_CHARS = 4
"""Shorter answers, such as a page's number, stand in too many sentences by chance."""


def with_placeholders(text: str, answers: Mapping[str, str]) -> str:
    """A text with placeholders for what names one piece of work, so that it names nothing wrong elsewhere.

    Args:
        text: as it was written in one place.
        answers: what that place knows, by placeholder name; longer ones are looked for first.
    """
    for name, answer in sorted(answers.items(), key=lambda pair: -len(pair[1])):
        if len(answer) >= _LEAST_GENERAL_CHARS:
            text = re.sub(rf"(?<!\w){re.escape(answer)}(?!\w)", f"{{{{{name}}}}}", text)
    return text


# ---- entries ----


class Scope(StrEnum):
    """Whose an entry is."""

    PERSONAL = "personal"
    TEAM = "team"
    """Handed out by the platform; used by everybody, changed by the team lead alone."""


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One comment that is used again."""

    id: BankEntryId
    scope: Scope
    title: str
    """Short; what the person looks for."""
    text: str
    """What is inserted, with placeholders."""
    microcredential_id: MicrocredentialId | None = None
    """The micro-credential that it was written for; None: any."""
    criterion_id: CriterionId | None = None
    level: str | None = None
    """Code of the level that it speaks of; None: any."""
    uses: int = 0
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A micro-credential that this machine knows: what entries can be written for."""

    microcredential_id: MicrocredentialId
    title: str
    criteria: tuple[tuple[CriterionId, str], ...]
    """Id and text, in the rubric's order."""
    levels: tuple[tuple[str, str], ...]
    """Code and label of every level of its scales, each once."""


@dataclass(frozen=True, slots=True)
class WritingPlace:
    """Where the person writes."""

    microcredential_id: MicrocredentialId | None = None
    criterion_id: CriterionId | None = None
    """None in a comment on the whole."""
    level: str | None = None
    """Code of the level chosen there; None while nothing is rated."""


def fit(entry: BankEntry, place: WritingPlace) -> int | None:
    """How closely an entry was written for a place; None when it was written for another.

    Returns:
        Larger is closer: criterion and level, criterion, micro-credential and level, micro-credential, level,
        and 0 for what fits everywhere.
    """
    parts = (
        (entry.microcredential_id, place.microcredential_id, 2),
        (entry.criterion_id, place.criterion_id, 4),
        (entry.level, place.level, 1),
    )
    closeness = 0
    for wanted, present, weight in parts:
        if wanted is None:
            continue
        if wanted == present:
            closeness += weight
        elif weight > 1 or present is not None:
            # Before anything is rated a level's comment may still be the right one.
            return None
    return closeness


# ---- which are offered first ----

_HALF_LIFE = timedelta(days=30)
"""After this long a use counts half."""


class Match(IntEnum):
    """How what was typed is found in an entry; a smaller one is better."""

    TITLE_START = 0
    TITLE_WORD = 1
    TEXT_WORD = 2
    FUZZY = 3
    """Its letters in this order in the title, with others between them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry that fits, and how well."""

    entry: BankEntry
    fit: int
    match: Match


@dataclass(frozen=True, slots=True)
class _Indexed:
    """An entry as it is searched: folded words, each with a space before it."""

    entry: BankEntry
    title: str
    text: str


class CommentBank:
    """A number of entries, made ready to be searched with each key."""

    def __init__(self, entries: Iterable[BankEntry]) -> None:
        """Take the entries in any order."""
        self.entries = tuple(entries)
        self._indexed = tuple(_Indexed(e, _words(e.title), _words(e.text)) for e in self.entries)

    def found(self, typed: str) -> tuple[BankEntry, ...]:
        """The entries in which every word is found, wherever they fit, by title.

        Args:
            typed: words or beginnings of words; accents and case do not matter. Empty: all.
        """
        wanted = tuple(_words(typed).split())
        letters = tuple(_in_order(word) for word in wanted)
        found = []
        for indexed in self._indexed:
            match = _match(indexed, wanted, letters)
            if match is not None:
                found.append((match is Match.FUZZY, indexed.title, indexed.entry.id, indexed.entry))
        found.sort(key=lambda row: row[:3])
        return tuple(row[3] for row in found)

    def offers(self, typed: str, place: WritingPlace, now: datetime) -> tuple[Offer, ...]:
        """The entries that fit a place and what was typed, the best first.

        What is really found comes before what only resembles; then what fits closer; then what was used more
        and more recently; then the better match.

        Args:
            typed: words or beginnings of words; accents and case do not matter. Empty: everything that fits.
            place: where the person writes.
            now: for the weight of past uses.
        """
        wanted = tuple(_words(typed).split())
        letters = tuple(_in_order(word) for word in wanted)
        found = []
        for indexed in self._indexed:
            match = _match(indexed, wanted, letters)
            closeness = fit(indexed.entry, place) if match is not None else None
            if match is None or closeness is None:
                continue
            entry = indexed.entry
            key = (match is Match.FUZZY, -closeness, -use_weight(entry, now), match, indexed.title, entry.id)
            found.append((key, Offer(entry, closeness, match)))
        found.sort(key=lambda pair: pair[0])
        return tuple(offer for _, offer in found)


def use_weight(entry: BankEntry, now: datetime) -> float:
    """How much an entry is used these days; 0 for never."""
    if entry.last_used is None:
        return 0.0
    age = max(timedelta(0), now - entry.last_used)
    return float(entry.uses * 0.5 ** (age / _HALF_LIFE))


def folded(text: str) -> str:
    """A text without accents and case, for comparing."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


_WORD = re.compile(r"\w+")


def _words(text: str) -> str:
    """The folded words of a text, each with a space before it."""
    return "".join(f" {word}" for word in _WORD.findall(folded(text)))


def _in_order(word: str) -> re.Pattern[str]:
    """Finds the letters of a word in this order, the first one at the start of a word.

    Each gap excludes the letter that ends it, so that the time grows with the text alone.
    """
    later = "".join(f"[^{re.escape(char)}]*{re.escape(char)}" for char in word[1:])
    return re.compile(f" {re.escape(word[0])}{later}")


def _match(indexed: _Indexed, wanted: tuple[str, ...], letters: tuple[re.Pattern[str], ...]) -> Match | None:
    worst = Match.TITLE_START
    for number, word in enumerate(wanted):
        start = f" {word}"
        if number == 0 and indexed.title.startswith(start):
            found = Match.TITLE_START
        elif start in indexed.title:
            found = Match.TITLE_WORD
        elif start in indexed.text:
            found = Match.TEXT_WORD
        elif len(word) > 1 and letters[number].search(indexed.title):
            found = Match.FUZZY
        else:
            return None
        worst = max(worst, found)
    return worst
