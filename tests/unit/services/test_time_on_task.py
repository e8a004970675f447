"""Time on a submission: added up over sittings, and never among what leaves this machine."""

from __future__ import annotations

from datetime import timedelta

from assessor_app.cache import outbox
from assessor_app.domain.changes import ChangeSet
from assessor_app.services import assessing, time_on_task
from assessor_app.services.context import Context
from assessor_app.sync import protocol
from tests import builders
from tests.contexts import assess

SUB = builders.submission()
ODD = timedelta(milliseconds=987_654_321)


def test_sittings_add_up_and_nothing_else_is_told(assessor: Context) -> None:
    assert time_on_task.load(assessor, SUB.id) == timedelta()
    assert time_on_task.add(assessor, SUB.id, timedelta(minutes=3)) == ChangeSet()
    time_on_task.add(assessor, SUB.id, timedelta(seconds=1.5))
    assert time_on_task.load(assessor, SUB.id) == timedelta(minutes=3, seconds=1.5)
    assert time_on_task.load(assessor, builders.submission_id(2)) == timedelta()


def test_it_is_in_nothing_that_is_sent(assessor: Context) -> None:
    time_on_task.add(assessor, SUB.id, ODD)
    assess(assessor, SUB)
    assessing.send(assessor, SUB.id)
    with assessor.store.read() as txn:
        (item,) = outbox.items(txn, open_only=False)
    for trace in (b"987654321", b"987654", b"milliseconds", b"time_spent", b"spent"):
        assert trace not in item.body


def test_no_shape_of_the_contract_could_hold_it() -> None:
    names = {
        field
        for kind in vars(protocol).values()
        if isinstance(kind, type) and issubclass(kind, protocol.Wire)
        for field in kind.model_fields
    }
    assert not {name for name in names if "spent" in name or "duration" in name or "minutes_on" in name}
