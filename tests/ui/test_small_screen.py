"""A 1366 x 768 laptop with large text: the window stays on the screen, and nothing is cut away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assessor_app.documents.renderer import Renderer
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.long_button import LongButton, in_two
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.room_scroll import RoomScroll
from assessor_app.ui.screen_room import resize_within_screen, screen_room
from assessor_app.ui.tall_scroll import TallScroll
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.typed_words import TypedWordsDialog
from assessor_app.ui.workspaces.asked_header import AskedHeader
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.ui.workspaces.banner import Banner, BannerAct
from assessor_app.ui.workspaces.banner_view import BannerView
from tests.evidence_desk import pause, wait_until
from tests.looks.stage import Stage
from tests.looks.taking import STATES

SCREEN = QSize(1100, 700)
"""What task bar, title bar and a wish to see another window leave of a small laptop, in pixels."""
SETTLE_MS = 200
LARGE = 150
TIGHT = (
    "panel-rubric-changed",
    "denial-complete",
    "feedback-on-piece",
    "sent-taking-back",
    "two-sides-banner",
)
"""States that once made the window larger: the widest and the highest of them."""
AS_TIGHT = ("panel-resubmission", "panel-single", "continued", "unsent-written")
"""Other causes that take no more room than those."""


@pytest.fixture
def theme() -> Iterator[Theme]:
    """The look of large text; the usual one afterwards."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    made = Theme(app)
    made.apply(Scheme.LIGHT, LARGE)
    yield made
    made.apply(Scheme.LIGHT, 100)


@pytest.fixture
def stage_of(
    qtbot: QtBot, tmp_path: Path, renderer: Renderer, theme: Theme
) -> Iterator[Callable[[str], Stage]]:
    """Brings one state of judging on a small screen."""
    made: list[Stage] = []

    def bring(name: str) -> Stage:
        stage = Stage(tmp_path, renderer, theme, (SCREEN.width(), SCREEN.height()))
        made.append(stage)
        STATES[name](stage)
        pause(SETTLE_MS)
        return stage

    yield bring
    for stage in made:
        bugs = stage.bugs
        stage.close()
        assert not bugs


@pytest.mark.parametrize(
    "name", [*TIGHT, *(pytest.param(name, marks=pytest.mark.heavy) for name in AS_TIGHT)]
)
def test_window_stays_on_a_small_screen(stage_of: Callable[[str], Stage], name: str) -> None:
    window = stage_of(name).window

    assert window.size() == SCREEN
    room, page = _room_of(window)
    # On a busy machine the last of it is laid out a little later.
    wait_until(
        lambda: (
            page.minimumSizeHint().boundedTo(room.viewport().size()) == page.minimumSizeHint()
            and not _hidden(room)
        ),
        5_000,
    )
    least, given = page.minimumSizeHint(), room.viewport().size()
    assert least.boundedTo(given) == least, f"{name} needs {least} of {given}"
    assert not _hidden(room), f"{name} scrolls as a whole"
    assert not _cut(window), f"{name} cuts {_cut(window)}"


def test_twice_the_text_scrolls_and_the_keyboard_reaches_everything(
    qtbot: QtBot, stage_of: Callable[[str], Stage], theme: Theme
) -> None:
    theme.apply(Scheme.LIGHT, 200)
    window = stage_of("denial-complete").window
    room, page = _room_of(window)
    assert window.size() == SCREEN
    assert _hidden(room)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    reached = set()
    for button in page.findChildren(QPushButton):
        if button.isVisible() and button.isEnabled() and not _scrolls_in(button, room):
            button.setFocus(Qt.FocusReason.TabFocusReason)
            at = QRect(button.mapTo(room.viewport(), QPoint(0, 0)), button.size())
            assert room.viewport().rect().contains(at), button.text()
            reached.add(button.text())
    assert {"Inbox", "Back to the rubric", "Feedback on this evidence"} <= reached


