"""A PDF's outline and links, in the child. What may be followed is a list: places in the file, the web.

Every other action - scripts, programs, forms, other files - is told as a link that leads nowhere, with its
words. MuPDF gives a launched program as if it were a place in another file, so only its own kind of address
counts as a place.
"""

from __future__ import annotations

import math
from typing import Any

import pymupdf
from pymupdf import mupdf

from assessor_app.documents.worker_refusal import Refusal

MAX_ENTRIES = 3_000
"""Most lines of an outline."""
MAX_DEPTH = 12
"""Deepest level of an outline, from 0."""
MAX_TITLE_CHARS = 300
"""Most code points of a line of the outline."""
MAX_LINKS = 300
"""Most links of a page."""
MAX_ADDRESS_CHARS = 2_048
"""Most code points of an address."""


def outline(document: pymupdf.Document) -> dict[str, object]:
    """The outline in reading order: [depth, title, page or -1, height on that page] for each line."""
    entries: list[list[object]] = []
    # An own stack: an outline may be as deep as its author likes.
    waiting: list[tuple[int, Any]] = [(0, document.outline)]
    while waiting and len(entries) < MAX_ENTRIES:
        depth, item = waiting.pop()
        if item is None or not item.this.m_internal:
            continue
        page = -1 if item.is_external else int(item.page)
        title = str(item.title or "").encode("utf-8", "replace").decode("utf-8")
        entries.append([min(depth, MAX_DEPTH), title[:MAX_TITLE_CHARS], page, _finite(item.y)])
        waiting.append((depth, item.next))
        waiting.append((depth + 1, item.down))
    return {"outline": entries}


def links(document: pymupdf.Document, page: int) -> dict[str, object]:
    """The links of a page: [x0, y0, x1, y1, kind, page, height, address], kind "page", "web" or "other".

    Raises:
        Refusal: there is no such page.
    """
    if not 0 <= page < document.page_count:
        raise Refusal("page_missing")
    found: list[list[object]] = []
    link = mupdf.fz_load_links(document.load_page(page).this)
    while link.m_internal and len(found) < MAX_LINKS:
        rect, address = link.rect(), str(link.uri() or "")
        edges = [_finite(edge) for edge in (rect.x0, rect.y0, rect.x1, rect.y1)]
        found.append([*edges, *_target(document, address)])
        link = link.next()
    return {"links": found}


def _target(document: pymupdf.Document, address: str) -> list[object]:
    """Where an address leads, as [kind, page, height, address]."""
    shown = address.encode("utf-8", "replace").decode("utf-8")[:MAX_ADDRESS_CHARS]
    if address.startswith("#"):
        place, _x, y = mupdf.fz_resolve_link(document.this, address)
        if 0 <= place.page < document.page_count and place.chapter == 0:
            return ["page", place.page, _finite(y), ""]
        return ["other", -1, 0.0, ""]
    if address.lower().startswith(("http://", "https://")) and len(address) <= MAX_ADDRESS_CHARS:
        return ["web", -1, 0.0, shown]
    return ["other", -1, 0.0, shown]


def _finite(number: float) -> float:
    """A number that JSON can carry; 0 for what is none."""
    return round(float(number), 3) if math.isfinite(number) else 0.0
