"""Words that would be HTML, given to what shows words: they stand there as written, and no file is opened."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton, QTextEdit, QToolTip, QWidget

from assessor_app.domain.comment_bank import KnownPlace
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.domain.matches import Excerpt, Run
from assessor_app.errors import KnownError
from assessor_app.ui.bug_dialog import BugDialog
from assessor_app.ui.confirm import ConfirmDialog
from assessor_app.ui.conflict.side_text import SideText
from assessor_app.ui.error_view import ErrorBar
from assessor_app.ui.inbox_filter_bar import FilterBar
from assessor_app.ui.inbox_views import ArrangeViewsDialog
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import ElidedLabel, plain_label, set_plain_tooltip
from assessor_app.ui.scoring.bank.entry_form import EntryForm
from assessor_app.ui.scoring.caption import Caption
from assessor_app.ui.scoring.likeness.passage_text import PassageText
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from tests.ui.viewers.evidence_files import colours_in

MAGENTA = "#ff00ff"
IN_OPEN = 0x20


class Watched:
    """A picture on this computer, and whether anybody has opened it: the kernel tells (inotify)."""

    def __init__(self, path: Path) -> None:
        image = QImage(60, 60, QImage.Format.Format_RGB32)
        image.fill(QColor(MAGENTA))
        assert image.save(str(path))
        self.words = f'<b>bold</b><img src="{path}"><img src="file://{path}"> & more'
        self._watch = -1
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            self._watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            assert libc.inotify_add_watch(self._watch, os.fsencode(path), IN_OPEN) >= 0

    def was_opened(self) -> bool:
        """Whether it was opened since the last time of asking; never told but on Linux."""
        if self._watch < 0:
            return False
        try:
            return bool(os.read(self._watch, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        if self._watch >= 0:
            os.close(self._watch)


@pytest.fixture
def watched(qapp, tmp_path) -> Iterator[Watched]:
    made = Watched(tmp_path / "planted.png")
    yield made
    made.close()


def error_bar(words: str) -> QWidget:
    bar = ErrorBar()
    bar.show_error(KnownError(words, words, words))
    return bar


def filter_bar(words: str) -> FilterBar:
    bar = FilterBar(KeyTable())
    wanted = InboxFilter(microcredentials=(MicrocredentialId("m"),), text=words)
    bar.set_titles({MicrocredentialId("m"): words})
    bar.set_views([SavedView("1", words, wanted)])
    bar.set_filter(wanted)
    return bar


def entry_form(words: str) -> EntryForm:
    form = EntryForm()
    form.set_places([KnownPlace(MicrocredentialId("m"), words, (), ())])
    form.microcredential.setCurrentIndex(1)
    return form


def tipped(words: str) -> QWidget:
    button = QPushButton("More")
    set_plain_tooltip(button, words)
    return button


SHOWN: dict[str, Callable[[str], QWidget]] = {
    "label": plain_label,
    "label of one line": ElidedLabel,
    "caption": Caption,
    "chip": ToggleChip,
    "button": QPushButton,
    "error": error_bar,
    "question": lambda words: ConfirmDialog(words, words, words),
    "bug": BugDialog,
    "passage": lambda words: PassageText(Excerpt("Artifact 1", (Run(words, True), Run(words, False))), words),
    "one side": lambda words: SideText(words, "other words", words, empty=""),
    "filter": filter_bar,
    "views": lambda words: ArrangeViewsDialog([SavedView("1", words, InboxFilter(text=words))], {}),
    "form": entry_form,
    "tool tip": tipped,
}


def tips_of(widget: QWidget) -> list[str]:
    """Every tool tip within: of widgets, of a list's rows, of a box's choices."""
    found = [each.toolTip() for each in [widget, *widget.findChildren(QWidget)]]
    for one in widget.findChildren(QListWidget):
        found += [one.item(row).toolTip() for row in range(one.count())]
    if isinstance(widget, EntryForm):
        box = widget.microcredential
        found += [box.itemData(n, Qt.ItemDataRole.ToolTipRole) or "" for n in range(box.count())]
    return [tip for tip in dict.fromkeys(found) if tip]


def shown_tip(qtbot, widget: QWidget, tip: str) -> QLabel:
    """The window that Qt makes of a tool tip."""
    QToolTip.showText(widget.mapToGlobal(QPoint(2, 2)), tip, widget)
    (label,) = (
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, QLabel) and each.inherits("QTipLabel")
    )
    assert label.isVisible()
    return label


@pytest.mark.parametrize("kind", SHOWN)
def test_markup_stands_as_it_is_written_and_opens_nothing(qtbot, watched, kind):
    widget = SHOWN[kind](watched.words)
    qtbot.addWidget(widget)
    widget.resize(700, 500)
    widget.show()
    assert MAGENTA not in colours_in(widget.grab().toImage(), 4)
    for box in widget.findChildren(QTextEdit):
        assert "<b>bold</b><img" in box.toPlainText()
    for tip in tips_of(widget):
        label = shown_tip(qtbot, widget, tip)
        assert MAGENTA not in colours_in(label.grab().toImage(), 4), tip
        assert "<img" not in tip
        QToolTip.hideText()
        label.hide()
    assert not watched.was_opened(), kind


def test_a_picture_that_is_opened_would_be_noticed(qtbot, watched):
    label = plain_label(watched.words)
    qtbot.addWidget(label)
    label.setTextFormat(Qt.TextFormat.AutoText)
    assert MAGENTA in colours_in(label.grab().toImage(), 4)
    assert watched.was_opened() is (sys.platform == "linux")
    button = QPushButton("More")
    qtbot.addWidget(button)
    button.show()
    assert MAGENTA in colours_in(shown_tip(qtbot, button, watched.words).grab().toImage(), 4)
    QToolTip.hideText()