def test_no_height_of_the_window_makes_it_fold_and_unfold_for_ever(stage_of: Callable[[str], Stage]) -> None:
    window = stage_of("two-sides-banner").window
    room, _ = _room_of(window)
    banner, asked = window.findChild(BannerView), window.findChild(AskedHeader)
    assert banner is not None
    assert asked is not None
    seen = set()
    for height in (*range(620, 1_140, 13), *range(1_140, 620, -17)):
        window.resize(SCREEN.width(), height)
        pause(1)
        seen.add((banner.is_folded, asked.is_open))
        assert not _hidden(room) or height < SCREEN.height(), height
    assert {(True, False), (False, True)} <= seen


def test_what_was_asked_folds_by_itself_and_as_she_wishes(stage_of: Callable[[str], Stage]) -> None:
    stage = stage_of("panel-resubmission")
    workspace = stage.window.findChild(AssessorWorkspace)
    assert workspace is not None
    asked = workspace.document.asked
    assert not asked.is_open

    stage.window.resize(SCREEN.width(), 1200)
    pause(SETTLE_MS)
    assert asked.is_open

    stage.window.resize(SCREEN)
    pause(SETTLE_MS)
    assert not asked.is_open

    asked.fold_button.click()
    pause(SETTLE_MS)
    assert asked.is_open
    assert stage.window.size() == SCREEN
    asked.fold_button.click()
    stage.window.resize(SCREEN.width(), 1200)
    pause(SETTLE_MS)
    assert not asked.is_open


def test_banner_folds_to_its_first_line_and_unfolds(qtbot: QtBot, theme: Theme) -> None:
    banner = BannerView()
    qtbot.addWidget(banner)
    lines = tuple(f"A line that says more about how this stands, number {number}." for number in range(9))
    shown = Banner(
        "warning", "scale", "The rubric changed", lines, acts=(BannerAct("see", "See it", "scale"),)
    )
    banner.resize(900, 300)
    banner.show_banner(shown, {})
    banner.show()
    banner.fit(600)
    pause(SETTLE_MS)
    assert banner.is_folded
    more = _button(banner, "More")
    assert more.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert _button(banner, "See it").isVisible()
    folded = banner.sizeHint().height()

    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    pause(SETTLE_MS)
    assert not banner.is_folded
    assert banner.minimumSizeHint().height() < folded * 2
    rest = banner.findChild(TallScroll)
    assert rest is not None
    banner.resize(900, banner.minimumSizeHint().height())
    pause(SETTLE_MS)
    # What has no room is scrolled, with the keyboard as well.
    assert rest.verticalScrollBar().maximum() > 0
    assert rest.focusPolicy() & Qt.FocusPolicy.TabFocus

    qtbot.mouseClick(_button(banner, "Less"), Qt.MouseButton.LeftButton)
    assert banner.is_folded
    banner.fit(2_000)
    assert not banner.is_folded
    assert not more.isVisible()
    banner.fit(600)
    assert banner.is_folded


