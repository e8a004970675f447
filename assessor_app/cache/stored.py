"""How frozen dataclasses lie in the tables: canonical JSON, in place of an earlier row of the same key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Model
from assessor_app.cache.prepared import Prepared
from assessor_app.domain.canonical import canonical_json
from assessor_app.domain.codec import from_json, to_json

T = TypeVar("T")


def pack(value: object) -> bytes:
    """A value of the domain as canonical JSON."""
    return canonical_json(to_json(value))


def unpack(kind: type[T], document: bytes) -> T:
    """The value of type `kind` that `pack` wrote.

    Raises:
        CodecError: the document does not fit the type.
    """
    return from_json(kind, json.loads(document))


def upsert(txn: Transaction, model: type[Model], values: Mapping[str, Any]) -> None:
    """Insert a row, or change the row with the same primary key.

    Args:
        txn: a writing transaction.
        model: the table.
        values: all key columns, and the columns to set.
    """
    _upsert(model, tuple(values)).run(txn, values)


@cache
def _upsert(model: type[Model], names: tuple[str, ...]) -> Prepared:
    """The statement for these columns."""

    def statement() -> sa.Insert:
        keys = {column.name for column in sa.inspect(model).primary_key}
        inserted = insert(model)
        changed = {name: inserted.excluded[name] for name in names if name not in keys}
        return inserted.on_conflict_do_update(index_elements=sorted(keys), set_=changed)

    return Prepared(statement, names)
