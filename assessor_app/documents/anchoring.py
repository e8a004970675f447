"""Where a mark stands: from selected words or a drawn box to an `Anchor`, and back to boxes on a page.

A place is told three ways: by geometry, by the words with what stands around them, and by their
offsets. Geometry counts only while the bytes are the same; otherwise the words are looked for near
their old offsets, then anywhere. What is found nowhere is said to be so, never guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from assessor_app.documents import word_search
from assessor_app.documents.pages import PageSize, PageText
from assessor_app.documents.text_layer import Point, quads_for_range
from assessor_app.domain.annotations import Anchor, Rect, SourceKind, TextAnchor, mark_scale

CONTEXT_LENGTH = 32
"""Code points kept before and after the words of an anchor."""
_KEPT_OF_A_PAGE = 3
_STEP = 60_000
"""Code points; three steps of a very long text are looked through."""
PLAIN_LAYER = "plain;lf;nfc"
"""How the text of a written response or a text file is made: line feeds for line ends, Unicode NFC."""


class Found(StrEnum):
    """How an anchor was found again."""

    GEOMETRY = "geometry"
    NEAR = "near"
    ELSEWHERE = "elsewhere"
    SIMILAR = "similar"
    """The words themselves were edited a little."""


@dataclass(frozen=True, slots=True)
class PagePoint:
    """A place on a page."""

    page: int
    """Page index from 0."""
    x: float
    """Points from the left edge; outside of 0..width beside the page."""
    y: float
    """Points from the top edge; outside of 0..height above or below the page."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an anchor stands in the file at hand."""

    page: int
    """Page index from 0."""
    rects: tuple[Rect, ...]
    """Boxes in page points, in reading order."""
    found: Found
    """By which of its three tellings it was found."""


@dataclass(frozen=True, slots=True)
class Target:
    """The file, page and size that an anchor is made on."""

    source_kind: SourceKind
    source_id: str
    """Artifact id or response id."""
    sha256: str
    """Digest of the bytes that are shown."""
    page: int
    """Page index from 0."""
    size: PageSize
    media_type: str = ""
    """Of the bytes that are shown, as far as known."""

    @property
    def mark_scale(self) -> float:
        """How much larger than on a page of A4 the letters, lines and signs of marks are here."""
        return mark_scale(self.size.width_pt, self.size.height_pt)


def plain_text(text: str) -> str:
    """The text that offsets of `PLAIN_LAYER` count in."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_anchor(text: str, start: int, end: int, layer: str) -> TextAnchor:
    """The words from `start` up to `end` with what stands around them.

    Args:
        text: the whole text layer of the page.
        start: first code point.
        end: one past the last code point.
        layer: the name of the text layer.

    Raises:
        ValueError: an empty range, or one that reaches outside of the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no words from {start} to {end} in {len(text)} code points")
    return TextAnchor(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
        start=start,
        end=end,
        layer=layer,
    )


def anchor_words(target: Target, page_text: PageText, start: int, end: int) -> Anchor:
    """The anchor of selected words: their boxes, one for each line, and the words themselves.

    Raises:
        ValueError: an empty range, or one that reaches outside of the page's text.
    """
    words = text_anchor(page_text.text, start, end, page_text.layer)
    boxes = quads_for_range(page_text, start, end)
    return _anchor(target, tuple(_rounded(Rect(*box)) for box in boxes), words)


def anchor_box(target: Target, corner_a: Point, corner_b: Point) -> Anchor:
    """The anchor of a drawn box, from any two opposite corners; cut at the page's edges."""
    width, height = target.size.width_pt, target.size.height_pt
    xs = sorted(min(max(x, 0.0), width) for x in (corner_a[0], corner_b[0]))
    ys = sorted(min(max(y, 0.0), height) for y in (corner_a[1], corner_b[1]))
    return _anchor(target, (_rounded(Rect(xs[0], ys[0], xs[1], ys[1])),), None)


def anchor_plain(
    source_kind: SourceKind, source_id: str, sha256: str, text: str, start: int, end: int
) -> Anchor:
    """The anchor of words in a written response or a text file, which have no pages.

    Args:
        source_kind: what kind of thing is annotated.
        source_id: artifact id or response id.
        sha256: digest of what is shown.
        text: the text as `plain_text` made it.
        start: first code point.
        end: one past the last code point.

    Raises:
        ValueError: an empty range, or one that reaches outside of the text.
    """
    words = text_anchor(text, start, end, PLAIN_LAYER)
    return Anchor(source_kind, source_id, sha256, 0, 0.0, 0.0, text=words, media_type="text/plain")


