"""Covers places that may name a person, in the child: nothing leaves it before it was looked at.

Runs only in the child. What is lifted comes with each request: a child that forgot everything covers all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from assessor_app.documents.patches import PATCHES_MAX, Rect, cell_patch_id, cover_text, patch_id
from assessor_app.documents.text_layer import clean_text
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.domain.cases import FindingKind
from assessor_app.privacy import identity_scan
from assessor_app.privacy.identity_scan import COVER, Group, PlaceKind

PATCH_BGRX = bytes((222, 216, 211, 255))
"""A patch's colour: a neutral grey that is no ink and no paper."""
_PAD_X_PT, _PAD_Y_PT = 1.5, 0.2
_PAGES_KEPT = 24
_PLACES_MAX = 2_000
_FORMULA = 4
"""Index of the formula in a cell."""
_TOLD_TEXTS: Mapping[str, tuple[object, ...]] = {"remarks": ("text", "quote"), "outline": (1,), "links": (7,)}
"""Texts that a document tells beside its pages, by verb and list: the fields of each entry."""


class HasPages(Protocol):
    """What is used of an open document."""

    def words(self, page: int) -> list[list[object]]:
        """Words as [x0, y0, x1, y1, text, block, line]."""

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""

    def is_picture(self, page: int) -> bool:
        """Whether a page is one large picture, such as a scan."""


class _Word(NamedTuple):
    """The beginning of a word as a document gives it; as light as can be, for there are thousands."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str


@dataclass(frozen=True, slots=True)
class Cover:
    """One place of a page."""

    kind: PlaceKind
    id: str
    rect: Rect
    words: tuple[int, ...]
    """Indices in the page's words."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A page that was looked at."""

    words: list[list[object]]
    """As the document gives them, nothing covered."""
    covers: tuple[Cover, ...]

    def shown_words(self, lifted: Collection[str]) -> list[list[object]]:
        """The words with covered ones as blocks of the same length."""
        hidden = {index for cover in self.covers if cover.id not in lifted for index in cover.words}
        if not hidden:
            return self.words
        return [
            [*word[:4], COVER * len(clean_text(str(word[4]))), *word[5:]] if index in hidden else word
            for index, word in enumerate(self.words)
        ]

    def paint(
        self, pixels: bytearray, clip: tuple[int, int, int, int], scale: float, lifted: Collection[str]
    ) -> None:
        """Cover the places in a drawing of the page.

        Args:
            pixels: blue, green, red, 255 for each pixel of the clip, rows from the top.
            clip: left, top, right, bottom in pixels at `scale`.
            scale: pixels for each point.
            lifted: ids of those that are looked at.
        """
        left, top, right, bottom = clip
        for cover in self.covers:
            x0, y0, x1, y1 = (edge * scale for edge in cover.rect)
            first, last = max(left, int(x0)), min(right, int(x1) + 1)
            if cover.id in lifted or first >= last:
                continue
            row = PATCH_BGRX * (last - first)
            for y in range(max(top, int(y0)), min(bottom, int(y1) + 1)):
                at = ((y - top) * (right - left) + first - left) * len(PATCH_BGRX)
                pixels[at : at + len(row)] = row

    def told(self, lifted: Collection[str]) -> list[list[object]]:
        """The patches, for the parent."""
        return [[*cover.rect, cover.id in lifted] for cover in self.covers[:PATCHES_MAX]]


class HasFindings(HasPages, Protocol):
    """What is used of an open document to look through all of it."""

    def describe(self) -> dict[str, object]:
        """Its pages' sizes."""

    def properties(self) -> list[FindingKind]:
        """Where in its own properties something may name a person."""

    def tell(self, verb: str, request: dict[str, object]) -> dict[str, object]:
        """Its sheets, where it has such."""


class Guard:
    """Looks at pages once, and remembers the latest."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, int], LookedAt] = OrderedDict()

    def page(self, key: str, document: HasPages, page: int) -> LookedAt:
        """A page's words and the places to cover on it.

        Raises:
            Refusal: there is no such page.
        """
        known = self._pages.get((key, page))
        if known is None:
            known = self._pages[(key, page)] = _look_at(document, page)
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end((key, page))
        return known

    def forget(self, key: str) -> None:
        """Let go of a document's pages."""
        for one in [one for one in self._pages if one[0] == key]:
            del self._pages[one]


def cover_cells(cells: list[list[object]], sheet: int, lifted: Collection[str]) -> list[list[object]]:
    """A sheet's cells with those covered that may name a person: behind a label in the same row or cell.

    Args:
        cells: [row, column, text, ...] each; changed in place where the text is covered.
        sheet: index from 0.
        lifted: ids of the cells that are looked at.

    Returns:
        The covered places as [row, column, is lifted].
    """
    told: list[list[object]] = []
    for cell, places in identity_scan.scan_cells(_rows(cells)):
        row, column = int(str(cell[0])), int(str(cell[1]))
        is_lifted = cell_patch_id(sheet, row, column) in lifted
        told.append([row, column, is_lifted])
        if not is_lifted:
            cell[2] = identity_scan.covered(str(cell[2]), places)
            # A formula would spell it out.
            if len(cell) > _FORMULA:
                cell[_FORMULA] = ""
    return told[:PATCHES_MAX]


