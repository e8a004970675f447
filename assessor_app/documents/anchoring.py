"""Where a mark stands: from selected words or a drawn box to an `Anchor`, and back to boxes on a page.

A place is told three ways: by geometry, by the words with what stands around them, and by their
offsets. Geometry counts only while the bytes are the same; otherwise the words are looked for near
their old offsets, then anywhere. What is found nowhere is said to be so, never guessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.documents.pages import PageSize, PageText
from assessor_app.documents.text_layer import Point, quads_for_range
from assessor_app.domain.annotations import Anchor, Rect, SourceKind, TextAnchor

CONTEXT_LENGTH = 32
"""Code points kept before and after the words of an anchor."""
NEAR = 400
"""Code points around the old offset that count as "near"."""
PLAIN_LAYER = "plain;lf;nfc"
"""How the text of a written response or a text file is made: line feeds for line ends, Unicode NFC."""


class Found(StrEnum):
    """How an anchor was found again."""

    GEOMETRY = "geometry"
    NEAR = "near"
    ELSEWHERE = "elsewhere"


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
    if anchor.text is None or page_text is None:
        return None
    span = find_words(anchor.text, page_text.text)
    if span is None:
        return None
    rects = tuple(_rounded(Rect(*box)) for box in quads_for_range(page_text, *span))
    is_near = page_text.page == anchor.page and abs(span[0] - anchor.text.start) <= NEAR
    return Placement(page_text.page, rects, Found.NEAR if is_near else Found.ELSEWHERE)


def nearest_first(page: int, page_count: int) -> list[int]:
    """All pages, the one of an anchor first, then its neighbours."""
    return sorted(range(page_count), key=lambda other: (abs(other - page), other))


def place_anywhere(anchor: Anchor, sha256: str, pages: Iterable[PageText]) -> Placement | None:
    """Where an anchor stands in a document whose pages come in the order to look at them.

    Pages are taken one by one and no more than needed, so that they may be read while looking.
    """
    placement = place_anchor(anchor, sha256, None)
    if placement is not None:
        return placement
    for page_text in pages:
        placement = place_anchor(anchor, sha256, page_text)
        if placement is not None:
            return placement
    return None


def find_words(words: TextAnchor, text: str) -> tuple[int, int] | None:
    """The words of an anchor in a text, as (start, end) in code points.

    The place whose surroundings agree best wins, and of equals the one nearest to the old offsets.
    Words of another text layer are compared with white space collapsed.
    """
    candidates = _occurrences(words.exact, text)
    if candidates:
        return max(candidates, key=lambda span: (_agreement(words, text, span), -abs(span[0] - words.start)))
    return _find_collapsed(words, text)


def _occurrences(exact: str, text: str) -> Sequence[tuple[int, int]]:
    """Every place where `exact` stands, overlaps included."""
    spans: list[tuple[int, int]] = []
    at = text.find(exact) if exact else -1
    while at >= 0:
        spans.append((at, at + len(exact)))
        at = text.find(exact, at + 1)
    return spans


def _agreement(words: TextAnchor, text: str, span: tuple[int, int]) -> int:
    """How many code points around a place agree with the anchor's surroundings."""
    before, after = text[: span[0]], text[span[1] :]
    left = _common(reversed(words.prefix), reversed(before[-CONTEXT_LENGTH:]))
    return left + _common(words.suffix, after[:CONTEXT_LENGTH])


def _common(first: Iterable[str], second: Iterable[str]) -> int:
    """How many code points two texts have in common from their starts on."""
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count


def _find_collapsed(words: TextAnchor, text: str) -> tuple[int, int] | None:
    """The words where only white space differs, as between two text layers."""
    wanted = " ".join(words.exact.split())
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        piece = " " if character.isspace() else character
        if piece == " " and (not pieces or pieces[-1] == " "):
            continue
        pieces.append(piece)
        offsets.append(offset)
    collapsed = "".join(pieces)
    spans = _occurrences(wanted, collapsed)
    if not spans:
        return None
    start, end = max(
        spans, key=lambda span: (_agreement(words, collapsed, span), -abs(span[0] - words.start))
    )
    return offsets[start], offsets[end - 1] + 1


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