def place_anchor(anchor: Anchor, sha256: str, page_text: PageText | None) -> Placement | None:
    """Where an anchor stands on the page it names, or on another one if that one's text is given.

    Args:
        anchor: the place as it was told when the mark was made.
        sha256: digest of the bytes that are shown now.
        page_text: the text of a page; None when it has none or it is not known yet.

    Returns:
        None when the place is not found: the mark stays listed, with that said.
    """
    if anchor.source_sha256 == sha256 and (anchor.rects or anchor.path):
        return Placement(anchor.page, anchor.rects, Found.GEOMETRY)
    return place_anywhere(anchor, sha256, () if page_text is None else (page_text,))


def nearest_first(page: int, page_count: int) -> list[int]:
    """All pages, the one of an anchor first, then its neighbours."""
    return sorted(range(page_count), key=lambda other: (abs(other - page), other))


def place_anywhere(anchor: Anchor, sha256: str, pages: Iterable[PageText]) -> Placement | None:
    """Where an anchor stands in a document whose pages come in the order to look at them.

    Pages are taken one by one and no more than needed, so that they may be read while looking: the words
    unchanged between what always stood around them end the search; anything less is weighed against what
    the other pages say.
    """
    if anchor.source_sha256 == sha256 and (anchor.rects or anchor.path):
        return Placement(anchor.page, anchor.rects, Found.GEOMETRY)
    hunt = Hunt(anchor)
    if hunt.is_hopeless:
        return None
    for page_text in pages:
        hunt.look_at(page_text)
        if hunt.is_certain:
            break
    return hunt.placement()


class Hunt:
    """The search for one anchor's words in a document that has changed, page by page in any order."""

    def __init__(self, anchor: Anchor) -> None:
        """Look for nothing yet."""
        self.anchor = anchor
        self.is_certain = False
        """Whether the words stand unchanged between what always stood around them: look no further."""
        self._found: list[tuple[word_search.Candidate, PageText]] = []

    @property
    def is_hopeless(self) -> bool:
        """Whether there are no words to look for."""
        return self.anchor.text is None

    def look_at(self, page_text: PageText) -> None:
        """Take one more page into account."""
        words = self.anchor.text
        if words is None or self.is_certain:
            return
        is_same_page = page_text.page == self.anchor.page
        here = word_search.candidates(words, page_text.text, is_same_page=is_same_page)[:_KEPT_OF_A_PAGE]
        if any(place.is_certain for place in here):
            self.is_certain, self._found = True, []
        self._found += [(place, page_text) for place in here]

    def placement(self) -> Placement | None:
        """The place as far as was looked; None when there is none, or none that is better than another."""
        best = word_search.best([place for place, _ in self._found])
        if best is None:
            return None
        page_text = next(text for place, text in self._found if place is best)
        rects = tuple(_rounded(Rect(*box)) for box in quads_for_range(page_text, best.start, best.end))
        return Placement(page_text.page, rects, _how(best, is_same_page=page_text.page == self.anchor.page))


def find_words(words: TextAnchor, text: str) -> tuple[int, int] | None:
    """The words of an anchor in a text, as (start, end) in code points; None when they are not found.

    Small edits, other white space and other hyphenation are allowed for; see `word_search`. In a very long
    text only the surroundings of the old offsets are looked through, because a window waits for the answer.
    """
    start, end = words.start, words.end
    if (
        text[start:end] == words.exact
        and text[max(0, start - len(words.prefix)) : start] == words.prefix
        and text.startswith(words.suffix, end)
    ):
        return start, end
    # Steps, so that the marks of one passage share what was folded for it.
    first = max(0, words.start // _STEP * _STEP - _STEP) if len(text) > 3 * _STEP else 0
    near = replace(words, start=words.start - first, end=words.end - first)
    part = text[first : first + 3 * _STEP] if first or len(text) > 3 * _STEP else text
    best = word_search.best(word_search.candidates(near, part))
    return None if best is None else (best.start + first, best.end + first)


def _how(place: word_search.Candidate, *, is_same_page: bool) -> Found:
    """By which telling a place was found."""
    if place.edits:
        return Found.SIMILAR
    return Found.NEAR if is_same_page and place.distance <= word_search.NEAR else Found.ELSEWHERE


def _anchor(target: Target, rects: tuple[Rect, ...], words: TextAnchor | None) -> Anchor:
    """An anchor on a page of the target."""
    return Anchor(
        source_kind=target.source_kind,
        source_id=target.source_id,
        source_sha256=target.sha256,
        page=target.page,
        page_width_pt=target.size.width_pt,
        page_height_pt=target.size.height_pt,
        rects=rects,
        text=words,
        media_type=target.media_type,
    )


def _rounded(rect: Rect) -> Rect:
    """Hundredths of a point: finer than any screen, and short on the wire."""
    return Rect(round(rect.x0, 2), round(rect.y0, 2), round(rect.x1, 2), round(rect.y1, 2))
