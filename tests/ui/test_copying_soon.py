"""What she wrote is on the platform soon after she leaves it, not minutes later."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt

from assessor_app.desk import copying_soon
from assessor_app.desk.copying_soon import LEFT_MS, PACE_S, QUIET_MS, CopyingSoon
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.domain.changes import ChangeSet
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import fill, running, serving
from tests.contract.small_content import FIRST, NOW, content
from tests.ui.desks import AT_ONCE, PASSPHRASE, Person

WRITTEN = ChangeSet.of_writing(builders.submission_id(1))


class Watched:
    """What is told, and when it would be."""

    def __init__(self, qtbot: Any) -> None:
        self._qtbot = qtbot
        self.clock, self.told = FakeClock(NOW), 0
        self.lanes = Lanes(object())
        self.copying = CopyingSoon(self.lanes, self.clock)
        self.copying.wanted.connect(self._count)

    def _count(self) -> None:
        self.told += 1

    def change(self, changes: ChangeSet = WRITTEN, owner: QObject | None = None) -> None:
        """Something is committed that a person did."""
        owner = owner or self.lanes
        before: list[Any] = []
        self.lanes.write(lambda _: changes, owner=owner, done=before.append)
        self._qtbot.waitUntil(lambda: bool(before))

    @property
    def due_ms(self) -> int:
        """After how long it will be told; -1 for not at all."""
        return self.copying._timer.interval() if self.copying._timer.isActive() else -1


@pytest.fixture
def watched(qtbot, qapp, monkeypatch):
    monkeypatch.setattr(copying_soon, "LEFT_MS", 20)
    made = Watched(qtbot)
    yield made
    made.copying.cancel()
    assert made.lanes.close()


def test_after_a_quiet_while_and_at_most_once_a_minute(qtbot, watched, monkeypatch):
    watched.change()
    assert watched.due_ms == QUIET_MS
    monkeypatch.setattr(copying_soon, "QUIET_MS", 10)
    watched.change()
    qtbot.waitUntil(lambda: watched.told == 1)
    watched.clock.advance(15)
    watched.change()
    assert watched.due_ms == (PACE_S - 15) * 1000
    watched.clock.advance(PACE_S)
    watched.change()
    qtbot.waitUntil(lambda: watched.told == 2)


def test_at_once_where_somebody_leaves_and_nothing_where_nothing_has_changed(qtbot, qapp, watched):
    watched.copying.leave()
    qtbot.waitUntil(lambda: watched.due_ms == -1)
    assert watched.told == 0
    watched.change()
    watched.copying.leave()
    # What stood in the field is committed after it was left: nothing is put off by it.
    watched.change()
    qtbot.waitUntil(lambda: watched.told == 1, timeout=QUIET_MS // 4)
    watched.change()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    qtbot.waitUntil(lambda: watched.told == 2, timeout=QUIET_MS // 4)
    watched.change()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert watched.due_ms > LEFT_MS


def test_what_a_sync_puts_in_and_what_is_no_work_are_not_copied(watched):
    watched.lanes.broadcast(WRITTEN)
    watched.change(ChangeSet(comments=True))
    assert watched.due_ms == -1


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform") / "data"
    fill(folder, content())
    with serving() as server, running(server, folder) as platform:
        yield platform


def is_on_platform(client: Any, words: str) -> bool:
    return words in client.get(f"/v1/submissions/{FIRST}/draft").text


def test_a_submission_that_is_left_is_copied_within_seconds_each_time(
    qtbot, qapp, tmp_path, served, monkeypatch
):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    person = Person(qtbot, theme, tmp_path / "profile")
    person.make_key()
    person.origin = served.origin
    desk = person.sit_down(AT_ONCE)
    person.wait_bar(desk, "Up to date")
    anna = served.client("anna")
    written = ""
    for words in ("Half a sen", "tence more"):
        desk.open_submission(FIRST)
        person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
        workspace: Any = desk.window.workspace()
        edit = workspace.panel.cards[-1].feedback.text.edit
        edit.setFocus()
        qtbot.keyClick(edit, Qt.Key.Key_End)
        qtbot.keyClicks(edit, words)
        written += words
        workspace.close_requested.emit()
        person.wait(partial(is_on_platform, anna, written))
    person.leave()
