"""Reads for the inbox: its order under a filter, and what its rows are worded with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, tzinfo

from assessor_app.cache import inbox_filtering, policy, rated_anew, saved_filters, submissions, sync_state
from assessor_app.cache.moments import to_us
from assessor_app.domain.at_risk import soon_until
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.domain.inbox_groups import InboxOrder, days_of
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import downloading, trips
from assessor_app.services.context import Context
from assessor_app.services.trips import TripStanding

SLIGHT = timedelta(minutes=2)
"""Clocks that differ by less count as the same."""


@dataclass(frozen=True, slots=True)
class InboxOverview:
    """The inbox without its rows, from one snapshot of the store."""

    order: InboxOrder
    labels: Mapping[SubmissionStatus, str] = field(default_factory=dict)
    """The issuer's words for states."""
    calendar: Calendar | None = None
    """The issuer's business days; None until they have arrived."""
    titles: Mapping[MicrocredentialId, str] = field(default_factory=dict)
    """The micro-credentials that are there."""
    views: tuple[SavedView, ...] = ()
    """The person's saved filters, in her order."""
    trip: TripStanding | None = None
    """How her trip stands, if one is set."""
    lead: timedelta = timedelta(0)
    """How far the platform's clock is ahead of this machine's: what is due is due by that one."""


def overview(context: Context, wanted: InboxFilter, zone: tzinfo | None = None) -> InboxOverview:
    """The order of what fits a filter, and what rows are worded with.

    Args:
        context: the open profile.
        wanted: the filter.
        zone: the person's time zone; the system's if None.
    """
    with context.store.read() as txn:
        lead = sync_state.clock_lead(txn)
        lead = lead if abs(lead) >= SLIGHT else timedelta(0)
        now = context.clock.now() + lead
        calendar = policy.calendar(txn)
        soon_us = to_us(soon_until(now, calendar))
        order = inbox_filtering.order(txn, context.role, wanted, days_of(now, zone), soon_us)
        trip = trips.standing(txn, context)
        return InboxOverview(
            order=order if trip is None else replace(order, first=trip.trip.submissions),
            labels=submissions.label_map(txn),
            calendar=calendar,
            titles=dict(inbox_filtering.microcredentials(txn)),
            views=saved_filters.of_role(txn, context.role),
            trip=trip,
            lead=lead,
        )


def rows(context: Context, ids: Sequence[SubmissionId]) -> tuple[InboxRow, ...]:
    """The inbox rows of some submissions, in the order of `ids`; only ratings that count are counted."""
    with context.store.read() as txn:
        found = submissions.inbox_rows(txn, context.role, ids)
        if context.downloads.is_paused or context.downloads.held:
            found = tuple(downloading.with_hold(context, txn, row) for row in found)
        if context.role is not Role.ASSESSOR:
            return found
        counts = rated_anew.counts(txn, ids)
    return tuple(replace(row, rated=counts.get(row.id, row.rated)) for row in found)