def cover_told(
    verb: str, request: dict[str, object], answer: dict[str, object], lifted: Collection[str]
) -> dict[str, object]:
    """What a document told beside its pages, with what may name a person covered: cells, remarks, outline."""
    if verb == "sheet" and isinstance(answer.get("cells"), list):
        cells: list[list[object]] = answer["cells"]  # type: ignore[assignment]
        return {**answer, "patches": cover_cells(cells, int(str(request["sheet"])), lifted)}
    entries = answer.get(verb)
    for entry in entries if isinstance(entries, list) else []:
        for field in _TOLD_TEXTS.get(verb, ()):
            entry[field] = cover_text(str(entry[field]), (), has_title=False)[0]
    return answer


def findings(document: HasFindings, guard: Guard, key: str, first: int, most: int) -> dict[str, object]:
    """What some pages of a document say of people, and with the first ones what its properties do.

    Args:
        document: the open document.
        guard: what looks at its pages.
        key: the document's, for the guard.
        first: index of the first page.
        most: how many pages.
    """
    sizes = document.describe()["sizes"]
    pages = len(sizes) if isinstance(sizes, list) else 0
    places: list[list[object]] = []
    if pages == 0 and first == 0:
        places = _found_in_sheets(document, most)
    for page in range(first, min(pages, first + most)):
        try:
            looked_at = guard.page(key, document, page)
        except Refusal:  # a page that cannot be drawn shows nobody
            continue
        words = [clean_text(str(word[4])) for word in looked_at.words]
        places += [
            [cover.kind.value, page, " ".join(words[index] for index in cover.words)]
            for cover in looked_at.covers
        ]
    properties = [kind.value for kind in document.properties()] if first == 0 else []
    return {"places": places[:_PLACES_MAX], "properties": properties, "pages": pages}


def _found_in_sheets(document: HasFindings, most: int) -> list[list[object]]:
    """What was found in the cells of a workbook."""
    sheets = document.tell("sheets", {})["sheets"]
    places: list[list[object]] = []
    for index in range(min(len(sheets) if isinstance(sheets, list) else 0, most)):
        try:
            told = document.tell("sheet", {"sheet": index})
        except Refusal:  # a sheet that cannot be read shows nobody
            continue
        cells: list[list[object]] = told["cells"]  # type: ignore[assignment]
        for cell, found in identity_scan.scan_cells(_rows(cells)):
            text = str(cell[2])
            places += [[place.kind.value, 0, clean_text(text[place.start : place.end])] for place in found]
    return places


def lifted_of(request: dict[str, object]) -> frozenset[str]:
    """The ids of patches that are lifted, as a request names them."""
    lifted = request.get("lifted")
    return frozenset(str(one) for one in lifted) if isinstance(lifted, list) else frozenset()


def found_in_text(text: str) -> list[list[object]]:
    """What was found in a text, as `found_on` tells it."""
    return [
        [place.kind.value, 0, clean_text(text[place.start : place.end])]
        for place in identity_scan.scan_text(text)
    ]


def _rows(cells: list[list[object]]) -> list[list[list[object]]]:
    rows: OrderedDict[int, list[list[object]]] = OrderedDict()
    for cell in sorted(cells, key=lambda cell: (int(str(cell[0])), int(str(cell[1])))):
        rows.setdefault(int(str(cell[0])), []).append(cell)
    return list(rows.values())


def _look_at(document: HasPages, page: int) -> LookedAt:
    try:
        raw = document.words(page)
        words = [_Word(*one[:5]) for one in raw]  # type: ignore[arg-type]
    except (Refusal, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - where a parser finds no words, there are none to cover; the page may be drawn
        return LookedAt([], ())
    # Outside: where looking itself fails the page is not drawn, rather than drawn uncovered.
    groups: Sequence[Group] = ()
    if words:
        size = document.page_size(page)
        groups = identity_scan.scan_page(words, page, size, is_picture=partial(document.is_picture, page))
    covers = []
    for group in groups:
        boxes = [words[index] for index in group.words]
        rect = (
            round(min(box.x0 for box in boxes) - _PAD_X_PT, 1),
            round(min(box.y0 for box in boxes) - _PAD_Y_PT, 1),
            round(max(box.x1 for box in boxes) + _PAD_X_PT, 1),
            round(max(box.y1 for box in boxes) + _PAD_Y_PT, 1),
        )
        covers.append(Cover(group.kind, patch_id(page, rect), rect, group.words))
    return LookedAt(raw, tuple(covers))
