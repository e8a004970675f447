"""What a screen reader and a keyboard find in every window of the frame, at three text sizes."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import SubmissionStatus
from assessor_app.errors import StoreError
from assessor_app.ui.bug_dialog import BugDialog
from assessor_app.ui.confirm import ConfirmDialog
from assessor_app.ui.first_run import FirstRunPage
from assessor_app.ui.gate import GatePage
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.key_help import KeyHelp
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.unlock import UnlockPage
from assessor_app.ui.waiting_list import WaitingList

_spec = importlib.util.spec_from_file_location(
    "accessibility_walk", Path(__file__).with_name("accessibility_walk.py")
)
assert _spec is not None
assert _spec.loader is not None
accessibility_walk = importlib.util.module_from_spec(_spec)
sys.modules["accessibility_walk"] = accessibility_walk
_spec.loader.exec_module(accessibility_walk)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ROWS = tuple(
    InboxRow(
        id=SubmissionId(f"id-{number}"),
        code=f"S-{number:04X}",
        title="Asking questions that make thinking visible",
        status=SubmissionStatus.WAITING_ON_ASSESSOR,
        submission_type=SubmissionType.FULL_PORTFOLIO,
        due_at=NOW + timedelta(hours=number * 5),
        due_kind=None,
        final_at=NOW + timedelta(days=9),
        local_state=LocalState.NOT_STARTED,
        rated=0,
        criteria=4,
        is_resubmission=False,
        is_returned=False,
        lease_until=None,
        evidence_ready=1,
        evidence_total=3,
    )
    for number in range(6)
)


def main_window(theme: Theme) -> MainWindow:
    inbox = Inbox(lambda _ids, deliver: deliver(ROWS), lambda: NOW)
    inbox.set_order(InboxOrder.of_rows(ROWS))
    window = MainWindow(inbox, WaitingList(), theme)
    window.show_error(StoreError("The disk is full", "Your last save worked.", "Free some space."))
    return window


def at_gate(theme: Theme, page: GatePage) -> MainWindow:
    window = main_window(theme)
    window.show_gate(page)
    return window


def with_code(page: SignInPage) -> SignInPage:
    page.show_code("BCDF-GHJK", "https://assess.example.org/oauth/device", "https://assess.example.org", 600)
    return page


def at_place(theme: Theme, place: str) -> MainWindow:
    window = main_window(theme)
    window.show_place(place)
    return window


WINDOWS: dict[str, Callable[[Theme], QWidget]] = {
    "inbox": main_window,
    "waiting": lambda theme: at_place(theme, "waiting"),
    "calibration": lambda theme: at_place(theme, "calibration"),
    "keys": lambda theme: KeyHelp(KeyTable()),
    "bug": lambda theme: BugDialog("File x.py, line 3"),
    "question": lambda theme: ConfirmDialog("Send?", "It goes to the approver.", "Send"),
    "unlock": lambda theme: at_gate(theme, UnlockPage(has_recovery_code=True)),
    "sign in": lambda theme: at_gate(theme, SignInPage("assess.example.org", has_work=True)),
    "sign in elsewhere": lambda theme: at_gate(theme, with_code(SignInPage("assess.example.org"))),
    "first run": lambda theme: at_gate(theme, FirstRunPage()),
}


@pytest.mark.parametrize("name", sorted(WINDOWS))
def test_everything_that_can_be_used_has_a_name(theme, qtbot, name):
    window = WINDOWS[name](theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    assert accessibility_walk.unnamed(window) == []
    assert accessibility_walk.without_keyboard(window) == []


def test_the_walk_bites(qtbot):
    bad = QWidget()
    qtbot.addWidget(bad)
    layout = QVBoxLayout(bad)
    mouse_only = QPushButton("By mouse")
    mouse_only.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    box = QComboBox()
    box.addItem("a value is no name")
    for widget in (QLineEdit(), QToolButton(), QPushButton(), box, mouse_only):
        layout.addWidget(widget)
    bad.show()
    qtbot.waitExposed(bad)
    assert len(accessibility_walk.unnamed(bad)) == 4
    assert accessibility_walk.without_keyboard(bad) == ["QPushButton 'By mouse'"]


def test_a_row_of_the_inbox_is_one_full_sentence(theme, qtbot):
    window = main_window(theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    rows = [node.name for node in accessibility_walk.nodes(window) if node.role == "ListItem"]
    headings = [name for name in rows if name.endswith("submissions")]
    assert headings == ["Due today, 3 submissions", "Due tomorrow, 3 submissions"]
    rows = [name for name in rows if name not in headings]
    assert len(rows) == len(ROWS)
    assert rows[1].startswith("Asking questions that make thinking visible, S-0001. New. Due today")
    assert rows[1].endswith("1 of 3 files here.")


@pytest.mark.parametrize("percent", [90, 140, 200])
@pytest.mark.parametrize("name", ["inbox", "waiting", "unlock", "sign in", "first run", "question"])
def test_no_button_is_clipped_at_any_text_size(theme, qtbot, name, percent):
    theme.apply(Scheme.LIGHT, percent)
    window = WINDOWS[name](theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    assert accessibility_walk.clipped_buttons(window) == []


def test_tab_goes_through_the_window_in_reading_order(theme, qtbot):
    window = main_window(theme)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    areas = (window.navigation, window.error_bar, window.inbox, window.sync_bar)
    order: list[int] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        for number, area in enumerate(areas):
            if area.isAncestorOf(widget) and (not order or order[-1] != number):
                order.append(number)
        widget = widget.nextInFocusChain()
    assert order == [0, 1, 2, 3]
