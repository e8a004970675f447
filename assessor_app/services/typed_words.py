"""Words that stood in a window when the profile was locked: kept, shown again, and then forgotten."""

from __future__ import annotations

from assessor_app.cache import typed_words
from assessor_app.cache.typed_words import Words
from assessor_app.domain.changes import ChangeSet
from assessor_app.services.context import Context


def keep(context: Context, words: Words) -> ChangeSet:
    """Keep what stood in windows that are about to be closed."""
    with context.store.write() as txn:
        typed_words.put(txn, words)
    return ChangeSet()


def kept(context: Context) -> Words:
    """What is kept; empty for nothing."""
    with context.store.read() as txn:
        return typed_words.load(txn)


def forget(context: Context) -> ChangeSet:
    """The person has seen them."""
    with context.store.write() as txn:
        typed_words.clear(txn)
    return ChangeSet()
