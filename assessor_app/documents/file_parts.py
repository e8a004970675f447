"""Parts of a file beside its pages: outline and links. Checked, never trusted.

Each function blocks and is for lane threads. A file whose links or outline cannot be read in time has none:
the pages are what counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from assessor_app.documents.answers import AnswerRefused, checked_number
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.text_layer import clean_text

T = TypeVar("T")
OUTLINE_S, LINKS_S = 2.0, 1.0
"""Seconds that each may take; then the child is replaced, so they are short."""
_COORDINATE_MAX_PT = 1e6
_MAX_ENTRIES, _MAX_DEPTH, _MAX_LINKS, _MAX_BOXES = 3_000, 12, 300, 60
_MAX_TITLE_CHARS, _MAX_ADDRESS_CHARS = 300, 2_048


class LinkKind(StrEnum):
    """Where a link leads."""

    PAGE = "page"
    WEB = "web"
    OTHER = "other"
    """Something that is not followed: a program, a script, a form, another file."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of a document's outline."""

    depth: int
    """0 for the outermost."""
    title: str
    """A stranger's words, cleaned."""
    page: int | None
    """Page index from 0; None where it leads nowhere in the document."""
    y: float = 0.0
    """Height on the page, in points from the top."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place on a page that leads elsewhere."""

    rect: tuple[float, float, float, float]
    """Left, top, right, bottom in page points."""
    kind: LinkKind
    page: int | None = None
    """Page index from 0, for `LinkKind.PAGE`."""
    y: float = 0.0
    """Height on that page, in points from the top."""
    untrusted_address: str = ""
    """What the file says, to be shown as text; opened by `ui.external_links` alone."""


class Asks(Protocol):
    """What is used of the renderer."""

    def fetch(
        self,
        source: EvidenceSource,
        request: dict[str, object],
        check: Callable[[dict[str, object], Limits], T],
        *,
        wait_s: float | None = None,
    ) -> T:
        """Ask for something about a file, and check the answer."""
        ...


def outline_of(renderer: Asks, source: EvidenceSource) -> tuple[OutlineEntry, ...]:
    """A document's outline; empty when it has none.

    Raises:
        RefusedWithCard: it cannot be had.
    """
    return renderer.fetch(source, {"do": "outline"}, checked_outline, wait_s=OUTLINE_S)


def links_of(renderer: Asks, source: EvidenceSource, page: int) -> tuple[PageLink, ...]:
    """The links of a page, in the file's order.

    Raises:
        RefusedWithCard: they cannot be had.
    """
    return renderer.fetch(source, {"do": "links", "page": page}, checked_links, wait_s=LINKS_S)


def checked_outline(untrusted: dict[str, object], limits: Limits) -> tuple[OutlineEntry, ...]:
    """The outline as a child tells it.

    Raises:
        AnswerRefused: too long, or a field of the wrong type or out of bounds.
    """
    entries: list[OutlineEntry] = []
    for row in _rows(untrusted.get("outline"), _MAX_ENTRIES, 4):
        depth, title, page, y = row
        if type(depth) is not int or not 0 <= depth <= _MAX_DEPTH:
            raise AnswerRefused("depth")
        words = clean_text(_text(title, _MAX_TITLE_CHARS))
        # A line can stand one step deeper than the one before it, never more.
        depth = min(depth, entries[-1].depth + 1 if entries else 0)
        entries.append(OutlineEntry(depth, words, _page(page, limits), _coordinate(y)))
    return tuple(entries)


def checked_links(untrusted: dict[str, object], limits: Limits) -> tuple[PageLink, ...]:
    """The links of a page as a child tells them.

    Raises:
        AnswerRefused: too many, or a field of the wrong type or out of bounds.
    """
    links: list[PageLink] = []
    for row in _rows(untrusted.get("links"), _MAX_LINKS, 8):
        kind = _member(LinkKind, row[4])
        page = _page(row[5], limits)
        if (kind is LinkKind.PAGE) != (page is not None):
            raise AnswerRefused("link")
        address = _text(row[7], _MAX_ADDRESS_CHARS)
        links.append(PageLink(_box(row[:4]), kind, page, _coordinate(row[6]), address))
    return tuple(links)


def checked_boxes(untrusted: object) -> tuple[tuple[float, float, float, float], ...]:
    """Boxes on a page, in page points.

    Raises:
        AnswerRefused: too many, or no boxes.
    """
    return tuple(_box(box) for box in _rows(untrusted, _MAX_BOXES, 4))


E = TypeVar("E", bound=StrEnum)


def _member(kinds: type[E], untrusted: object) -> E:
    """One of the words of an enumeration."""
    if not isinstance(untrusted, str) or untrusted not in {kind.value for kind in kinds}:
        raise AnswerRefused("kind")
    return kinds(untrusted)


def _rows(untrusted: object, most: int, fields: int) -> list[list[object]]:
    """A list of lists of the same length."""
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise AnswerRefused("rows")
    if not all(isinstance(row, list) and len(row) == fields for row in untrusted):
        raise AnswerRefused("row")
    return untrusted


def _page(untrusted: object, limits: Limits) -> int | None:
    """A page index; -1 stands for none."""
    if type(untrusted) is not int or not -1 <= untrusted < limits.max_pages:
        raise AnswerRefused("page")
    return None if untrusted < 0 else untrusted


def _text(untrusted: object, most: int) -> str:
    """A string of bounded length."""
    if not isinstance(untrusted, str) or len(untrusted) > most:
        raise AnswerRefused("text")
    return untrusted


def _coordinate(untrusted: object) -> float:
    """A place in page points."""
    return checked_number(untrusted, -_COORDINATE_MAX_PT, _COORDINATE_MAX_PT)


def _box(untrusted: list[object]) -> tuple[float, float, float, float]:
    """Four edges, put in order."""
    x0, y0, x1, y1 = (_coordinate(edge) for edge in untrusted)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
