"""Text layers of evidence pages: taken out once, kept encrypted, searched here."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import TextPage
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


def have(txn: Transaction, blob_id: str) -> frozenset[int]:
    """The pages of a file whose text is here."""
    return frozenset(txn.connection.scalars(sa.select(TextPage.page).where(TextPage.blob_id == blob_id)))
