"""When a round of syncing starts, and when one more follows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from assessor_app.domain.changes import ChangeSet
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.ui.network_watch import NetworkWatch
from assessor_app.ui.sync_rounds import FIRST_RETRY_MS, IDLE_ROUND_MS, LONGEST_RETRY_MS, SyncRounds
from assessor_app.ui.tasks import Lanes


class HeldRounds(SyncRounds):
    """Rounds that last until they are let go."""

    def __init__(self, lanes: Lanes) -> None:
        super().__init__(lanes)
        self.begun = 0
        self.go = threading.Semaphore(0)
        self.comes_to = SyncState.UP_TO_DATE
        self.asked: list[bool] = []

    def _round(self, _context: Any) -> SyncStatus:
        self.asked.append(self._take_asked())
        self.begun += 1
        self.go.acquire(timeout=10)
        return SyncStatus(self.comes_to)


@pytest.fixture
def rounds(qtbot: QtBot) -> Iterator[HeldRounds]:
    lanes = Lanes(object())
    made = HeldRounds(lanes)
    yield made
    for _ in range(5):
        made.go.release()
    made.cancel()
    assert lanes.close()


def begin(qtbot: QtBot, rounds: HeldRounds) -> None:
    rounds.sync_now()
    qtbot.waitUntil(lambda: rounds.begun == 1)


def test_what_a_person_sends_during_a_round_gets_a_round_of_its_own(qtbot: QtBot, rounds: HeldRounds) -> None:
    begin(qtbot, rounds)
    view = QObject()
    rounds._lanes.write(lambda _: ChangeSet(outbox=True), owner=view)
    qtbot.waitUntil(lambda: rounds._lanes.pending_saves() == 0)
    rounds.go.release()
    qtbot.waitUntil(lambda: rounds.begun == 2)


def test_what_a_round_moves_by_itself_starts_no_other(qtbot: QtBot, rounds: HeldRounds) -> None:
    begin(qtbot, rounds)
    rounds._lanes.broadcast(ChangeSet(outbox=True))
    rounds.go.release()
    with qtbot.waitSignal(rounds.settled):
        pass
    assert rounds.begun == 1
    assert not rounds.is_running


def test_what_was_offline_is_tried_at_once_when_the_network_changes(qtbot: QtBot, rounds: HeldRounds) -> None:
    rounds.comes_to = SyncState.OFFLINE
    begin(qtbot, rounds)
    rounds.go.release()
    with qtbot.waitSignal(rounds.settled):
        pass
    rounds._retry_ms = LONGEST_RETRY_MS
    rounds.try_at_once()
    qtbot.waitUntil(lambda: rounds.begun == 2)
    assert rounds.asked == [True, True]
    rounds.comes_to = SyncState.UP_TO_DATE
    rounds.go.release()
    with qtbot.waitSignal(rounds.settled):
        pass
    rounds.try_at_once()
    assert not rounds.is_running
    assert rounds._retry_ms == FIRST_RETRY_MS


def test_offline_it_is_tried_with_more_and_more_patience_and_then_every_minute_again(
    qtbot: QtBot, rounds: HeldRounds
) -> None:
    waits: list[int] = []
    for state in [SyncState.OFFLINE] * 7 + [SyncState.UP_TO_DATE, SyncState.OFFLINE]:
        rounds.comes_to = state
        rounds.go.release()
        with qtbot.waitSignal(rounds.settled):
            rounds._probe()
        assert rounds._timer.isActive()
        waits.append(rounds._timer.interval() // 1000)
    assert waits == [15, 30, 60, 120, 240, 300, 300, IDLE_ROUND_MS // 1000, 15]


def test_who_signs_in_to_a_network_waits_no_five_minutes(qtbot: QtBot, rounds: HeldRounds) -> None:
    rounds.comes_to = SyncState.OFFLINE
    for _ in range(6):
        rounds.go.release()
        with qtbot.waitSignal(rounds.settled):
            rounds._probe()
    assert rounds._timer.interval() == LONGEST_RETRY_MS
    rounds.expect_soon()
    assert rounds._timer.interval() == FIRST_RETRY_MS
    rounds.go.release()
    with qtbot.waitSignal(rounds.settled):
        rounds._probe()
    assert rounds._timer.interval() == 2 * FIRST_RETRY_MS
    assert rounds.asked == [False] * 7


def test_a_round_that_nobody_asked_for_leaves_a_failing_platform_alone(
    qtbot: QtBot, rounds: HeldRounds
) -> None:
    rounds._probe()
    qtbot.waitUntil(lambda: rounds.begun == 1)
    assert rounds.asked == [False]


def test_the_system_says_that_a_network_is_there(qtbot: QtBot) -> None:
    watch = NetworkWatch()
    with qtbot.assertNotEmitted(watch.changed):
        watch._reachability_changed(QNetworkInformation.Reachability.Disconnected)
        watch._portal_changed(True)
    for tell in (
        lambda: watch._reachability_changed(QNetworkInformation.Reachability.Online),
        lambda: watch._portal_changed(False),
    ):
        with qtbot.waitSignal(watch.changed):
            tell()
