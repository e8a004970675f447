"""What somebody opens comes at once, what she asks for too, and a pause holds until she goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from assessor_app.cache import evidence
from assessor_app.desk.downloads import DownloadDesk
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Limits
from assessor_app.domain.roles import Role
from assessor_app.services.context import Context
from assessor_app.ui.network_watch import NetworkWatch
from assessor_app.ui.sync_bar import SyncBar
from assessor_app.ui.tasks import Lanes
from tests import builders
from tests.builders import FakeClock
from tests.contexts import context_in, give
from tests.ui.test_sync_rounds import HeldRounds

SUB = builders.submission()


class Window(QObject):
    """As much of the window as matters: a place, and what is open in it."""

    place_shown = Signal(str)

    def __init__(self, bar: SyncBar) -> None:
        super().__init__()
        self.sync_bar = bar
        self.open: Any = None

    def workspace(self) -> Any:
        """What is open."""
        return self.open


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = context_in(tmp_path / "profile", Role.ASSESSOR, FakeClock())
    give(made.store, SUB)
    with made.store.write() as txn:
        evidence.want(txn, SUB, made.clock)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, context: Context) -> Iterator[SimpleNamespace]:
    lanes = Lanes(context)
    rounds = HeldRounds(lanes)
    bar = SyncBar()
    qtbot.addWidget(bar)
    window, network = Window(bar), NetworkWatch()
    made: Any = DownloadDesk(context, window, network, lanes, rounds)  # type: ignore[arg-type]
    yield SimpleNamespace(
        desk=made, window=window, network=network, lanes=lanes, rounds=rounds, gate=context.downloads
    )
    rounds.cancel()
    for _ in range(5):
        rounds.go.release()
    assert lanes.close()


def test_what_is_opened_comes_first_and_at_once(qtbot: QtBot, desk: SimpleNamespace) -> None:
    desk.window.open = SimpleNamespace(submission_id=SUB.id)
    desk.window.place_shown.emit("inbox")
    assert desk.gate.first == ()
    desk.window.place_shown.emit("workspace")
    qtbot.waitUntil(lambda: desk.rounds.begun == 1)
    assert desk.gate.first == (SUB.id,)


def test_what_is_opened_and_waits_to_be_asked_for_starts_nothing(qtbot: QtBot, desk: SimpleNamespace) -> None:
    desk.gate.limit(Limits(large_bytes=1))
    desk.window.open = SimpleNamespace(submission_id=SUB.id)
    desk.window.place_shown.emit("workspace")
    qtbot.waitUntil(lambda: desk.gate.first == (SUB.id,))
    assert desk.rounds.begun == 0


def test_what_she_asks_for_starts_a_round_and_what_a_round_brings_does_not(
    qtbot: QtBot, desk: SimpleNamespace
) -> None:
    asked = ChangeSet(evidence=frozenset({SUB.id}))
    desk.lanes.broadcast(asked)
    assert not desk.rounds.is_running
    desk.lanes.write(lambda _: asked, owner=desk.window)
    qtbot.waitUntil(lambda: desk.rounds.begun == 1)


def test_a_pause_and_a_metered_line_reach_what_fetches(qtbot: QtBot, desk: SimpleNamespace) -> None:
    desk.window.sync_bar.pause_requested.emit(True)
    assert desk.gate.is_paused
    desk.window.sync_bar.pause_requested.emit(False)
    assert not desk.gate.is_paused
    desk.network.metered.emit(True)
    assert desk.gate.is_metered
    desk.network.metered.emit(False)
    assert not desk.gate.is_metered
