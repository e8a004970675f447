"""Where a page or a text may name a person: high-confidence places alone are to be covered.

A place counts by where it stands and how it looks: behind a label ("Teacher:"), in the title block of the
first page, in a header or footer, in a corner of a photographed page. Names in running text are never
covered, for that is where the evidence is. The time is proportional to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from assessor_app.privacy import identity_labels as labels
from assessor_app.privacy import identity_names as names
from assessor_app.privacy.identity_layout import (
    PlacedWord,
    Segment,
    Zone,
    is_heading,
    pieces_of,
    readable,
    rows_of,
    zone_of,
)
from assessor_app.privacy.identity_words import folded
from assessor_app.privacy.text_scan import FindingKind, find_identity

VERSION = 1
"""Changes with what is found, so that what was found earlier is looked for anew."""
COVER = "█"
"""Stands for each code point of covered text, so that every place behind it stays where it is."""


class PlaceKind(StrEnum):
    """What may stand there."""

    NAME = "name"
    SCHOOL = "school"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, in code points."""

    kind: PlaceKind
    start: int
    end: int
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some words of a page that belong to one place."""

    kind: PlaceKind
    words: tuple[int, ...]
    """Indices in the words of the page, ascending."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place in the piece of some row."""

    row: int
    piece: int
    kind: PlaceKind
    start: int
    end: int


_MIN_PHONE_DIGITS, _PHONE_WITH_AREA = 7, 10
_MAX_LINE_CHARS = 400
"""A longer piece is running text: labels at its beginning count, the rest of it is not looked at."""
_TEXT_GAP = re.compile(r"\t|\s{3,}|\|")
_TITLE_LINES = 8
_MARKUP = re.compile(r"[*_`#>~]|</?[A-Za-z][^<>]{0,200}>")


def scan_page(
    words: Sequence[PlacedWord],
    page: int,
    size: tuple[float, float],
    *,
    is_picture: Callable[[], bool] = lambda: False,
) -> tuple[Group, ...]:
    """The places of a page that are to be covered.

    Args:
        words: in any order; boxes in page points.
        page: index from 0.
        size: width and height in points.
        is_picture: whether the page is a photograph or a scan: then a name in one of its corners counts.
            Asked only where there is such a name, because it takes time to find out.
    """
    words, size = readable(words, size)
    rows = rows_of(words)
    pieces = [pieces_of(words, row) for row in rows]
    hits = _scan(_segments(words, rows, pieces, page, size, has_corners=True))
    plain = _segments(words, rows, pieces, page, size, has_corners=False)
    in_corners = [hit for hit in hits if plain[hit.row][hit.piece].zone is not Zone.EDGE]
    if in_corners and hits != (without := _scan(plain)) and not is_picture():
        hits = without
    groups: list[Group] = []
    for hit in hits:
        touched, at = [], 0
        for index in pieces[hit.row][hit.piece]:
            length = len(words[index].text)
            if at < hit.end and at + length > hit.start:
                touched.append(index)
            at += length + 1
        groups.append(Group(hit.kind, tuple(sorted(touched))))
    return tuple(groups)


def _segments(
    words: Sequence[PlacedWord],
    rows: Sequence[Sequence[int]],
    pieces: Sequence[Sequence[Sequence[int]]],
    page: int,
    size: tuple[float, float],
    *,
    has_corners: bool,
) -> list[list[Segment]]:
    """The pieces of all rows as text, each with where it stands."""
    usual = median([word.y1 - word.y0 for word in words]) if words else 0.0
    segments: list[list[Segment]] = []
    for number, row in enumerate(pieces):
        is_first = number == 0 and is_heading(words, rows)
        where = (number, len(rows), page, size, usual)
        segments.append(
            [
                Segment(
                    " ".join(words[index].text for index in piece),
                    Zone.BODY if is_first else zone_of(words, piece, *where, is_picture=has_corners),
                )
                for piece in row
            ]
        )
    return segments


def scan_text(text: str, *, has_title: bool = True) -> tuple[Place, ...]:
    """The places of a plain text, or of one with markup, that are to be covered, in order.

    Args:
        text: as it is written; lines end with LF.
        has_title: whether its first lines are a title block; else labels and addresses alone count.
    """
    segments: list[list[Segment]] = []
    starts: list[list[int]] = []
    seen = at = 0
    for line in text.split("\n"):
        plain = _MARKUP.sub(lambda mark: ("|" if mark.group()[0] == "<" else " ") * len(mark.group()), line)
        is_first_heading = seen == 0 and line.lstrip().startswith(("# ", "<h1"))
        seen += 1 if plain.strip(" |-") else 0
        zone = Zone.TITLE if has_title and seen <= _TITLE_LINES and not is_first_heading else Zone.BODY
        row, places, before = [], [], 0
        for gap in (*_TEXT_GAP.finditer(plain), None):
            end = gap.start() if gap is not None else len(plain)
            if plain[before:end].strip():
                row.append(Segment(plain[before:end], zone))
                places.append(at + before)
            before = gap.end() if gap is not None else end
        if row:
            segments.append(row)
            starts.append(places)
        at += len(line) + 1
    found = [
        Place(hit.kind, starts[hit.row][hit.piece] + hit.start, starts[hit.row][hit.piece] + hit.end)
        for hit in _scan(segments)
    ]
    return tuple(sorted(found, key=lambda place: place.start))


