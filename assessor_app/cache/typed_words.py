"""Words that stood in a window when the profile was locked, kept in the store until they are seen."""

from __future__ import annotations

import json

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Setting
from assessor_app.cache.stored import upsert

_NAME = "typed_before_lock"
Words = tuple[tuple[str, str], ...]
"""(where they stood, the words)."""


def put(txn: Transaction, words: Words) -> None:
    """Keep words behind those that are kept already."""
    if words:
        upsert(txn, Setting, {"name": _NAME, "value": json.dumps([*load(txn), *words])})


def load(txn: Transaction) -> Words:
    """What is kept; empty for nothing."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _NAME))
    return tuple((where, text) for where, text in json.loads(stored or "[]"))


def clear(txn: Transaction) -> None:
    """The person has seen them."""
    txn.connection.execute(sa.delete(Setting).where(Setting.name == _NAME))
