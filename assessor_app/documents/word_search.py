"""Words found again in a text that has changed: as they were, hyphenated otherwise, or edited a little.

Texts are compared without white space, hyphens, quotation marks, case and accents, ligatures taken apart.
Small edits are found by Myers' bit-parallel search (1999) where a piece of the words stands unchanged.
A place counts only if what stands around it agrees as well, or if the words are long enough to speak for
themselves; of two places that are equally good none is taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assessor_app.domain.annotations import TextAnchor

NEAR = 400
"""Code points around the old offset that count as "near"."""
_EDITS_PER_LETTER = 0.2
_LEAST_FOR_EDITS = 8
_SPEAKS_FOR_ITSELF = 12
_TOLD_BY_NEIGHBOURS = 16
_SPEAKS_AGAINST_ITS_SURROUNDINGS = 32
_LITTLE_AROUND = 12
_HOLD = 3
_MARGIN = 6
_MOST_LOOKED_AT = 24
_HYPHENS_AND_QUOTES = frozenset("-\"'`\u00b4")
_IGNORED = frozenset({"Pd", "Pi", "Pf", "Cf", "Cc", "Zs", "Zl", "Zp", "Mn"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without what layouts change, and where each of its letters stood."""

    text: str
    offsets: tuple[int, ...]
    """For each letter its offset in the text that was folded."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where words may stand."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    edits: int
    """Letters that differ within the words."""
    letters: int
    """Letters of the words."""
    agrees: int
    """Letters around the place that agree with what stood around the words."""
    around: int
    """Letters that stood around the words."""
    is_held: bool
    """Whether the letters right before and right after are the old ones, as far as there were any."""
    is_verbatim: bool
    """Whether not even white space and signs differ."""
    distance: int
    """Code points from the old offset; large on another page."""

    @property
    def score(self) -> float:
        """Letters that agree, less those that do not."""
        return self.letters - 2.0 * self.edits + self.agrees + (0.5 if self.is_verbatim else 0.0)

    @property
    def is_certain(self) -> bool:
        """The words unchanged between what always stood around them: no other place is better."""
        return self.edits == 0 and self.around >= _LITTLE_AROUND and self.agrees >= 0.9 * self.around

    @property
    def is_believable(self) -> bool:
        """Whether the place may be taken if no other is as good."""
        if self.letters < _TOLD_BY_NEIGHBOURS and not self.is_held:
            return False
        share = self.agrees / self.around if self.around else 0.0
        if share >= 0.5 and self.agrees >= 5:
            return True
        if self.around < _LITTLE_AROUND and self.edits == 0:
            # Little stood around the words: all that was left must agree, or the words be long.
            return self.agrees == self.around > 0 or self.letters >= _SPEAKS_FOR_ITSELF or self.distance <= 16
        return self.letters - 3 * self.edits >= _SPEAKS_AGAINST_ITS_SURROUNDINGS


@lru_cache(maxsize=4)
def fold(text: str) -> Folded:
    """A text as it is compared; kept for a moment, because many marks are looked for on one page."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character.isascii():
            if character.isalnum() or not (character.isspace() or character in _HYPHENS_AND_QUOTES):
                letters.append(character.lower())
                offsets.append(offset)
            continue
        for piece in unicodedata.normalize("NFKD", character).casefold():
            if unicodedata.category(piece) not in _IGNORED and piece not in _HYPHENS_AND_QUOTES:
                letters.append(piece)
                offsets.append(offset)
    return Folded("".join(letters), tuple(offsets))


@lru_cache(maxsize=256)
def _folded_words(*texts: str) -> tuple[str, ...]:
    """The short texts of an anchor as they are compared; each is asked for again on every page."""
    return tuple(fold.__wrapped__(text).text for text in texts)


def candidates(words: TextAnchor, text: str, *, is_same_page: bool = True) -> tuple[Candidate, ...]:
    """The places in a text where the words of an anchor may stand, the best first.

    Args:
        words: the anchor's words with what stood around them.
        text: the text of a page, or of the whole where there are no pages.
        is_same_page: whether old offsets mean something in it.
    """
    return _Search(words, text, is_same_page).found()


