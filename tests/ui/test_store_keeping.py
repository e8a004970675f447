"""Copies in good time, room for a full disk, and the way to the repair."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assessor_app.cache import reserve, store_copies
from assessor_app.desk import store_keeping
from assessor_app.desk.store_keeping import StoreKeeping
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import DiskFull, StoreDamaged
from assessor_app.services import store_care
from assessor_app.ui.tasks import Lanes
from tests.builders import FakeClock
from tests.stores import open_store


@pytest.fixture
def kept(qtbot, tmp_path):
    clock = FakeClock()
    store = open_store(tmp_path, clock)
    with store.write() as txn:
        txn.connection.exec_driver_sql("INSERT INTO personal_word VALUES ('en', 'word')")
    lanes = Lanes(SimpleNamespace(store=store, clock=clock, folder=tmp_path), clock=clock)
    repairs = []
    keeping = StoreKeeping(lanes, lambda: repairs.append(1))
    yield SimpleNamespace(keeping=keeping, lanes=lanes, store=store, folder=tmp_path, repairs=repairs)
    keeping.cancel()
    lanes.close()
    store.close()


def test_a_round_copies_and_the_next_one_is_minutes_away(kept, qtbot):
    kept.keeping.look_now()
    kept.keeping.look_now()
    qtbot.waitUntil(lambda: len(store_copies.copies(kept.folder)) == 2)
    qtbot.waitUntil(lambda: kept.keeping._ticket is None)
    # A timer of Qt may be late by a twentieth.
    assert store_keeping.FIRST_MS * 2 < kept.keeping._timer.remainingTime() < store_keeping.ROUND_MS * 1.1
    kept.lanes.changed.emit(ChangeSet(inbox=True))
    assert kept.keeping._timer.remainingTime() > 60_000
    kept.lanes.changed.emit(ChangeSet(outbox=True))
    assert kept.keeping._timer.remainingTime() < store_keeping.SENT_MS * 1.1


def test_room_is_kept_and_a_full_disk_told_until_there_is_room(kept, qtbot, monkeypatch):
    told: list[bool] = []
    kept.keeping.disk_full.connect(told.append)
    kept.keeping.look_for_room()
    qtbot.waitUntil(lambda: reserve.is_whole(kept.folder))
    kept.lanes.trouble.emit(DiskFull("The disk is full", "Safe.", "Free some space."))
    monkeypatch.setattr(store_care, "keep_reserve", lambda _: True)
    kept.keeping.look_for_room()
    qtbot.waitUntil(lambda: kept.keeping._room_timer.remainingTime() < store_keeping.ROOM_FULL_MS * 1.1)
    monkeypatch.undo()
    kept.keeping.look_for_room()
    qtbot.waitUntil(lambda: told == [True, False])


def test_damage_leads_to_the_repair_once(kept, qtbot):
    for _ in range(2):
        kept.lanes.trouble.emit(StoreDamaged("Damaged", "Safe.", "Repair it."))
    qtbot.waitUntil(lambda: kept.repairs == [1])
    kept.keeping.look_now()
    assert store_copies.copies(kept.folder) == ()
