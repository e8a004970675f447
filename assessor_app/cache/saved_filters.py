"""Filters of the inbox that were saved under a name, by role and in the person's order."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import SavedFilterRecord
from assessor_app.cache.stored import pack, unpack
from assessor_app.domain.codec import CodecError
from assessor_app.domain.inbox_filter import SavedView
from assessor_app.domain.roles import Role


def of_role(txn: Transaction, role: Role) -> tuple[SavedView, ...]:
    """A role's views in their order; one that another version wrote and this one cannot read is left out."""
    table = SavedFilterRecord
    documents = txn.connection.scalars(
        sa.select(table.document).where(table.role == role.value).order_by(table.position)
    )
    found = []
    for document in documents:
        try:
            found.append(unpack(SavedView, document))
        except CodecError:
            continue
    return tuple(found)


def replace_all(txn: Transaction, role: Role, views: Sequence[SavedView]) -> None:
    """Keep these views of a role, in this order, in place of the earlier ones."""
    txn.connection.execute(sa.delete(SavedFilterRecord).where(SavedFilterRecord.role == role.value))
    for position, view in enumerate(views):
        values = {"id": view.id, "role": role.value, "position": position, "document": pack(view)}
        txn.connection.execute(sa.insert(SavedFilterRecord), values)
