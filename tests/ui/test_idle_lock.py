"""A machine left alone shows nothing, loses nothing, and goes on where the person was."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from assessor_app.config import MachinePolicy, load_config
from assessor_app.desk.idle_lock import IdleLock
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.domain.ids import SubmissionId
from assessor_app.ui.confirm import ConfirmDialog
from assessor_app.ui.idle import IdleWatch
from assessor_app.ui.refusal import RefusalPage
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.typed_words import TypedWordsDialog, open_dialogs
from tests.builders import FakeClock
from tests.contract.running import fill, running, serving
from tests.contract.small_content import FIRST, content
from tests.ui.desks import AT_ONCE, PASSPHRASE, Person, press, words_on

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform") / "data"
    fill(folder, content())
    with serving() as server, running(server, folder) as platform:
        yield platform


@pytest.fixture
def person(qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    someone = Person(qtbot, theme, tmp_path / "profile")
    yield someone
    someone.leave()


class Here:
    """The accounts, as far as the lock asks: one is open."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.present: Any = self


@pytest.fixture
def clock():
    return FakeClock()


def watched(clock, minutes: int):
    watch, told = IdleWatch(clock), []
    watch.left_alone.connect(lambda: told.append("left alone"))
    watch.slept.connect(lambda: told.append("slept"))
    watch.nearly.connect(lambda is_near: told.append("near" if is_near else "not near"))
    watch.set_minutes(minutes)
    return watch, told


def pass_time(watch, clock, seconds: float) -> None:
    """As the timer has it: a look every few seconds."""
    for _ in range(int(seconds // 5)):
        clock.advance(5)
        watch.look()


def test_it_warns_a_minute_before_tells_once_and_begins_anew_with_a_touch(qapp, clock):
    watch, told = watched(clock, 15)
    pass_time(watch, clock, 13 * 60 + 55)
    assert told == []
    pass_time(watch, clock, 5)
    assert told == ["near"]
    watch.touch()
    pass_time(watch, clock, 14 * 60)
    assert told == ["near", "not near", "near"]
    pass_time(watch, clock, 10 * 60)
    assert told[3:] == ["not near", "left alone"]
    watch.touch()
    pass_time(watch, clock, 15 * 60)
    assert told[5:] == ["near", "not near", "left alone"]


def test_switched_off_it_says_nothing_but_that_the_computer_slept(qapp, clock):
    watch, told = watched(clock, 0)
    pass_time(watch, clock, 24 * 3600 / 60)
    assert told == []
    # Asleep: the one clock stood still, the other did not.
    clock.jump_to(clock.now() + timedelta(hours=3))
    watch.look()
    assert told == ["slept"]
    clock.advance(3600)
    watch.look()
    assert told == ["slept", "slept"]


def test_a_clock_set_back_keeps_nobody_unlocked(qapp, clock):
    watch, told = watched(clock, 2)
    clock.jump_to(clock.now() - timedelta(days=1))
    pass_time(watch, clock, 120)
    assert "left alone" in told


def test_a_key_and_the_pointer_in_any_window_count_and_painting_does_not(qtbot, clock):
    watch, told = watched(clock, 1)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    watch.look()
    pass_time(watch, clock, 55)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    pass_time(watch, clock, 55)
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))
    pass_time(watch, clock, 55)
    assert "left alone" not in told
    window.repaint()
    pass_time(watch, clock, 5)
    assert "left alone" in told


def test_left_alone_everything_is_kept_hidden_and_found_again(person, served, qtbot, tmp_path, clock):
    person.make_key()
    person.origin = served.origin
    desk = person.sit_down(AT_ONCE)
    person.wait_bar(desk, "Up to date")
    desk.open_submission(FIRST)
    person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    workspace = desk.window.workspace()
    person.wait(lambda: len(workspace.evidence.entries()) > 1)
    wanted = workspace.evidence.entries()[-1].key
    workspace.evidence.select(wanted)
    card = workspace.panel.cards[-1]
    card.feedback.text.edit.setFocus()
    qtbot.keyClicks(card.feedback.text.edit, "Half a sen")
    question = ConfirmDialog("Send it?", "It leaves.", "Send", parent=desk.window)
    field = QLineEdit(question)
    field.setAccessibleName("Reason")
    question.open()
    qtbot.keyClicks(field, "because of a reason")
    lanes = Lanes(None)
    settings = KeptSettings(load_config(data_dir=tmp_path / "data", policy=MachinePolicy()), lanes)
    lock = IdleLock(Here(desk), settings, clock, settings)
    QGuiApplication.clipboard().setText("words of a learner")
    desk.keep_what_was_typed()
    person.wait(lambda: not desk.lanes.pending_saves())
    rounds: list[Any] = []
    desk.rounds.settled.connect(rounds.append)
    lock.watch.touch()
    pass_time(lock.watch, clock, 14 * 60)
    assert desk.window.lock_notice.isVisible()
    # Locked, nothing is sent: what she wrote is copied while there is still time.
    person.wait(lambda: rounds and rounds[-1].copies.at is not None and not rounds[-1].copies.waiting)
    pass_time(lock.watch, clock, 60)
    person.wait(lambda: not desk.is_open)
    assert open_dialogs() == []
    assert not desk.window.lock_notice.isVisible()
    assert QGuiApplication.clipboard().text() == ""
    assert desk.window.workspace() is None
    assert desk.window.inbox.model.known_row(SubmissionId(FIRST)) is None
    gate = person.wait_gate(desk, RefusalPage)
    assert "Everything you wrote is kept." in words_on(gate)
    press(qtbot, gate, "Unlock")
    person.wait(lambda: desk.is_open)
    person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    workspace = desk.window.workspace()
    texts = {f.text for f in workspace.opened.assessment.feedback}
    assert "Half a sen" in texts
    person.wait(lambda: workspace.evidence.current_entry().key == wanted)
    person.wait(lambda: any(isinstance(d, TypedWordsDialog) for d in open_dialogs()))
    given_back = open_dialogs()[-1]
    assert "Send it?: Reason" in words_on(given_back)
    given_back.accept()
    settings.deleteLater()
    assert lanes.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is Linux's")
def test_the_desktop_says_that_the_screen_is_locked(tmp_path):
    if not any(os.access(Path(place) / "dbus-run-session", os.X_OK) for place in os.get_exec_path()):
        pytest.skip("no D-Bus here")
    script = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from assessor_app.ui.screen_lock import ScreenLock
app = QCoreApplication([])
lock = ScreenLock()
lock.locked.connect(lambda: (print("locked"), app.quit()))
saver = "org.freedesktop.ScreenSaver"
told = QDBusMessage.createSignal("/" + saver.replace(".", "/"), saver, "ActiveChanged")
told.setArguments([True])
QTimer.singleShot(0, lambda: QDBusConnection.sessionBus().send(told))
QTimer.singleShot(10_000, app.quit)
app.exec()
"""
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "locked", done.stderr
