"""Text layers of evidence pages: taken out once, kept encrypted, searched here."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import EvidenceRecord, LocalCopyRecord, TextPage
from assessor_app.cache.stored import upsert


def put(txn: Transaction, blob_id: str, page: int, text: str, words_json: str) -> None:
    """Store one page's text.

    Args:
        txn: a writing transaction.
        blob_id: the evidence file.
        page: 0-based.
        text: the page's text layer.
        words_json: its words with their boxes, in the form that the caller chooses.
    """
    upsert(txn, TextPage, {"blob_id": blob_id, "page": page, "text": text, "words_json": words_json})


def get(txn: Transaction, blob_id: str, page: int) -> tuple[str, str] | None:
    """The text and the words of one page as they were put, or None."""
    row = txn.connection.execute(
        sa.select(TextPage.text, TextPage.words_json).where(
            TextPage.blob_id == blob_id, TextPage.page == page
        )
    ).first()
    return None if row is None else (row.text, row.words_json)


def get_some(txn: Transaction, blob_id: str, first: int, last: int) -> list[tuple[int, str, str]]:
    """Page, text and words of the pages that are here, from `first` up to, not including, `last`."""
    rows = txn.connection.execute(
        sa.select(TextPage.page, TextPage.text, TextPage.words_json)
        .where(TextPage.blob_id == blob_id, TextPage.page >= first, TextPage.page < last)
        .order_by(TextPage.page)
    )
    return [(row.page, row.text, row.words_json) for row in rows]


def have(txn: Transaction, blob_id: str) -> frozenset[int]:
    """The pages of a file whose text is here."""
    return frozenset(txn.connection.scalars(sa.select(TextPage.page).where(TextPage.blob_id == blob_id)))


def all_texts(txn: Transaction, blob_id: str, words_begin: str) -> dict[int, str]:
    """The text of every page of a file that is here, by page; the words, many times larger, are not read.

    Args:
        txn: a transaction.
        blob_id: the evidence file.
        words_begin: how the words have to begin, so that those of another making are left out.
    """
    rows = txn.connection.execute(
        sa.select(TextPage.page, TextPage.text)
        .where(
            TextPage.blob_id == blob_id,
            sa.func.substr(TextPage.words_json, 1, len(words_begin)) == words_begin,
        )
        .order_by(TextPage.page)
    )
    return {row.page: row.text for row in rows}


def first_texts(txn: Transaction, blob_id: str, most: int) -> list[str]:
    """The texts that are here of a file's first pages, in order."""
    return list(
        txn.connection.scalars(
            sa.select(TextPage.text)
            .where(TextPage.blob_id == blob_id, TextPage.page < most)
            .order_by(TextPage.page)
        )
    )


def forget(txn: Transaction, blob_id: str, pages: Collection[int]) -> None:
    """Erase the words of some pages, to be taken out of the file anew."""
    txn.connection.execute(
        sa.delete(TextPage).where(TextPage.blob_id == blob_id, TextPage.page.in_(sorted(pages)))
    )


def is_held(txn: Transaction, blob_id: str) -> bool:
    """Whether a file is known here; the text of one that was erased meanwhile must not come back."""
    for table in (EvidenceRecord, LocalCopyRecord):
        if txn.connection.execute(sa.select(table.blob_id).where(table.blob_id == blob_id)).first():
            return True
    return False
