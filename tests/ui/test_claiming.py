"""Taking work, giving it back and keeping it longer: the dialogs, and the whole way on a real platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QListWidget

from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.desk.way import SignInWay
from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome, QueueCount
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox import LocalState
from assessor_app.domain.roles import Role
from assessor_app.errors import Offline
from assessor_app.tour.demo import walk_through_sign_in
from assessor_app.ui.bulk_dialog import BulkDialog
from assessor_app.ui.claim_dialog import ClaimDialog, CountBox
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.theme import Scheme, Theme
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import QUEUED, content
from tests.inbox_rows import DAY, NOW, LaterStore, inbox_row
from tests.ui.desks import PASSPHRASE, Person, press, words_on

A = ClaimAnswer
ONE, TWO = MicrocredentialId("mc-1"), MicrocredentialId("mc-2")
QUEUE = [QueueCount(ONE, "Asking questions", 12), QueueCount(TWO, "Giving feedback", 1)]
OFFLINE = Offline("The platform cannot be reached", "Your work is safe.", "")


@pytest.fixture
def claim(qtbot) -> ClaimDialog:
    made = ClaimDialog()
    qtbot.addWidget(made)
    made.show()
    made.show_queue(QUEUE)
    return made


def boxes(dialog: ClaimDialog) -> list[CountBox]:
    return dialog.findChildren(CountBox)


def test_numbers_are_chosen_by_keyboard_and_taken(claim: ClaimDialog, qtbot) -> None:
    wanted: list[dict] = []
    claim.claim_wanted.connect(wanted.append)
    first, second = boxes(claim)
    assert first.accessibleName() == "How many to take of Asking questions, 12 waiting"
    assert (first.most, second.most) == (12, 1)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Up)
    qtbot.keyClick(first, Qt.Key.Key_Up)
    qtbot.keyClick(second, Qt.Key.Key_Up)
    press(qtbot, claim, "Take 3")
    assert wanted == [{ONE: 2, TWO: 1}]


def test_a_wheel_takes_nothing(claim: ClaimDialog, qtbot) -> None:
    box = boxes(claim)[0]
    box.setFocus()
    here = QPointF(box.rect().center())
    turn = QWheelEvent(
        here,
        QPointF(box.mapToGlobal(box.rect().center())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert box.value() == 0


def test_what_came_of_each_queue_is_said(claim: ClaimDialog, qtbot) -> None:
    boxes(claim)[0].set_value(3)
    boxes(claim)[1].set_value(1)
    press(qtbot, claim, "Take 4")
    claim.show_progress([ClaimOutcome(A.DONE)])
    outcomes = (
        ClaimOutcome(A.DONE, SubmissionId("s"), ONE, NOW + 2 * DAY),
        ClaimOutcome(A.NOTHING_LEFT, microcredential_id=ONE),
        ClaimOutcome(A.CONFLICT, microcredential_id=TWO),
    )
    claim.show_done(outcomes, NOW)
    words = words_on(claim)
    assert "1 of 4 were taken." in words
    assert "yours until Thursday" in words
    assert "Nothing is left in this queue." in words
    assert "Conflict of interest: somebody else has to judge what is left." in words


def test_esc_stops_first_and_closes_then(claim: ClaimDialog, qtbot) -> None:
    stopped: list[bool] = []
    claim.stop_wanted.connect(lambda: stopped.append(True))
    boxes(claim)[0].set_value(2)
    press(qtbot, claim, "Take 2")
    qtbot.keyClick(claim, Qt.Key.Key_Escape)
    assert stopped == [True]
    assert claim.isVisible()
    claim.show_done((ClaimOutcome(A.DONE, SubmissionId("s"), ONE, NOW + DAY),), NOW)
    qtbot.keyClick(claim, Qt.Key.Key_Escape)
    assert not claim.isVisible()


def test_offline_says_so_and_asks_again(qtbot) -> None:
    dialog = ClaimDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    asked: list[bool] = []
    dialog.again_wanted.connect(lambda: asked.append(True))
    dialog.show_trouble(OFFLINE)
    assert "Taking work needs a connection. Nothing was taken." in words_on(dialog)
    press(qtbot, dialog, "Try again")
    assert asked == [True]
    dialog.show_queue([])
    assert "Nothing waits in the queue just now." in words_on(dialog)


def test_giving_back_says_what_is_kept_and_what_came_of_each(qtbot) -> None:
    rows = [inbox_row(1, local_state=LocalState.DRAFT, rated=2), inbox_row(2)]
    dialog = BulkDialog(rows, gives_back=True)
    qtbot.addWidget(dialog)
    dialog.show()
    wanted: list[list] = []
    dialog.go_wanted.connect(wanted.append)
    assert "stays on this computer" in words_on(dialog)
    listed = dialog.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    assert listed.item(0).text().endswith("begun, kept on this computer")
    title = dialog.findChild(QLabel)
    assert isinstance(title, QLabel)
    assert title.height() < 2 * title.fontMetrics().lineSpacing()
    press(qtbot, dialog, "Give back 2")
    assert wanted == [["id-1", "id-2"]]
    done = (ClaimOutcome(A.DONE, rows[0].id), ClaimOutcome(A.WAITS_TO_BE_SENT, rows[1].id))
    dialog.show_done(done, NOW)
    assert listed.item(0).text() == "S-0001 · given back"
    assert "waits to be sent" in listed.item(1).text()
    assert "1 of 2 given back." in words_on(dialog)


def test_the_safe_answer_has_the_focus(qtbot) -> None:
    dialog = BulkDialog([inbox_row(1)], gives_back=True)
    qtbot.addWidget(dialog)
    dialog.show()
    wanted: list[list] = []
    dialog.go_wanted.connect(wanted.append)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert wanted == []
    assert not dialog.isVisible()


def test_keeping_longer_says_until_when(qtbot) -> None:
    rows = [inbox_row(1), inbox_row(2)]
    dialog = BulkDialog(rows, gives_back=False)
    qtbot.addWidget(dialog)
    dialog.show()
    press(qtbot, dialog, "Keep 2")
    dialog.show_done((ClaimOutcome(A.DONE, rows[0].id, lease_until=NOW + 2 * DAY),), NOW)
    listed = dialog.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    assert listed.item(0).text().startswith("S-0001 · yours until Thursday")


def test_several_are_chosen_by_keyboard_and_headings_are_not_work(qtbot) -> None:
    store = LaterStore([inbox_row(n) for n in range(3)])
    inbox = Inbox(store.fetch, lambda: NOW)
    actions = InboxActions(inbox, KeyTable())
    qtbot.addWidget(inbox)
    inbox.set_order(store.order)
    store.answer()
    inbox.show()
    released: list[list] = []
    actions.release_wanted.connect(released.append)
    inbox.focus_list()
    qtbot.keyClick(inbox.list, Qt.Key.Key_Home)
    for _ in range(2):
        qtbot.keyClick(inbox.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    release = next(action for action in inbox.actions() if action.objectName() == "inbox.release")
    release.trigger()
    assert [[row.id for row in rows] for rows in released] == [["id-0", "id-1"]]


def test_nothing_is_taken_away_silently(qtbot) -> None:
    store = LaterStore([inbox_row(n) for n in range(3)])
    inbox = Inbox(store.fetch, lambda: NOW)
    InboxActions(inbox, KeyTable())
    qtbot.addWidget(inbox)
    inbox.set_order(store.order)
    store.answer()
    inbox.show()
    # A filter takes nothing away.
    inbox.set_order(replace(store.order_of(store.ids[:1]), total=3))
    store.answer()
    assert "any more" not in words_on(inbox)
    inbox.set_order(store.order_of(store.ids[:2]))
    store.answer()
    assert "Not in your inbox any more: S-0002. What you wrote of it is kept" in words_on(inbox)
    inbox.set_order(store.order_of(store.ids[:1]))
    assert "Not in your inbox any more: S-0002, S-0001." in words_on(inbox)
    inbox.open_search()
    inbox.forget()
    assert "any more" not in words_on(inbox)
    assert not inbox.is_searching


def test_an_approver_takes_nothing_from_the_queue(qtbot) -> None:
    inbox = Inbox(LaterStore([]).fetch, lambda: NOW, role=Role.APPROVER)
    InboxActions(inbox, KeyTable())
    qtbot.addWidget(inbox)
    assert not {a.objectName() for a in inbox.actions()} & {"inbox.claim", "inbox.release", "inbox.renew"}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("platform") / "data"
    lay(folder, content)
    with serving() as server, running(server, folder) as platform:
        yield platform


@pytest.fixture
def bert(qtbot, qapp, tmp_path: Path, monkeypatch, served: Running) -> Iterator[Person]:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    someone = Person(qtbot, theme, tmp_path / "profile", served.origin)
    yield someone
    someone.leave()


def test_work_is_taken_and_given_back_in_the_window(bert: Person, qtbot) -> None:
    bert.make_key()
    desk = bert.sit_down(SignInWay(account="bert", browser=walk_through_sign_in, is_automatic=True))
    bert.wait_bar(desk, "Up to date")
    inbox = desk.window.inbox
    press(qtbot, inbox, "Take work…")
    dialog = desk.window.findChild(ClaimDialog)
    assert isinstance(dialog, ClaimDialog)
    bert.wait(lambda: boxes(dialog))
    boxes(dialog)[0].set_value(1)
    press(qtbot, dialog, "Take 1")
    bert.wait(lambda: "1 submission is yours." in words_on(dialog))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    bert.wait(lambda: inbox.model.known_row(SubmissionId(QUEUED)) is not None)
    inbox.focus_list()
    bert.wait(lambda: inbox.list.selected_ids() == (QUEUED,))
    next(a for a in inbox.actions() if a.objectName() == "inbox.release").trigger()
    asked = desk.window.findChild(BulkDialog)
    assert isinstance(asked, BulkDialog)
    press(qtbot, asked, "Give it back")
    bert.wait(lambda: "1 of 1 given back." in words_on(asked))
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    bert.wait(lambda: inbox.model.total == 0)