def test_banner_is_as_high_as_its_words_at_once(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    banner, work = BannerView(window), QWidget(window)
    column.addWidget(banner)
    column.addWidget(work, 1)
    window.resize(1300, 1200)
    window.show()
    pause(SETTLE_MS)
    act = BannerAct("see", "See it", "scale")
    banner.show_banner(
        Banner("warning", "scale", "Changed", ("What you wrote is kept. " * 3,), acts=(act,)), {}
    )
    banner.fit(window.height())
    # Before anything else happens: a height for words in a narrow column would take the work its room.
    lines = [label.height() for label in banner.findChildren(QLabel) if label.wordWrap()]
    assert len(lines) == 2
    assert max(lines) < 2 * banner.fontMetrics().lineSpacing()
    at_once = banner.height()
    pause(SETTLE_MS)
    assert banner.height() == at_once == banner.sizeHint().height()


def test_long_button_breaks_its_words_and_cuts_none(qtbot: QtBot, theme: Theme) -> None:
    button = LongButton("Looked in this evidence; not found")
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    button.show()
    assert button.text() == "Looked in this evidence; not found"
    one_line = button.height()

    button.resize(button.minimumSizeHint())
    assert button.text().split("\n") == ["Looked in this", "evidence; not found"]
    assert button.sizeHint().height() > one_line
    assert button.accessibleName() == "Looked in this evidence; not found"
    button.resize(button.sizeHint())
    assert button.text() == "Looked in this evidence; not found"


def test_words_on_two_lines_are_even() -> None:
    assert in_two("one", len) == ("one",)
    assert in_two("aa bb cc dd", len) == ("aa bb", "cc dd")


def test_page_behind_takes_no_room(qtbot: QtBot) -> None:
    stack = PageStack()
    qtbot.addWidget(stack)
    front, behind = plain_label("In front", wraps=True), QWidget()
    behind.setMinimumSize(3_000, 3_000)
    for page in (front, behind):
        stack.addWidget(page)
    assert stack.minimumSizeHint().height() < 200
    stack.setCurrentWidget(behind)
    assert stack.minimumSizeHint() == QSize(3_000, 3_000)
    stack.setCurrentIndex(0)
    assert stack.minimumSizeHint().height() < 200
    assert [stack.widget(number) for number in range(stack.count())] == [front, behind]
    stack.removeWidget(front)
    assert stack.currentWidget() is behind
    assert (stack.currentIndex(), stack.indexOf(front)) == (0, -1)


def test_window_of_its_own_is_never_larger_than_its_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    resize_within_screen(window, 5_000, 100)
    assert window.size() == QSize(screen_room(window).width(), 100)
    assert screen_room(window).height() < window.screen().availableSize().height()


def test_dialog_higher_than_the_screen_scrolls_and_keeps_its_buttons(qtbot: QtBot) -> None:
    dialog = FittedDialog()
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    for number in range(120):
        column.addWidget(plain_label(f"Line {number}", wraps=True))
    field, go = QPushButton("In the middle", dialog), QPushButton("Do it", dialog)
    column.insertWidget(60, field)
    column.addSpacing(5)
    column.addWidget(go)
    field.setFocus()
    dialog.show()
    pause(SETTLE_MS)

    assert dialog.height() <= screen_room(dialog).height()
    assert dialog.rect().contains(go.geometry())
    held = dialog.findChild(TallScroll)
    assert held is not None
    assert held.verticalScrollBar().maximum() > 0
    assert not held.isAncestorOf(go)
    assert dialog.focusWidget() is field
    assert len([label for label in held.findChildren(QLabel) if label.isVisible()]) == 120


def test_words_given_back_after_the_lock_are_left_with_a_button_in_view(qtbot: QtBot, theme: Theme) -> None:
    theme.apply(Scheme.LIGHT, 200)
    dialog = TypedWordsDialog([(f"Question {n}", "Does the second video count?\n" * n) for n in range(1, 8)])
    qtbot.addWidget(dialog)
    dialog.show()
    pause(SETTLE_MS)
    assert dialog.height() <= screen_room(dialog).height()
    (close,) = dialog.findChildren(QPushButton)
    assert dialog.rect().contains(close.geometry())


def _room_of(window: QWidget) -> tuple[RoomScroll, QWidget]:
    """Where pages are shown, and what it holds."""
    room = window.findChild(RoomScroll)
    assert room is not None
    page = room.widget()
    assert page is not None
    return room, page


def _hidden(room: RoomScroll) -> int:
    """Pixels of the page that are out of view."""
    return room.horizontalScrollBar().maximum() + room.verticalScrollBar().maximum()


def _scrolls_in(widget: QWidget, room: RoomScroll) -> bool:
    """Whether it stands in something that scrolls by itself."""
    above = widget.parentWidget()
    while above is not None and above is not room:
        if isinstance(above, QScrollArea):
            return True
        above = above.parentWidget()
    return False


def _button(within: QWidget, words: str) -> QPushButton:
    return next(button for button in within.findChildren(QPushButton) if button.text() == words)


def _cut(window: QWidget) -> list[str]:
    """Words that have less room than they need, and buttons that stand beyond the window."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
    cut = [label.text() for label in labels if label.height() + 1 < label.heightForWidth(label.width())]
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.width() < button.minimumSizeHint().width():
            cut.append(button.text())
    return cut
