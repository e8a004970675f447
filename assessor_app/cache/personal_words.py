"""The words that the person added to her dictionary, and the language she checks in. They never leave."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import PersonalWordRecord
from assessor_app.cache.models import Setting
from assessor_app.cache.stored import upsert

_LANGUAGE = "spelling_language"


def of_language(txn: Transaction, language: str) -> frozenset[str]:
    """The words of a language, such as "en": one dictionary for all its countries."""
    rows = txn.connection.scalars(
        sa.select(PersonalWordRecord.word).where(PersonalWordRecord.language == language)
    )
    return frozenset(rows)


def add(txn: Transaction, language: str, word: str) -> None:
    """Add a word; one that is there already stays."""
    row = sa.insert(PersonalWordRecord).prefix_with("OR IGNORE")
    txn.connection.execute(row.values(language=language, word=word))


def language(txn: Transaction) -> str:
    """The language that was chosen; empty for that of the rubric."""
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _LANGUAGE)) or ""


def set_language(txn: Transaction, chosen: str) -> None:
    """Keep the language that was chosen."""
    upsert(txn, Setting, {"name": _LANGUAGE, "value": chosen})
