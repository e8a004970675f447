"""The window: places, an open submission, gates that hold, menus from the key table, F6, errors, links."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.roles import Role
from assessor_app.errors import SignInNeeded, StoreError, WrongPassphrase
from assessor_app.ui.bug_dialog import BugDialog
from assessor_app.ui.confirm import ConfirmDialog
from assessor_app.ui.external_links import host_shown, open_external
from assessor_app.ui.first_run import FirstRunPage
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.key_help import KeyHelp
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.palette import CommandPalette
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.unlock import UnlockPage
from assessor_app.ui.waiting_list import WaitingList

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
UI = Path(__file__).parents[2] / "assessor_app" / "ui"


@pytest.fixture
def window(qtbot, qapp):
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    inbox = Inbox(lambda ids, deliver: deliver(()), lambda: NOW)
    made = MainWindow(inbox, WaitingList(), theme, role=Role.ASSESSOR)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    theme.apply(Scheme.LIGHT, 100)


class Workspace(QWidget):
    """Two panes and an action of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = QLineEdit(self), QLineEdit(self)
        layout = QVBoxLayout(self)
        for field in (self.left, self.right):
            field.setAccessibleName("pane")
            layout.addWidget(field)
        self.ran: list[str] = []
        self.addAction(KeyTable().action("criterion.next", self, self.run))

    def run(self) -> None:
        self.ran.append("next")

    def panes(self) -> list[QWidget]:
        return [self.left, self.right]


def menu_action(window: MainWindow, entry_id: str) -> QAction:
    title = KeyTable().entry(entry_id).title
    for menu in window.menuBar().actions():
        held = menu.menu()
        assert held is not None
        for action in held.actions():  # type: ignore[attr-defined]
            if action.text() == title:
                return action
    raise AssertionError(entry_id)


def test_places_are_shown_and_marked(window, qtbot):
    shown: list[str] = []
    window.place_shown.connect(shown.append)
    for place in ("waiting", "calibration", "inbox"):
        window.show_place(place)
    assert shown == ["waiting", "calibration", "inbox"]
    assert window.windowTitle() == "Assessor Workstation"
    with pytest.raises(KeyError):
        window.show_place("nowhere")


def test_a_lead_starts_with_questions_and_reports(window, qtbot, qapp):
    assert window.place_for(Role.LEAD) == "reports"
    inbox = Inbox(lambda ids, deliver: deliver(()), lambda: NOW)
    made = MainWindow(inbox, WaitingList(), Theme(qapp), role=Role.LEAD)
    qtbot.addWidget(made)
    page = QWidget()
    made.set_reports(page)
    assert page.window() is made
    assert not page.isHidden()
    assert made.calibration.objectName() == "lead_workspace"
    assert menu_action(made, "view.reports").isVisible()
    assert not menu_action(window, "view.reports").isVisible()
    assert window.calibration.objectName() == "calibration"


def test_a_wide_submission_never_makes_the_window_wider(window, qtbot):
    wide = Workspace()
    window.navigation.set_compact(True)
    wide.left.setMinimumWidth(1060 - window.navigation.minimumSizeHint().width())
    window.navigation.set_compact(False)
    window.show_workspace(wide, "S-4F2K")
    QApplication.processEvents()
    assert window.minimumSizeHint().width() <= 1100
    for place in ("inbox", "workspace", "waiting"):
        window.show_place(place)
        QApplication.processEvents()
        assert window.minimumSizeHint().width() <= 1100, place
    assert window.place_for(Role.ASSESSOR) == "inbox"


def test_an_open_submission_stays_open_behind_the_places(window, qtbot):
    work = Workspace()
    window.show_workspace(work, "S-4F2K")
    assert window.windowTitle() == "S-4F2K - Assessor Workstation"
    window.show_place("inbox")
    assert window.workspace() is work
    window.show_place("workspace")
    assert work.isVisible()
    window.close_workspace()
    assert window.workspace() is None
    assert window.inbox.isVisible()


