"""Copies of drafts as people see them: in the bar, in the waiting list, above the work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from assessor_app.cache import draft_copies
from assessor_app.desk.writing_watch import WritingWatch
from assessor_app.domain.changes import ChangeSet
from assessor_app.services.views import DraftCopies, SyncState, SyncStatus
from assessor_app.sync.draft_gate import CopiesOff
from assessor_app.ui.copy_words import continued_words, copies_words
from assessor_app.ui.sync_bar import SyncBar
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui.worlds import lesson_submission, on_screen, put_work

AT = datetime(2026, 11, 24, 14, 1, tzinfo=UTC)
SUB = builders.submission_id(1)


@pytest.fixture(autouse=True)
def _english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


def copies(waiting: int = 0, **more: object) -> DraftCopies:
    return DraftCopies(waiting, **{"at": AT, "looked_at": AT, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (None, ""),
        (copies(at=None), ""),
        (copies(), "Copy on the platform: 14:01"),
        (copies(looked_at=AT + timedelta(days=1)), "Copy on the platform: yesterday 14:01"),
        (copies(1), "1 draft not yet copied to the platform"),
        (copies(2), "2 drafts not yet copied to the platform"),
        (copies(off=CopiesOff.MACHINE), ""),
        (
            copies(2, off=CopiesOff.MACHINE),
            "Drafts are on this computer only: copies are switched off on it.",
        ),
        (
            copies(2, off=CopiesOff.PLATFORM),
            "Drafts are on this computer only: the platform wants no copies.",
        ),
        (
            copies(1, off=CopiesOff.NOT_OFFERED),
            "Drafts are on this computer only: the platform takes none.",
        ),
    ],
)
def test_what_would_be_lost_with_this_computer(how, words):
    assert copies_words(how, UTC) == words


def test_the_bar_and_the_waiting_list_tell_it_beside_what_they_tell_anyway(qtbot):
    bar, waiting = SyncBar(zone=UTC), WaitingList(zone=UTC)
    for widget in (bar, waiting):
        qtbot.addWidget(widget)
        widget.show()
    bar.show_saved(AT)
    for status in (SyncStatus(SyncState.UP_TO_DATE, copies=copies(2)), SyncStatus(SyncState.SYNCING)):
        bar.show_status(status)
        waiting.show_status(status)
    assert bar.saved_text() == "Saved on this computer 14:01"
    label = next(one for one in bar.findChildren(QLabel) if one.text() == bar.saved_text())
    assert label.accessibleDescription().endswith("2 drafts not yet copied to the platform")
    told = [one.text() for one in waiting.findChildren(QLabel) if one.isVisible()]
    assert "2 drafts not yet copied to the platform" in told


def test_that_work_goes_on_from_elsewhere_is_said_once(qtbot, world):
    version = builders.rubric_version()
    put_work(world.context, lesson_submission(version), version)
    workspace = on_screen(qtbot, AssessorWorkspace(world.lanes, SUB, world.clock.now))
    notice = workspace.around.continued
    assert not notice.isVisible()
    saved_at = world.clock.now()
    with world.context.store.write() as txn:
        draft_copies.note_continued(txn, SUB, saved_at)
    world.lanes.broadcast(ChangeSet(assessments=frozenset({SUB})))
    qtbot.waitUntil(notice.isVisible)
    assert notice.words.text() == continued_words(saved_at, world.clock.now())
    assert notice.words.text().startswith("Continued from your other computer, saved there ")

    def is_told() -> bool:
        with world.context.store.read() as txn:
            return draft_copies.standing_of(txn, SUB).continued_at is None

    qtbot.waitUntil(is_told)
    assert notice.isVisible()
    notice.button.click()
    assert not notice.isVisible()
    again = on_screen(qtbot, AssessorWorkspace(world.lanes, SUB, world.clock.now))
    assert not again.around.continued.isVisible()


class Window(QWidget):
    """A window with a field in its submission, and one beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.place = QWidget(self)
        self.place.submission_id = SUB  # type: ignore[attr-defined]
        self.field, self.beside = QPlainTextEdit(self.place), QPlainTextEdit(self)
        column = QVBoxLayout(self)
        column.addWidget(self.place)
        column.addWidget(self.beside)

    def workspace(self) -> QWidget:
        return self.place


def test_what_waits_comes_when_the_field_is_left_and_all_is_saved(qtbot, world):
    window = Window()
    qtbot.addWidget(window)
    window.show()
    watch = WritingWatch(window, world.lanes, window)
    left: list[bool] = []
    watch.left.connect(lambda: left.append(True))
    window.activateWindow()
    window.beside.setFocus()
    qtbot.waitUntil(window.beside.hasFocus)
    assert not watch.is_writing(SUB)
    window.field.setFocus()
    assert watch.is_writing(SUB)
    assert not watch.is_writing(builders.submission_id(2))
    watch.show_status(SyncStatus(SyncState.UP_TO_DATE, copies=copies(is_held=True)))
    watch.show_status(SyncStatus(SyncState.SYNCING))
    assert left == []
    world.lanes.busy_with_saves.emit(1)
    window.beside.setFocus()
    assert (left, watch.is_writing(SUB)) == ([], True)
    world.lanes.busy_with_saves.emit(0)
    assert (left, watch.is_writing(SUB)) == ([True], False)
    window.field.setReadOnly(True)
    window.field.setFocus()
    assert not watch.is_writing(SUB)
    assert left == [True]
