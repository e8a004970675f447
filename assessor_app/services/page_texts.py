"""The words of evidence: taken out of a file once, kept encrypted, read back the next time.

Where there is no store - a file that is looked at outside of a profile - nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from assessor_app.cache import text_pages
from assessor_app.cache.engine import Store
from assessor_app.documents.pages import TEXT_LAYER, EvidenceSource, PageText, Word
from assessor_app.domain.changes import ChangeSet
from assessor_app.privacy import identity_scan

_MAKING = f"{TEXT_LAYER};guard={identity_scan.VERSION}"
"""Words are kept as they are shown, with what may name a person covered: another scan reads them anew."""
_BEGINNING = f'{{"layer":"{_MAKING}"'
"""How the words of the present making are written; others are taken out anew."""


class ReadsText(Protocol):
    """What is used of the renderer."""

    def text(self, source: EvidenceSource, page: int) -> PageText:
        """The words of a page."""
        ...


def known_texts(context: Any, blob_id: str) -> dict[int, str]:
    """The text of every page that was kept earlier, by page.

    Raises:
        StoreError: the store cannot be read.
    """
    store = _store_of(context)
    if store is None:
        return {}
    with store.read() as txn:
        return text_pages.all_texts(txn, blob_id, _BEGINNING)


def kept_pages(context: Any, blob_id: str, first: int, last: int) -> dict[int, PageText]:
    """The words of the pages that were kept earlier, from `first` up to, not including, `last`, by page.

    Raises:
        StoreError: the store cannot be read.
    """
    store = _store_of(context)
    if store is None:
        return {}
    with store.read() as txn:
        rows = text_pages.get_some(txn, blob_id, first, last)
    unpacked = (_unpacked(*row) for row in rows)
    return {text.page: text for text in unpacked if text is not None}


def page_text(context: Any, source: EvidenceSource, page: int) -> tuple[PageText, bool]:
    """The words of a page, and whether they were kept already; else they come out of the file.

    Raises:
        RefusedWithCard: they cannot be had.
        StoreError: the store cannot be read.
    """
    store = _store_of(context)
    if store is not None:
        with store.read() as txn:
            row = text_pages.get(txn, source.blob_id, page)
        kept = _unpacked(page, *row) if row is not None else None
        if kept is not None:
            return kept, True
    reader: ReadsText = context.renderer
    return reader.text(source, page), False


def keep(context: Any, blob_id: str, texts: Sequence[PageText]) -> ChangeSet:
    """A verb: keep the words of some pages. Nothing that is shown changes by it.

    Raises:
        StoreError: the store cannot be written.
    """
    store = _store_of(context)
    if store is not None:
        with store.write() as txn:
            if text_pages.is_held(txn, blob_id):
                for text in texts:
                    text_pages.put(txn, blob_id, text.page, text.text, _packed(text))
    return ChangeSet()


def _store_of(context: Any) -> Store | None:
    store: Store | None = getattr(context, "store", None)
    return store


def _packed(text: PageText) -> str:
    """The words with their boxes; the name of the layer tells how they were made."""
    words = [[w.text, w.x0, w.y0, w.x1, w.y1, w.block, w.line] for w in text.words]
    return json.dumps({"layer": _MAKING, "words": words}, separators=(",", ":"), ensure_ascii=False)


def _unpacked(page: int, text: str, words_json: str) -> PageText | None:
    """The page's words as `_packed` wrote them; None for another layer: then they are taken out anew."""
    if not words_json.startswith(_BEGINNING):
        return None
    document = json.loads(words_json)
    words: list[Word] = []
    start = 0
    for word, x0, y0, x1, y1, block, line in document["words"]:
        words.append(Word(word, x0, y0, x1, y1, block, line, start))
        start += len(word) + 1
    return PageText(page, text, tuple(words))
