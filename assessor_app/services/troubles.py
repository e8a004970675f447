"""What was in the way of a sync, as the bar says it, and on record for whoever looks for the cause."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessor_app.cache import incidents, outbox, sync_state
from assessor_app.cache.incidents import Incident
from assessor_app.domain.clocks import is_wrong
from assessor_app.domain.states import OutboxState
from assessor_app.domain.troubles import Trouble
from assessor_app.errors import (
    DiskFull,
    KnownError,
    Offline,
    ProtocolBroken,
    SignInNeeded,
    StoreDamaged,
    StoreError,
)
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState
from assessor_app.sync import network_errors

_KINDS: tuple[tuple[type[KnownError], Trouble], ...] = (
    (network_errors.Portal, Trouble.PORTAL),
    (network_errors.NotThePlatform, Trouble.NOT_FOUND),
    (network_errors.UnknownEffect, Trouble.CHECKING),
    (network_errors.Busy, Trouble.BUSY),
    (network_errors.Unavailable, Trouble.UNAVAILABLE),
    (Offline, Trouble.OFFLINE),
    (SignInNeeded, Trouble.SIGN_IN),
    (network_errors.AccessChanged, Trouble.ACCESS),
    (network_errors.UpdateNeeded, Trouble.UPDATE),
    (network_errors.CertificateDate, Trouble.CERTIFICATE),
    (network_errors.Intercepted, Trouble.INTERCEPTED),
    (ProtocolBroken, Trouble.UNREADABLE),
    (DiskFull, Trouble.DISK_FULL),
    (StoreDamaged, Trouble.DAMAGED),
    (StoreError, Trouble.STORE),
)
"""The first that fits counts."""
_STATES = {Trouble.SIGN_IN: SyncState.SIGN_IN} | dict.fromkeys(
    (
        *(Trouble.OFFLINE, Trouble.PORTAL, Trouble.NOT_FOUND),
        *(Trouble.CHECKING, Trouble.BUSY, Trouble.UNAVAILABLE),
    ),
    SyncState.OFFLINE,
)
_NEEDS = (OutboxState.CONFLICT, OutboxState.REJECTED, OutboxState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Met:
    """A trouble with what belongs to it."""

    trouble: Trouble | None
    state: SyncState
    moment: datetime | None = None
    named: str = ""


def met(context: Context, error: KnownError) -> Met:
    """What an error of a sync means; it is put on record."""
    trouble = next((kind for fits, kind in _KINDS if isinstance(error, fits)), None)
    moment: datetime | None = None
    named = ""
    now, health = context.clock.now(), context.transport.health
    if trouble is Trouble.BUSY:
        moment = now + timedelta(seconds=health.busy_s())
    elif trouble is Trouble.UNAVAILABLE:
        moment = health.down_since or now
    elif isinstance(error, network_errors.UpdateNeeded):
        named = error.version
    elif isinstance(error, network_errors.CertificateDate):
        trouble, named = _of_dates(context, error)
        moment = now
    elif trouble is Trouble.CHECKING and not _is_unclear(context):
        trouble = Trouble.OFFLINE
    with contextlib.suppress(StoreError), context.store.write() as txn:
        kind = type(error).__name__ if trouble is None else trouble.value
        incidents.note(txn, Incident(now, kind, f"{error.title}."))
    state = SyncState.NEEDS_YOU if trouble is None else _STATES.get(trouble, SyncState.NEEDS_YOU)
    return Met(trouble, state, moment, named)


def said_of_rows(context: Context) -> str:
    """What is said about all that needs the person, or else about what waits, if it is one sentence."""
    with context.store.read() as txn:
        items = outbox.items(txn, open_only=True)
    needs = {item.last_error for item in items if item.state in _NEEDS}
    said = needs or {item.last_error for item in items if item.last_error}
    return next(iter(said)) if len(said) == 1 else ""


def _of_dates(context: Context, error: network_errors.CertificateDate) -> tuple[Trouble, str]:
    """Whether a certificate out of its dates speaks against the clock, and the year that the clock shows."""
    now, told, lead = context.clock.now(), None, timedelta(0)
    with contextlib.suppress(StoreError), context.store.read() as txn:
        told, lead = sync_state.server_time(txn), sync_state.clock_lead(txn)
    is_clock = error.is_early or is_wrong(now, context.clock.steady_now(), told, lead)
    year_shows_it = told is None or told.year != now.year
    return (Trouble.CLOCK, str(now.year) if year_shows_it else "") if is_clock else (Trouble.CERTIFICATE, "")


def _is_unclear(context: Context) -> bool:
    """Whether something was sent of which nobody knows whether it arrived."""
    with context.store.read() as txn:
        items = outbox.items(txn, open_only=True)
    return any(i.state is OutboxState.QUEUED and i.attempts and i.last_status is None for i in items)
