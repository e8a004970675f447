"""Getting ready for a trip in the window, on a real platform, and the line above the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton

from assessor_app.cache import evidence
from assessor_app.desk.desk import Desk
from assessor_app.desk.trips import TripDesk
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox_groups import Group
from assessor_app.domain.roles import Role
from assessor_app.domain.trips import Preset
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.refusal import RefusalPage
from assessor_app.ui.size_words import size_words
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.trip.choosing import UntilEdit
from assessor_app.ui.trip.trip_dialog import TripDialog
from assessor_app.ui.trip.trip_line import TripLine
from assessor_app.ui.trip.trip_words import preset_words, work_words
from assessor_app.ui.workspaces.base import Workspace
from assessor_app.vault.keys import MasterKey
from tests.contract.running import Running, fill, running, serving
from tests.contract.small_content import ARTIFACT, FIRST, SETTLED
from tests.inbox_rows import NOW, LaterStore
from tests.trip_content import trip_content
from tests.ui import accessibility_walk
from tests.ui.desks import PASSPHRASE, Person, press, words_on

CODE, LENT = f"S-{FIRST[-4:]}", f"S-{SETTLED[-4:]}"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Running]:
    """A platform on which it is now."""
    now = datetime.now(UTC).replace(microsecond=0)
    folder = tmp_path / "platform"
    fill(folder, trip_content(now))
    with serving() as server, running(server, folder) as platform:
        platform.clock.at = now
        yield platform


@pytest.fixture
def anna(qtbot, qapp, tmp_path: Path, monkeypatch, served: Running) -> Iterator[Person]:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    someone = Person(qtbot, theme, tmp_path / "profile", served.origin)
    yield someone
    someone.leave()


@pytest.fixture
def key(anna: Person) -> MasterKey:
    return anna.make_key()


def sit_down(anna: Person) -> Desk:
    desk = anna.sit_down()
    anna.wait_bar(desk, "Up to date")
    return desk


def connected(desk: Desk) -> TripDesk:
    found = desk.findChild(TripDesk)
    assert isinstance(found, TripDesk)
    return found


def open_window(anna: Person, desk: Desk) -> TripDialog:
    action = next(a for a in desk.window.inbox.actions() if a.objectName() == "inbox.trip")
    action.trigger()

    def shown() -> TripDialog | None:
        dialog = connected(desk).dialog
        return dialog if dialog is not None and dialog.isVisible() else None

    anna.wait(shown)
    dialog = shown()
    assert dialog is not None
    return dialog


def choose(dialog: TripDialog, *codes: str) -> None:
    listed = dialog.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    for row in range(listed.count()):
        item = listed.item(row)
        is_in = item.text().startswith(codes)
        item.setCheckState(Qt.CheckState.Checked if is_in else Qt.CheckState.Unchecked)


def get_ready(anna: Person, dialog: TripDialog) -> None:
    press(anna.qtbot, dialog, "Get everything and check")
    anna.wait(lambda: dialog.is_running)
    anna.wait(lambda: not dialog.is_running)


def file_path(anna: Person, key: MasterKey) -> Path:
    store = anna.store(key)
    with store.read() as txn:
        file = next(f for f in evidence.files(txn, SubmissionId(FIRST)) if f.artifact_id == ARTIFACT)
    store.close()
    return evidence.path_of(store, file.blob_id)


def test_everything_is_got_and_checked_and_the_inbox_says_so(anna: Person, key: MasterKey, qtbot) -> None:
    desk = sit_down(anna)
    dialog = open_window(anna, desk)
    press(qtbot, dialog, "In a week")
    choose(dialog, CODE)
    assert "1 chosen: about" in words_on(dialog)
    assert "Reckoned at 2 minutes a page" in words_on(dialog)
    get_ready(anna, dialog)
    assert dialog.verdict().startswith("Ready: 1 of 1, about")
    assert "2 files read and opened · rubric · history · yours without an end" in words_on(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    line, model = connected(desk).line, desk.window.inbox.model
    anna.wait(lambda: "this 1 first. Ready: 1 of 1" in line.words())
    assert line.isVisible()
    assert (model.item_at(0), model.item_at(1)) == (Group.TRIP, FIRST)
    # A restart keeps the trip and what was found.
    desk.window.close()
    later = sit_down(anna)
    anna.wait(lambda: "this 1 first. Ready: 1 of 1" in connected(later).line.words())
    press(qtbot, connected(later).line, "End the trip")
    anna.wait(lambda: not connected(later).line.isVisible())
    assert later.window.inbox.model.item_at(0) is not Group.TRIP


def test_what_is_not_ready_says_what_to_do_and_the_button_does_it(
    anna: Person, key: MasterKey, qtbot
) -> None:
    desk = sit_down(anna)
    dialog = open_window(anna, desk)
    press(qtbot, dialog, "In a week")
    choose(dialog, CODE, LENT)
    path = file_path(anna, key)
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    get_ready(anna, dialog)
    assert dialog.verdict() == "Not ready: 2 things"
    words = words_on(dialog)
    assert "Artifact 1.pdf is damaged on this computer: it is not what was fetched." in words
    assert "could not be kept longer: It was given to you and not taken from a queue" in words
    assert accessibility_walk.unnamed(dialog) == []
    assert accessibility_walk.without_keyboard(dialog) == []
    press(qtbot, dialog, "Fetch again")
    anna.wait(lambda: dialog.is_running)
    anna.wait(lambda: not dialog.is_running)
    assert dialog.verdict() == "Not ready: 1 thing"
    # What cannot be kept can still be opened now.
    press(qtbot, dialog, "Open it")
    anna.wait(lambda: desk.window.workspace() is not None)
    workspace = desk.window.workspace()
    assert isinstance(workspace, Workspace)
    assert workspace.submission_id == SETTLED


def test_offline_it_is_checked_all_the_same(anna: Person, key: MasterKey, served: Running, qtbot) -> None:
    sit_down(anna).window.close()
    file_path(anna, key).unlink()
    anna.origin = "http://127.0.0.1:9"
    desk = anna.sit_down()
    anna.wait_open(desk)
    dialog = open_window(anna, desk)
    press(qtbot, dialog, "Sunday")
    choose(dialog, CODE)
    get_ready(anna, dialog)
    assert dialog.verdict() == "Not ready: 1 thing"
    assert "Artifact 1.pdf is not on this computer." in words_on(dialog)


def test_a_stopped_check_goes_on(anna: Person, key: MasterKey, qtbot) -> None:
    desk = sit_down(anna)
    dialog = open_window(anna, desk)
    press(qtbot, dialog, "In a week")
    choose(dialog, "S-")
    press(qtbot, dialog, "Get everything and check")
    anna.wait(lambda: dialog.is_running)
    press(qtbot, dialog, "Stop")
    anna.wait(lambda: not dialog.is_running)
    assert not dialog.verdict().startswith("Ready")
    # The window may be closed while it goes on: the line says how far it is.
    button = next(b for b in dialog.findChildren(QPushButton) if b.isVisible() and "heck" in b.text())
    press(qtbot, dialog, button.text())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    line = connected(desk).line
    anna.wait(lambda: "Not ready: 1 thing" in line.words())
    dialog = open_window(anna, desk)
    anna.wait(lambda: dialog.verdict() == "Not ready: 1 thing")


def test_locking_in_the_middle_leaves_nothing_open(anna: Person, key: MasterKey, qtbot) -> None:
    desk = sit_down(anna)
    dialog = open_window(anna, desk)
    choose(dialog, "S-")
    press(qtbot, dialog, "Get everything and check")
    anna.wait(lambda: dialog.is_running)
    desk.lock()
    assert not [line for line in desk.window.inbox.findChildren(TripLine) if line.isVisible()]
    press(qtbot, anna.wait_gate(desk, RefusalPage), "Unlock")
    anna.wait_open(desk)
    anna.wait(lambda: "these 3 first" in connected(desk).line.words())


def test_a_date_in_the_past_and_an_empty_choice_are_no_trip(anna: Person, key: MasterKey, qtbot) -> None:
    dialog = open_window(anna, sit_down(anna))
    go = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Get everything and check")
    choose(dialog, CODE)
    assert go.isEnabled()
    choose(dialog)
    assert not go.isEnabled()
    choose(dialog, CODE)
    edit = dialog.findChild(UntilEdit)
    assert isinstance(edit, UntilEdit)
    edit.setDateTime(edit.dateTime().addDays(-30))
    assert not go.isEnabled()
    assert "This is in the past." in words_on(dialog)
    edit.setDateTime(edit.dateTime().addDays(90))
    assert "Nothing is kept for you longer than 30 days from now." in words_on(dialog)


def test_a_wheel_changes_no_date(qtbot) -> None:
    edit = UntilEdit()
    qtbot.addWidget(edit)
    edit.show()
    edit.setFocus()
    before = edit.dateTime()
    here = QPointF(edit.rect().center())
    turn = QWheelEvent(
        here,
        QPointF(edit.mapToGlobal(edit.rect().center())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(edit, turn)
    assert edit.dateTime() == before


def test_who_has_no_inbox_of_work_has_no_trip(qtbot) -> None:
    for role, is_offered in ((Role.ASSESSOR, True), (Role.APPROVER, True), (Role.LEAD, False)):
        inbox = Inbox(LaterStore([]).fetch, lambda: NOW, role=role)
        InboxActions(inbox, KeyTable())
        qtbot.addWidget(inbox)
        assert ("inbox.trip" in {a.objectName() for a in inbox.actions()}) is is_offered


def test_sizes_and_hours_are_no_finer_than_they_are() -> None:
    assert [size_words(n) for n in (0, 4_250_000, 182_400_000)] == ["0 bytes", "4.3 MB", "182 MB"]
    assert [work_words(n) for n in (7, 62, 118, 372)] == [
        "about 5 minutes of work",
        "about 60 minutes of work",
        "about 120 minutes of work",
        "about 6 hours of work",
    ]
    assert len({preset_words(preset) for preset in Preset}) == len(Preset)