def best(found: Iterable[Candidate]) -> Candidate | None:
    """The one place to take; None when there is none, or when two are equally good."""
    ranked = sorted(found, key=lambda place: (-place.score, place.distance))
    if not ranked:
        return None
    first = ranked[0]
    if first.distance == 0 and first.is_verbatim and first.agrees == first.around:
        return first
    if not first.is_believable:
        return None
    if len(ranked) == 1:
        return first
    second = ranked[1]
    if first.score - second.score >= max(3.0, 0.1 * (first.letters + first.around)):
        return first
    # As good as another: only the old offset can tell, and only if it tells clearly.
    is_nearest = first.distance <= NEAR and all(
        other.distance > 4 * first.distance + 16 for other in ranked[1:] if other.score > first.score - 3.0
    )
    return first if is_nearest else None


class _Search:
    """One search in one text."""

    def __init__(self, words: TextAnchor, text: str, is_same_page: bool) -> None:
        self._words, self._text, self._is_same_page = words, text, is_same_page
        self._folded = fold(text)
        self._wanted, before, self._after = _folded_words(words.exact, words.prefix, words.suffix)
        self._before = before[::-1]

    def found(self) -> tuple[Candidate, ...]:
        """All places worth a look, the best first."""
        if not self._wanted:
            spans = [(start, start + len(self._words.exact)) for start in _all(self._words.exact, self._text)]
            places = [self._candidate(start, end, 0, *self._letters_of(start, end)) for start, end in spans]
        else:
            places = [self._of_letters(*span) for span in self._spans()]
        return tuple(sorted(places, key=lambda place: (-place.score, place.distance)))

    def _spans(self) -> list[tuple[int, int, int]]:
        """(start, end, edits) in letters: where the words stand unchanged, else where they nearly do."""
        wanted, text = self._wanted, self._folded.text
        exact = [(start, start + len(wanted), 0) for start in _all(wanted, text)]
        if len(exact) > _MOST_LOOKED_AT:
            exact = sorted(exact, key=self._rank)[:_MOST_LOOKED_AT]
        if exact or len(wanted) < _LEAST_FOR_EDITS:
            return exact
        near = _nearly(wanted, text, int(len(wanted) * _EDITS_PER_LETTER))[:_MOST_LOOKED_AT]
        return [self._between(*span) for span in near]

    def _between(self, start: int, end: int, edits: int) -> tuple[int, int, int]:
        """The same place with its ends where what stood around the words ends, if that is close by."""
        text, slack = self._folded.text, edits + _HOLD
        before, after = self._before[:_MARGIN][::-1], self._after[:_MARGIN]
        left = text.rfind(before, max(0, start - slack - len(before)), start + slack) if before else -1
        right = text.find(after, max(0, end - slack), end + slack + len(after)) if after else -1
        first = left + len(before) if left >= 0 else start
        last = right if right >= 0 else end
        return (first, last, edits) if first < last else (start, end, edits)

    def _rank(self, span: tuple[int, int, int]) -> tuple[int, int]:
        """The places to look at first: where most agrees at once, then the nearest."""
        start, end, _ = span
        text = self._folded.text
        same = _common(self._before, text[max(0, start - len(self._before)) : start][::-1])
        same += _common(self._after, text[end : end + len(self._after)])
        return -same, abs(self._folded.offsets[start] - self._words.start)

    def _of_letters(self, start: int, end: int, edits: int) -> Candidate:
        offsets = self._folded.offsets
        first, last = self._snapped(offsets[start], offsets[end - 1] + 1)
        return self._candidate(first, last, edits, start, end)

    def _candidate(self, start: int, end: int, edits: int, first: int, last: int) -> Candidate:
        text = self._folded.text
        before = text[max(0, first - 2 * len(self._before)) : first][::-1]
        after = text[last : last + 2 * len(self._after)]
        agrees = _agreement(self._before, before) + _agreement(self._after, after)
        is_verbatim = self._text[start:end] == self._words.exact
        distance = abs(start - self._words.start) if self._is_same_page else 10 * NEAR + start
        around = len(self._before) + len(self._after)
        is_held = before.startswith(self._before[:_HOLD]) and after.startswith(self._after[:_HOLD])
        return Candidate(start, end, edits, len(self._wanted), agrees, around, is_held, is_verbatim, distance)

    def _letters_of(self, start: int, end: int) -> tuple[int, int]:
        offsets = self._folded.offsets
        return sum(offset < start for offset in offsets), sum(offset < end for offset in offsets)

    def _snapped(self, start: int, end: int) -> tuple[int, int]:
        """Signs at the ends belong to words that were marked whole."""
        words, text = self._words, self._text
        if text[start : start + len(words.exact)] == words.exact:
            return start, start + len(words.exact)
        if text[max(0, end - len(words.exact)) : end] == words.exact:
            return end - len(words.exact), end
        if not words.prefix or words.prefix[-1].isspace():
            while start > 0 and not text[start - 1].isspace():
                start -= 1
        if not words.suffix or words.suffix[0].isspace():
            while end < len(text) and not text[end].isspace():
                end += 1
        elif end < len(text) and words.exact[-1] in "-\u2010" and text[end] in "-\u2010":
            end += 1
        return start, end


