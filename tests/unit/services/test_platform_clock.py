"""What is due is due by the platform's clock; when something is tried next is told by this machine's."""

from __future__ import annotations

from datetime import timedelta

from assessor_app.cache import outbox, sync_state
from assessor_app.domain.inbox_filter import InboxFilter
from assessor_app.domain.states import OutboxState
from assessor_app.services import inbox_reading, reading
from assessor_app.services.context import Context
from tests import builders
from tests.builders import NOON, FakeClock

DAYS = timedelta(days=3)


def test_the_inbox_is_worded_by_the_platforms_clock(assessor: Context) -> None:
    by_own = inbox_reading.overview(assessor, InboxFilter())
    with assessor.store.write() as txn:
        sync_state.set_clock_lead(txn, timedelta(days=400))
    by_platforms = inbox_reading.overview(assessor, InboxFilter())
    assert (by_own.lead, by_platforms.lead) == (timedelta(0), timedelta(days=400))
    with assessor.store.write() as txn:
        sync_state.set_clock_lead(txn, timedelta(seconds=90))
    assert inbox_reading.overview(assessor, InboxFilter()).lead == timedelta(0)


def test_the_next_try_is_told_by_the_clock_on_the_wall(assessor: Context, clock: FakeClock) -> None:
    item = builders.outbox_item()
    clock.steady_now()
    with assessor.store.write() as txn:
        outbox.enqueue(txn, item)
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.QUEUED, next_try_at=NOON + timedelta(minutes=8))
    ((shown, _),) = reading.waiting(assessor)
    assert shown.next_try_at == NOON + timedelta(minutes=8)
    clock.jump_to(NOON + DAYS)
    ((shown, _),) = reading.waiting(assessor)
    assert shown.next_try_at == NOON + DAYS + timedelta(minutes=8)
