"""Looking after the store while it is open: copies, their rotation, a look through all of it once a day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from assessor_app.cache import reserve, retention, store_copies
from assessor_app.cache.store_copies import CopyKind
from assessor_app.errors import StoreDamaged, StoreError
from assessor_app.services.context import Context

WHOLE_EVERY = timedelta(days=1)
"""How often the whole store is copied, and with that read through."""

_log = logging.getLogger(__name__)


def care(context: Context, cancelled: Callable[[], bool] = lambda: False) -> None:
    """One round: a copy of the own work if anything changed, of the whole store once a day, then tidy up.

    Nothing waits for it, and trouble with a copy is no trouble of the person's; only damage is told.

    Raises:
        StoreDamaged: the store does not verify.
    """
    store, clock = context.store, context.clock
    try:
        store_copies.copy_own_work(store, clock=clock, cancelled=cancelled)
        if _is_whole_copy_due(context):
            store_copies.copy_whole_store(store, clock=clock, cancelled=cancelled)
        if not cancelled():
            store_copies.tidy(store, clock=clock)
    except StoreDamaged:
        raise
    except (StoreError, OSError) as error:
        _log.warning("No copy of the store could be made: %s", type(error).__name__)


def keep_reserve(context: Context) -> bool:
    """Keep the room for a full disk; returns whether the disk is so full that there is none."""
    reserve.make(context.folder)
    return context.store.is_short_of_room


def care_at_start(context: Context) -> None:
    """Before anything is shown: evidence that is not to be here any longer goes."""
    retention.shred_old(context.store, clock=context.clock, at_once=True)


def care_at_close(context: Context) -> None:
    """A copy of what changed since the last one, as the last thing before the store is closed."""
    try:
        store_copies.copy_own_work(context.store, clock=context.clock)
    except StoreDamaged:
        _log.info("No copy of a damaged store; the next start repairs it")
    except (StoreError, OSError) as error:
        _log.warning("No copy of the store could be made: %s", type(error).__name__)


def _is_whole_copy_due(context: Context) -> bool:
    held = store_copies.copies(context.store.folder)
    last = next((copy.at for copy in held if copy.kind is CopyKind.WHOLE), None)
    return last is None or abs(context.clock.now() - last) >= WHOLE_EVERY