def _all(wanted: str, text: str) -> list[int]:
    """Every place where `wanted` stands, overlaps included."""
    found: list[int] = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _common(first: str, second: str) -> int:
    """How many letters two texts have in common from their starts on."""
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count


def _agreement(wanted: str, text: str) -> int:
    """How many letters of `wanted` a text that begins at the same place agrees with, small edits allowed."""
    if text.startswith(wanted):
        return len(wanted)
    row = list(range(len(text) + 1))
    for number, letter in enumerate(wanted, 1):
        diagonal, row[0] = row[0], number
        for at, other in enumerate(text, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (letter != other))
    return max(0, len(wanted) - min(row))


def _nearly(wanted: str, text: str, most: int) -> list[tuple[int, int, int]]:
    """Where a text nearly says what is wanted: (start, end, edits), the fewest edits first."""
    if most < 1:
        return []
    found: list[tuple[int, int, int]] = []
    for left, right in _windows(wanted, text, most):
        part = text[left:right]
        for end, edits in _valleys(_myers(wanted, part, most)):
            start = _start_of(wanted, part, end, edits)
            found.append((left + start, left + end, edits))
    kept: list[tuple[int, int, int]] = []
    for span in sorted(set(found), key=lambda each: each[2]):
        if all(span[1] <= other[0] or span[0] >= other[1] for other in kept):
            kept.append(span)
    return kept


def _windows(wanted: str, text: str, most: int) -> list[tuple[int, int]]:
    """Parts of a text to look through: with at most so many edits one of the pieces is unchanged."""
    pieces = most + 1
    size = len(wanted) / pieces
    spans: list[tuple[int, int]] = []
    for number in range(pieces):
        offset = round(number * size)
        for at in _all(wanted[offset : round((number + 1) * size)], text):
            spans.append((max(0, at - offset - most), min(len(text), at - offset + len(wanted) + most)))
    merged: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _myers(wanted: str, text: str, most: int) -> Iterator[tuple[int, int]]:
    """Every place where something ends that is at most so many edits away: (end, edits)."""
    masks: dict[str, int] = {}
    for at, letter in enumerate(wanted):
        masks[letter] = masks.get(letter, 0) | 1 << at
    last, every = 1 << (len(wanted) - 1), (1 << len(wanted)) - 1
    plus, minus, edits = every, 0, len(wanted)
    for end, letter in enumerate(text, 1):
        equal = masks.get(letter, 0)
        down = equal | minus
        across = (((equal & plus) + plus) ^ plus) | equal
        right_plus = minus | (every & ~(across | plus))
        right_minus = plus & across
        if right_plus & last:
            edits += 1
        elif right_minus & last:
            edits -= 1
        right_plus, right_minus = (right_plus << 1) & every, (right_minus << 1) & every
        plus = right_minus | (every & ~(down | right_plus))
        minus = right_plus & down
        if edits <= most:
            yield end, edits


def _valleys(ends: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of each run of ends the one with the fewest edits, the last of equals."""
    found: list[tuple[int, int]] = []
    previous = -2
    for end, edits in ends:
        if end != previous + 1:
            found.append((end, edits))
        elif edits <= found[-1][1]:
            found[-1] = (end, edits)
        previous = end
    return found


def _start_of(wanted: str, text: str, end: int, edits: int) -> int:
    """Where the words begin that end there: as long as what is wanted, as nearly as may be."""
    behind = text[max(0, end - len(wanted) - edits) : end][::-1]
    lengths: Sequence[int] = [
        length for length, count in _myers(wanted[::-1], behind, edits) if count == edits
    ] or [len(behind)]
    return end - min(lengths, key=lambda length: abs(length - len(wanted)))
