"""Troubles and counts that are kept for whoever looks for a cause."""

from __future__ import annotations

from datetime import timedelta

from assessor_app.cache import counters, incidents, refused_fields
from assessor_app.cache.engine import Store
from assessor_app.cache.incidents import Incident
from assessor_app.domain.ids import OutboxId
from tests.builders import NOON


def test_the_last_troubles_are_kept_and_a_long_one_once(store: Store) -> None:
    with store.write() as txn:
        for number in range(210):
            incidents.note(txn, Incident(NOON, "busy", f"Sentence {number}.", 429))
        for minute in range(3):
            incidents.note(txn, Incident(NOON + timedelta(minutes=minute), "offline", "Offline."))
        kept = incidents.recent(txn)
    assert len(kept) == incidents.MOST_KEPT
    assert kept[0] == Incident(NOON + timedelta(minutes=2), "offline", "Offline.", times=3)
    assert kept[1] == Incident(NOON, "busy", "Sentence 209.", 429)


def test_counts_add_up(store: Store) -> None:
    with store.write() as txn:
        for count in (2, 0, 3):
            counters.add(txn, counters.DROPPED_FIELDS, count)
        counters.add(txn, counters.SET_ASIDE, 0)
        assert counters.value(txn, counters.DROPPED_FIELDS) == 5
        assert counters.every(txn) == {counters.DROPPED_FIELDS: 5}


def test_refused_fields_stay_in_order_and_go_with_the_next_answer(store: Store) -> None:
    item = OutboxId("one")
    with store.write() as txn:
        refused_fields.put(txn, item, ("/scores/1/note", "/feedback/overall"))
        assert refused_fields.of_item(txn, item) == ("/scores/1/note", "/feedback/overall")
        refused_fields.put(txn, item, ())
        assert refused_fields.of_item(txn, item) == ()
