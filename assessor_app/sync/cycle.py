"""One sync: send first, so that the pull brings our accepted work back; then changes, drafts, evidence."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from assessor_app.cache import counters, endings, retention
from assessor_app.cache.engine import Store
from assessor_app.cache.trouble import disk_full
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.sync import (
    audit_trail,
    downloads,
    draft_backup,
    lease_keeping,
    pull,
    push,
    returned_work,
    sealing_keys,
    two_sides,
)
from assessor_app.sync.download_gate import DownloadGate
from assessor_app.sync.draft_gate import DraftGate
from assessor_app.sync.renewal_gate import RenewalGate
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Portal, Transport


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What one sync did."""

    confirmed: int
    """Sendings ended by a receipt."""
    pulled: pull.PullCount
    fetched: int
    """Files of evidence that arrived."""


def run(
    store: Store,
    transport: Transport,
    *,
    clock: Clock,
    drafts: DraftGate | None = None,
    renewals: RenewalGate | None = None,
    is_writing: Callable[[SubmissionId], bool] = lambda _: False,
    changed: Callable[[ChangeSet], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    gate: DownloadGate | None = None,
) -> CycleResult:
    """Send, pull, copy drafts, fetch.

    Args:
        store: the local store.
        transport: the platform.
        clock: for times and keys.
        drafts: whether drafts are copied to the platform, and how often; None: never.
        renewals: which claims the platform did not renew; None: none is renewed by itself.
        is_writing: whether a text of a submission is being typed: no other copy is put into it then.
        changed: told after each committed transaction, from this thread.
        cancelled: asked between files, and while one comes.
        gate: what the person chose about downloads, and what she waits for; None: everything comes.

    Raises:
        Offline, SignInNeeded, Intercepted, ProtocolBroken: what was done so far stays.
        DiskFull: what could be sent was sent; nothing is fetched.
    """

    def copy_drafts() -> None:
        if drafts is not None:
            draft_backup.back_up(
                store, transport, drafts, clock=clock, changed=changed, is_writing=is_writing
            )

    def keep_marks() -> None:
        if drafts is not None:
            with contextlib.suppress(KnownError):
                # A connection that is gone shows itself with what is sent.
                draft_backup.keep_own_marks(store, transport, drafts, clock=clock)

    transport.look_for_platform()
    try:
        keep_marks()
        confirmed_and_pulled = _run(store, transport, clock, copy_drafts, renewals, changed)
        fetched = downloads.fetch_all(
            store, transport, clock=clock, gate=gate, arrived=changed, cancelled=cancelled
        )
        return CycleResult(*confirmed_and_pulled, fetched)
    except Portal:
        if not transport.health.is_doubtful:
            raise
        # Either the network wants a sign-in, or the platform itself answers with pages where data should be.
        transport.look_for_platform()
        raise broken("a page in place of data") from None
    finally:
        _count_dropped(store, transport)


def _count_dropped(store: Store, transport: Transport) -> None:
    """Keep how many fields of answers were dropped unread since the last round."""
    dropped = transport.health.tally.take()
    if dropped:
        with store.write() as txn:
            counters.add(txn, counters.DROPPED_FIELDS, dropped)


def _run(
    store: Store,
    transport: Transport,
    clock: Clock,
    copy_drafts: Callable[[], None],
    renewals: RenewalGate | None,
    changed: Callable[[ChangeSet], None],
) -> tuple[int, pull.PullCount]:
    """All but the files of evidence."""
    confirmed = push.push(store, transport, clock=clock, moved=changed)
    if store.is_short_of_room:
        # What is left of the disk is for what the person writes.
        copy_drafts()
        raise disk_full()
    with contextlib.suppress(KnownError):
        # It is asked again with the next sync; a connection that is gone shows itself with the pull.
        sealing_keys.make_known(store, transport, clock)
    pulled = pull.pull(store, transport, clock=clock, applied=changed)
    if confirmed_later := push.push(store, transport, clock=clock, moved=changed):
        confirmed += confirmed_later
        pulled = pull.pull(store, transport, clock=clock, applied=changed)
    if renewals is not None:
        with contextlib.suppress(KnownError):
            # Asked again with the next sync; a connection that is gone shows itself with the evidence.
            lease_keeping.keep(store, transport, renewals, clock=clock, changed=changed)
    two_sides.complete(store, clock=clock, changed=changed)
    returned_work.take_up(store, clock=clock, changed=changed)
    copy_drafts()
    with contextlib.suppress(KnownError):
        # Told again with the next sync; a connection that is gone shows itself with the evidence.
        audit_trail.tell(store, transport, clock=clock)
    if kept_long_enough := endings.let_go(store):
        changed(kept_long_enough)
    if gone := retention.shred_old(store, clock=clock):
        changed(gone)
    return confirmed, pulled