def test_menus_hold_the_actions_of_the_page_that_is_shown(window, qtbot):
    assert not menu_action(window, "criterion.next").isEnabled()
    work = Workspace()
    window.show_workspace(work, "S-4F2K")
    menu_action(window, "criterion.next").trigger()
    work.left.setFocus()
    qtbot.keyClick(work.left, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert work.ran == ["next", "next"]
    window.show_place("inbox")
    assert not menu_action(window, "criterion.next").isEnabled()


def test_a_page_keeps_its_actions_while_the_menus_show_those_of_another(window, qtbot):
    work = Workspace()
    window.show_workspace(work, "S-4F2K")
    window.show_place("inbox")
    window.show_place("workspace")
    work.left.setFocus()
    qtbot.keyClick(work.left, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    menu_action(window, "criterion.next").trigger()
    assert work.ran == ["next", "next"]


def test_a_gate_hides_the_work_until_it_is_opened(window, qtbot):
    page = UnlockPage()
    window.show_gate(page)
    assert page.isVisible()
    assert not window.navigation.isVisible()
    window.show_place("inbox")
    window.show_workspace(Workspace(), "S-4F2K")
    assert page.isVisible()
    assert not menu_action(window, "view.inbox").isEnabled()
    window.open_gate()
    work = window.workspace()
    assert work is not None
    assert work.isVisible()
    assert menu_action(window, "view.inbox").isEnabled()


def test_one_gate_takes_the_place_of_another(window, qtbot):
    window.show_gate(UnlockPage())
    second = FirstRunPage()
    window.show_gate(second)
    assert second.isVisible()
    window.open_gate()
    assert window.inbox.isVisible()


def test_f6_goes_from_pane_to_pane_and_back(window, qtbot):
    work = Workspace()
    window.show_workspace(work, "S-4F2K")
    work.left.setFocus()

    def press(modifier=Qt.KeyboardModifier.NoModifier):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, modifier)
        return QApplication.focusWidget()

    assert press() is work.right
    assert window.sync_bar.isAncestorOf(press())
    assert window.navigation.isAncestorOf(press())
    assert press() is work.left
    assert window.navigation.isAncestorOf(press(Qt.KeyboardModifier.ShiftModifier))


def test_known_trouble_is_a_bar_with_what_happened_and_what_to_do(window, qtbot):
    window.show_error(StoreError("The disk is full", "Your last save worked at 14:02.", "Free some space."))
    words = [label.text() for label in window.error_bar.findChildren(QLabel)]
    assert words[1:] == ["The disk is full", "Your last save worked at 14:02.", "Free some space."] or {
        "The disk is full",
        "Your last save worked at 14:02.",
        "Free some space.",
    } <= set(words)
    assert QApplication.activeModalWidget() is None
    qtbot.mouseClick(window.error_bar.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert not window.error_bar.isVisible()


def test_a_bug_that_repeats_opens_one_dialog(window, qtbot):
    window.show_bug("File x.py, line 3")
    window.show_bug("File x.py, line 3")
    dialogs = window.findChildren(BugDialog)
    assert len(dialogs) == 1
    dialogs[0]._copy()
    assert QApplication.clipboard().text() == "File x.py, line 3"
    dialogs[0].close()


def test_colours_and_text_size_are_chosen_in_the_menu(window, qtbot):
    menu_action(window, "theme.dark").trigger()
    assert menu_action(window, "theme.dark").isChecked()
    assert not menu_action(window, "theme.light").isChecked()
    before = QApplication.font().pointSizeF()
    menu_action(window, "text.larger").trigger()
    assert QApplication.font().pointSizeF() > before


def test_key_help_lists_and_finds_keys(qtbot):
    sheet = KeyHelp(KeyTable())
    qtbot.addWidget(sheet)
    assert ("Highlight", "Alt+1") in sheet.shown_rows()
    sheet._search.setText("alt+1")
    assert sheet.shown_rows() == [("Highlight", "Alt+1")]


def test_the_palette_finds_and_runs_what_can_be_done(window, qtbot):
    work = Workspace()
    window.show_workspace(work, "S-4F2K")
    menu_action(window, "help.palette").trigger()
    palette = window.findChild(CommandPalette)
    qtbot.keyClicks(palette._field, "next crit")
    qtbot.keyClick(palette._field, Qt.Key.Key_Return)
    assert work.ran == ["next"]


def test_a_wrong_passphrase_says_that_the_work_is_safe(qtbot):
    page = UnlockPage(has_recovery_code=True)
    qtbot.addWidget(page)
    page.resize(800, 600)
    page.show()
    given: list[str] = []
    page.passphrase_given.connect(given.append)
    page.recovery_code_given.connect(lambda code: given.append(f"code {code}"))
    assert not page._unlock.isEnabled()
    qtbot.keyClicks(page._field, "wrong")
    qtbot.keyClick(page._field, Qt.Key.Key_Return)
    page.show_busy(True)
    page.show_error(WrongPassphrase("Wrong passphrase", "Your work is safe and still locked.", "Try again."))
    assert page.said() == "Wrong passphrase. Your work is safe and still locked. Try again."
    assert page._field.isEnabled()
    qtbot.mouseClick(page._other, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page._field, "1234")
    qtbot.keyClick(page._field, Qt.Key.Key_Return)
    assert given == ["wrong", "code 1234"]


def test_signing_in_can_be_cancelled_and_tried_again(qtbot):
    page = SignInPage("assess.example.org")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    heard: list[str] = []
    page.sign_in_requested.connect(lambda: heard.append("sign in"))
    page.cancelled.connect(lambda: heard.append("cancel"))
    qtbot.mouseClick(page._button, Qt.MouseButton.LeftButton)
    assert page._cancel.isVisible()
    QApplication.processEvents()  # lays out what has just been shown
    qtbot.mouseClick(page._cancel, Qt.MouseButton.LeftButton)
    page.show_error(SignInNeeded("Not signed in", "The platform did not answer. Your work is safe."))
    assert page._button.isVisible()
    assert "Your work is safe" in page.said()
    assert heard == ["sign in", "cancel"]


def test_the_question_has_the_safe_answer_ready(qtbot):
    dialog = ConfirmDialog("Deny?", "<b>The learner reads this</b>", "Deny", dangerous=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.focusWidget().objectName() == "confirm_cancel"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == ConfirmDialog.DialogCode.Rejected


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://docs.example.org/a?b=c", "docs.example.org"),
        ("http://b\u00fccher.example/", "xn--bcher-kva.example"),
        ("https://\u0430pple.example/", "xn--pple-43d.example"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("ms-word:ofe|u|https://x.example", None),
        ("https://platform.example@evil.example/", None),
        ("https://good.example\\@evil.example/", None),
        ("https://", None),
        ("\\\\server\\share", None),
        ("https://x.example/\u0000", None),
        ("https://x.example/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_only_plain_web_addresses_are_opened_and_their_host_is_shown_in_ascii(address, host):
    assert host_shown(address) == host


def test_nothing_is_opened_before_the_person_has_seen_the_host(qtbot):
    parent, opened, asked = QWidget(), [], []
    qtbot.addWidget(parent)

    def no(_parent, title, _text, _act):
        asked.append(title)
        return False

    def opener(url):
        opened.append(url.toString())
        return True

    assert not open_external("https://x.example/a", parent, ask=no, open_url=opener)
    assert not open_external("file:///etc/passwd", parent, ask=no, open_url=opener)
    assert asked == ["Open x.example in your browser?"]
    assert opened == []
    assert open_external("https://x.example/a", parent, ask=lambda *_: True, open_url=opener)
    assert opened == ["https://x.example/a"]


def test_addresses_are_opened_in_one_place_only():
    for source in sorted(UI.parent.rglob("*.py")):
        if source.name == "external_links.py":
            continue
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
            assert name not in {"QDesktopServices", "startfile"}, source
            if isinstance(node, ast.Import):
                assert "webbrowser" not in {alias.name for alias in node.names}, source


def test_labels_are_made_plain_everywhere():
    """Who calls QLabel with a text gets rich text guessed; `plain_label` is the way."""
    for source in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"QLabel", "QMessageBox"}:
                assert not any(isinstance(a, ast.Constant | ast.JoinedStr) for a in node.args), source
                assert source.name in {"plain_text.py", "icons.py"}, f"{source.name}:{node.lineno}"
