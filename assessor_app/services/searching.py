"""The search over everything on this machine, and keeping its index."""

from __future__ import annotations

from assessor_app.cache import search, search_index
from assessor_app.documents.patches import covered_response
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.searching import SearchAnswer
from assessor_app.services.context import Context


def find(context: Context, text: str) -> SearchAnswer:
    """Every place in this role's submissions where all words of `text` stand."""
    with context.store.read() as txn:
        return search.find(txn, context.role, text)


def index_some(context: Context) -> ChangeSet:
    """Index a little of what changed; asked again until `left` says 0."""
    with context.store.write() as txn:
        search_index.index_some(txn, context.clock.monotonic_s, shown=_shown)
    return ChangeSet()


def left(context: Context) -> int:
    """How much is still to be indexed: parts of submissions."""
    with context.store.read() as txn:
        return search_index.left(txn)


def _shown(text: str) -> str:
    """A written answer as it is shown: what may name a person can be neither found nor read in a snippet."""
    return covered_response(text, ()).text
