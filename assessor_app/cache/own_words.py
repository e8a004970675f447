"""The words that a person says name her. They stay in the sealed store of this computer."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Setting
from assessor_app.cache.stored import upsert

_NAME = "own_words"


def get(txn: Transaction) -> tuple[str, ...]:
    """The words; empty until she has set any."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _NAME))
    return () if stored is None else tuple(json.loads(stored))


def put(txn: Transaction, words: Sequence[str]) -> None:
    """Store the words, in place of the earlier ones."""
    upsert(txn, Setting, {"name": _NAME, "value": json.dumps(list(words), ensure_ascii=False)})
