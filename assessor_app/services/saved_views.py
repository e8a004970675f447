"""The inbox's views: filters that a person saved under a name of her own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assessor_app.cache import saved_filters
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.inbox_filter import SavedView
from assessor_app.services.context import Context


def views(context: Context) -> tuple[SavedView, ...]:
    """The views of this role, in the person's order."""
    with context.store.read() as txn:
        return saved_filters.of_role(txn, context.role)


def save_views(context: Context, wanted: Sequence[SavedView]) -> ChangeSet:
    """Keep exactly these views of this role, in this order.

    Args:
        context: the open profile.
        wanted: all views; one without an id is new.
    """
    kept = [view if view.id else replace(view, id=context.clock.new_id()) for view in wanted]
    with context.store.write() as txn:
        saved_filters.replace_all(txn, context.role, kept)
    return ChangeSet(inbox=True)
