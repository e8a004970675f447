"""Verbs on the connection: sync, sign in, try again. They run on the network lane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assessor_app.cache import conflicts, counters, evidence_files, outbox, sync_state
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import KnownError
from assessor_app.services import draft_copies, troubles
from assessor_app.services.context import Context
from assessor_app.services.reading import waiting_count
from assessor_app.services.versions import PROGRAM_VERSION
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import auth, browser_sign_in, cycle, push


def sync(
    context: Context,
    *,
    report: Callable[[SyncStatus], None],
    changed: Callable[[ChangeSet], None],
    cancelled: Callable[[], bool] = lambda: False,
    is_asked: bool = False,
    hurries: bool = False,
    is_writing: Callable[[SubmissionId], bool] = lambda _: False,
) -> SyncStatus:
    """Send, pull and fetch once; trouble becomes a status, never an exception that stops the window.

    Args:
        context: the open profile.
        report: told the state while it goes on, from this thread.
        changed: told what each committed transaction touched, from this thread.
        cancelled: asked between files, and while one comes.
        is_asked: a person, or a change of the network, wants a try: a platform that failed is not left alone.
        hurries: somebody may be about to leave: drafts are copied however short ago each was copied.
        is_writing: whether a text of a submission is being typed just now.

    Returns:
        The state at the end.
    """
    to_fetch = 0

    def on_change(changes: ChangeSet) -> None:
        changed(changes)
        tell()

    def tell() -> None:
        nonlocal to_fetch
        status = _progress(context, to_fetch)
        to_fetch = status.total
        report(status)

    tell()
    context.downloads.tell = tell
    if is_asked:
        context.transport.health.let_one_through()
    if is_asked or hurries:
        draft_copies.hurry(context)
    try:
        cycle.run(
            context.store,
            context.transport,
            clock=context.clock,
            drafts=context.drafts,
            renewals=context.renewals,
            is_writing=is_writing,
            changed=on_change,
            cancelled=cancelled,
            gate=context.downloads,
        )
    except KnownError as error:
        return _in_the_way(context, error)
    finally:
        context.downloads.tell = lambda: None
    return _status(context, SyncState.UP_TO_DATE, troubles.said_of_rows(context))


def _in_the_way(context: Context, error: KnownError) -> SyncStatus:
    met = troubles.met(context, error)
    message = f"{error.title}. {error.message}" if met.state is SyncState.NEEDS_YOU else error.title
    status = _status(context, met.state, message)
    return replace(status, trouble=met.trouble, moment=met.moment, named=met.named)


def present_status(context: Context) -> SyncStatus:
    """What is known before the first sync of this start."""
    return _status(context, SyncState.IDLE, "")


def sign_in(
    context: Context,
    *,
    open_browser: Callable[[str], None],
    login_hint: str = "",
    cancelled: Callable[[], bool] = lambda: False,
) -> ChangeSet:
    """Sign in with the browser and keep the tokens.

    Raises:
        Offline, SignInNeeded: nothing was changed; also when it was another person than before.
    """
    browser_sign_in.sign_in(
        context.store,
        context.origin,
        (context.role,),
        clock=context.clock,
        open_browser=open_browser,
        login_hint=login_hint,
        cancelled=cancelled,
        cutter=context.transport.cutter,
    )
    return ChangeSet(outbox=True)


def is_signed_in(context: Context) -> bool:
    """Whether tokens are kept; they may have ended on the platform."""
    return auth.Tokens(context.store, context.origin).access_token() is not None


def sign_in_wanted(context: Context) -> SyncStatus | None:
    """What waits for a sign-in; None where somebody is signed in."""
    return None if is_signed_in(context) else standing(context, SyncState.SIGN_IN)


def standing(context: Context, state: SyncState, message: str = "") -> SyncStatus:
    """How it stands in a state that no sync told: with what waits to be sent."""
    return _status(context, state, message)


def try_all_again(context: Context) -> ChangeSet:
    """Put everything that is blocked back among what waits, under the same keys, due at once."""
    touched = set()
    with context.store.write() as txn:
        for item in outbox.items(txn, open_only=True):
            if item.state is OutboxState.BLOCKED:
                outbox.move(txn, item.id, OutboxState.QUEUED)
                touched.add(item.submission_id)
    return ChangeSet(submissions=frozenset(touched), inbox=bool(touched), outbox=bool(touched))


def recover(context: Context) -> int:
    """At start: what was being sent when the program ended waits again, and so does what an update may mend.

    Both keep their keys. What an earlier version could not read is asked for again after an update.

    Returns:
        How many were being sent.
    """
    with context.store.write() as txn:
        outbox.queue_again(txn, push.UPDATE_STATUSES)
        unread = bool(sync_state.quarantined(txn)) or counters.value(txn, counters.UNKNOWN_TYPES) > 0
        sync_state.note_reader(txn, PROGRAM_VERSION, may_read_more=unread)
        return outbox.reset_sending(txn)


def _progress(context: Context, to_fetch: int) -> SyncStatus:
    """How far the round is; `to_fetch` is the largest number of missing files that it has seen."""
    waiting, needs_you = waiting_count(context)
    with context.store.read() as txn:
        missing = evidence_files.missing_count(txn)
    gate = context.downloads
    missing = max(0, missing - gate.held)
    total, coming = max(to_fetch, missing), gate.coming
    return SyncStatus(
        SyncState.SYNCING,
        waiting,
        total - missing,
        total,
        needs_you=needs_you,
        conflicts=_to_compare(context),
        received_bytes=coming.received_bytes if coming is not None else 0,
        size_bytes=coming.size_bytes if coming is not None else 0,
        is_paused=gate.is_paused,
    )


def _status(context: Context, state: SyncState, message: str) -> SyncStatus:
    waiting, needs_you = waiting_count(context)
    at = context.clock.now() if state is SyncState.UP_TO_DATE else None
    total = 0
    if context.downloads.is_paused:
        with context.store.read() as txn:
            total = evidence_files.missing_count(txn)
    if needs_you and state is SyncState.UP_TO_DATE:
        state = SyncState.NEEDS_YOU
    return SyncStatus(
        state,
        waiting,
        total=total,
        is_paused=context.downloads.is_paused,
        at=at,
        message=message,
        needs_you=needs_you,
        conflicts=_to_compare(context),
        copies=draft_copies.standing(context),
    )


def _to_compare(context: Context) -> int:
    with context.store.read() as txn:
        return len(conflicts.open_ids(txn))
