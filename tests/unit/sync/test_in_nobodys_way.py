"""What the platform does not take, and the person cannot mend, stands in the way of none of her work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.cache import outbox
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.states import OutboxState
from assessor_app.sync.push import UPDATE_STATUSES, push
from tests import builders
from tests.answering import Asked, Reply, answering, problem
from tests.builders import FakeClock
from tests.unit.sync.test_push import ITEM, accepts, queue, transport

CODES = {
    400: "key-missing",
    403: "not-assigned",
    404: "not-found",
    410: "withdrawn",
    422: "validation",
    501: "",
}


# A person's own words wait where the submission is gone, or an update there may take them.
NOT_TAKEN = [(OutboxKind.FINDING, status) for status in CODES] + [
    (OutboxKind.ESCALATION, status) for status in CODES if status not in (410, 501)
]


@pytest.mark.parametrize(("kind", "status"), NOT_TAKEN)
def test_a_recommendation_leaves_although_what_stood_before_it_is_not_taken(
    store: Store, clock: FakeClock, kind: OutboxKind, status: int
) -> None:
    before = replace(builders.outbox_item(7), kind=kind, path=f"/v1/submissions/{ITEM.submission_id}/odd")
    queue(store, before, ITEM)

    def platform(asked: Asked) -> Reply:
        return problem(status, CODES[status]) if asked.path == before.path else accepts(asked)

    with answering(platform) as server:
        assert push(store, transport(server.origin), clock=clock) == 1
    with store.write() as txn:
        assert outbox.items(txn) == ()
        there = outbox.get(txn, before.id)
        assert there is not None
        assert there.state is not OutboxState.ACKED
        assert "withdrawn" not in there.last_error or status == 410
        # The next start takes it for none that an update may mend.
        assert outbox.queue_again(txn, UPDATE_STATUSES) == 0


def test_where_nothing_of_this_version_is_taken_all_waits_alike(store: Store, clock: FakeClock) -> None:
    finding = replace(builders.outbox_item(7), kind=OutboxKind.FINDING)
    queue(store, finding, ITEM)
    with answering(lambda _: problem(426)) as server:
        assert push(store, transport(server.origin), clock=clock) == 0
    with store.read() as txn:
        assert [item.state for item in outbox.items(txn)] == [OutboxState.BLOCKED, OutboxState.QUEUED]