def scan_cells(rows: Sequence[Sequence[list[object]]]) -> list[tuple[list[object], list[Place]]]:
    """The cells of a sheet that are to be covered in part or whole: a label's value beside it or in the cell.

    Args:
        rows: cells [row, column, text, ...] from the left, rows from the top; empty ones may be left out.
    """
    segments = [[Segment(str(cell[2]), Zone.BODY) for cell in row] for row in rows]
    found: dict[tuple[int, int], list[Place]] = {}
    for hit in _scan(segments):
        found.setdefault((hit.row, hit.piece), []).append(Place(hit.kind, hit.start, hit.end))
    return [(rows[row][piece], places) for (row, piece), places in found.items()]


def covered(text: str, places: Iterable[Place]) -> str:
    """A text with its places covered, as long as before; white space stays."""
    pieces, done = [], 0
    for place in sorted(places, key=lambda place: place.start):
        if place.start < done:
            continue
        hidden = "".join(char if char.isspace() else COVER for char in text[place.start : place.end])
        pieces += [text[done : place.start], hidden]
        done = place.end
    return "".join([*pieces, text[done:]])


def _scan(rows: Sequence[Sequence[Segment]]) -> list[_Hit]:
    """The places in rows of pieces; none overlaps another."""
    hits: list[_Hit] = []
    for row, pieces in enumerate(rows):
        for number, piece in enumerate(pieces):
            found = list(_in_piece(piece))
            hits += [_Hit(row, number, *place) for place in found]
            if not found:
                hits += _behind_cell(rows, row, number)
    free: list[_Hit] = []
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for hit in hits:
        spans = taken.setdefault((hit.row, hit.piece), [])
        if hit.end > hit.start and all(hit.end <= start or hit.start >= end for start, end in spans):
            spans.append((hit.start, hit.end))
            free.append(hit)
    return free


def _in_piece(piece: Segment) -> Iterator[tuple[PlaceKind, int, int]]:
    """The places in one piece of a line, the surest first."""
    text, zone = piece.text[:_MAX_LINE_CHARS], piece.zone
    for match in labels.LABEL.finditer(text):
        yield from _behind_label(text, match.end(), match.group("label").lower())
    by = labels.BY_LINE.match(text)
    if by is not None and text[: by.end()].strip()[:1].isupper():
        yield from _behind_by(text, by.end(), by.group("label").lower(), zone)
    if zone is not Zone.BODY:
        if labels.SCHOOL_WORDS.search(text):
            school = names.school_in(text)
            if school is not None:
                yield PlaceKind.SCHOOL, *school
        yield from _names_alone(text)
    if "@" in piece.text or zone is not Zone.BODY or labels.PHONE_LABEL.search(text):
        yield from _addresses(piece.text, zone)


def _behind_label(text: str, at: int, label: str) -> Iterator[tuple[PlaceKind, int, int]]:
    """What stands behind "Teacher:" and the like."""
    if label in labels.SCHOOL_LABELS:
        yield from _school_value(text, at)
        return
    while True:
        tokens = names.tokens_of(text, at)
        count = names.run_of_name(tokens)
        small = _small_name(tokens) if count == 0 else ()
        run = small or tokens[:count]
        if not run or not (small or _is_value(run, tokens, label)):
            return
        yield PlaceKind.NAME, run[0].start, run[-1].end
        following = labels.NEXT_NAME.match(text, run[-1].end)
        if following is None:
            return
        at = following.end()


def _small_name(tokens: Sequence[names.Token]) -> Sequence[names.Token]:
    """A name in small letters, as "maria lopez"; only one that the lists know."""
    pair = tokens[:2]
    if len(pair) == 2 and names.is_given(pair[0]) and names.is_surname(pair[1]):
        return pair
    return ()


def _is_value(run: Sequence[names.Token], tokens: Sequence[names.Token], label: str) -> bool:
    """Whether words behind a label are a name: by what they are, or by the label alone."""
    if names.is_public_figure(run):
        return False
    following = tokens[len(run)] if len(run) < len(tokens) else None
    is_open = following is not None and _goes_on(run[-1], following)
    joins = following is not None and following.key in ("and", "y", "with", "con")
    if is_open and not joins:
        # "Teacher: Ana asked the class": somebody speaks in a script.
        return names.is_person(run) and len(run) > 1 and label in labels.STRONG_LABELS
    if names.is_person(run):
        return True
    words = [token for token in run if not names.is_title(token)]
    if len(words) == 1:
        is_known = names.is_given(words[0]) or names.is_surname(words[0])
        is_alone = following is None or following.text[:1].isupper() or following.text[:1].isdigit()
        return is_alone and (is_known or label in labels.NAME_LABELS)
    return label in labels.STRONG_LABELS and sum(word.is_capital for word in words) >= 2


def _goes_on(last: names.Token, following: names.Token) -> bool:
    """Whether a sentence goes on behind a name: the next word is a small one, and no mark stands between."""
    return not last.closes and not following.opens and following.text[:1].islower()


def _behind_by(text: str, at: int, label: str, zone: Zone) -> Iterator[tuple[PlaceKind, int, int]]:
    """What stands behind "By" or "Prepared by" at the beginning of a line."""
    is_short = label in labels.SHORT_BY_LABELS
    if is_short and zone is Zone.BODY:
        return
    tokens = names.tokens_of(text, at)
    run = tokens[: names.run_of_name(tokens)]
    if not run or names.is_public_figure(run):
        return
    following = tokens[len(run)] if len(run) < len(tokens) else None
    is_open = following is not None and _goes_on(run[-1], following)
    is_name = names.is_person(run) or (len(run) >= 2 and not is_short)
    if is_name and (not is_open or (following is not None and following.key in ("and", "y"))):
        yield PlaceKind.NAME, run[0].start, run[-1].end
        join = labels.NEXT_NAME.match(text, run[-1].end)
        if join is not None:
            yield from _behind_by(text, join.end(), label, zone)


def _school_value(text: str, at: int) -> Iterator[tuple[PlaceKind, int, int]]:
    """What stands behind "School:"; words of any school are no name."""
    run: list[names.Token] = []
    for token in names.tokens_of(text, at)[:8]:
        is_part = token.is_capital or token.key in names.PARTICLES or token.key == "of"
        if not (is_part or (run and token.text.isdigit())) or token.closes == ":":
            break
        run.append(token)
        if token.closes.replace(".", ""):
            break
    if any(token.is_capital and not names.is_ordinary(token) for token in run):
        yield PlaceKind.SCHOOL, run[0].start, run[-1].end


def _behind_cell(rows: Sequence[Sequence[Segment]], row: int, number: int) -> Iterator[_Hit]:
    """What stands in the next piece, or below, where a piece is nothing but a label."""
    label = labels.LABEL_CELL.match(rows[row][number].text)
    if label is None:
        return
    word = label.group("label").lower()
    has_colon = label.group("colon") is not None
    beside = (row, number + 1) if number + 1 < len(rows[row]) else None
    below = (row + 1, 0) if has_colon and len(rows[row]) == 1 and row + 1 < len(rows) else None
    for at in (beside, below):
        if at is None:
            continue
        text = rows[at[0]][at[1]].text
        for kind, start, end in _behind_label(text, 0, word):
            tokens = names.tokens_of(text, start, end)
            if kind is PlaceKind.SCHOOL or has_colon or names.is_person(tokens):
                yield _Hit(*at, kind, start, end)
        return


def _names_alone(text: str) -> Iterator[tuple[PlaceKind, int, int]]:
    """Names that are all of a piece, between its marks, and any that has a title: "Ms. Ruiz, Room 4"."""
    at = 0
    for join in (*labels.JOINS.finditer(text), None):
        end = join.start() if join is not None else len(text)
        yield from _name_in_part(text, at, end)
        at = join.end() if join is not None else end


def _name_in_part(text: str, start: int, end: int) -> Iterator[tuple[PlaceKind, int, int]]:
    tokens = names.tokens_of(text, start, end)
    for index, token in enumerate(tokens):
        if names.is_title(token):
            run = tokens[index : index + names.run_of_name(tokens[index:])]
            following = tokens[index + len(run) :][:1]
            # "Ms. Ruiz read the story": a sentence is no title.
            if names.is_person(run) and not any(_goes_on(run[-1], token) for token in following):
                yield PlaceKind.NAME, run[0].start, run[-1].end
                return
    count = names.run_of_name(tokens)
    rest = tokens[count:]
    is_whole = not rest or tokens[count - 1].closes.startswith((",", "(")) or rest[0].text.isdigit()
    if count and is_whole and names.is_person(tokens[:count]):
        yield PlaceKind.NAME, tokens[0].start, tokens[count - 1].end


def _addresses(text: str, zone: Zone) -> Iterator[tuple[PlaceKind, int, int]]:
    """E-mail addresses anywhere; telephone numbers where a label or the place says that they are such."""
    digits = sum(char.isdigit() for char in text)
    if "@" not in text and digits < _MIN_PHONE_DIGITS:
        return
    for finding in find_identity(text):
        if finding.kind is FindingKind.EMAIL:
            yield PlaceKind.EMAIL, finding.start, finding.end
        elif finding.kind is FindingKind.PHONE:
            before = folded(text[max(0, finding.start - 24) : finding.start])
            number = text[finding.start : finding.end]
            is_loose = text[finding.end : finding.end + 1] in ("", " ", ",", ";", ".", ")", "|")
            has_area = sum(char.isdigit() for char in number) >= _PHONE_WITH_AREA
            if is_loose and (labels.PHONE_LABEL.search(before) or (zone is not Zone.BODY and has_area)):
                yield PlaceKind.PHONE, finding.start, finding.end
