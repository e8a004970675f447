"""How a recording is laid out: picture, what is to be said, bar of time, controls, list of marks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from assessor_app.documents.media_probe import RecordingFacts
from assessor_app.domain.annotations import Rect
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.times import time_words
from assessor_app.ui.viewers.media.controls import Controls
from assessor_app.ui.viewers.media.frame_view import FrameView
from assessor_app.ui.viewers.media.mark_panel import MarkPanel
from assessor_app.ui.viewers.media.media_mark import SPEEDS
from assessor_app.ui.viewers.media.time_bar import TimeBar

_WIDE_IN_CHARS = 150
_LIST_SHARE = 0.3
_NO_LIMIT_PX = (1 << 24) - 1
"""Qt's own largest size."""


class Stage(QWidget):
    """The parts and their places.

    Args:
        table: words and keys.
        run: runs the command of an id.
        parent: Qt parent.
    """

    resized = Signal()
    """What floats above it has to find its place anew."""

    def __init__(self, table: KeyTable, run: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.frame = FrameView(self)
        self.bar = TimeBar(self)
        self.panel = MarkPanel(self)
        self.controls = Controls(table, run, SPEEDS, self)
        self.notes = plain_label("", "warning", self, wraps=True)
        self.notes.setContentsMargins(12, 4, 12, 4)
        self.notes.hide()
        left, around_bar = QWidget(self), QWidget(self)
        bar_row = QVBoxLayout(around_bar)
        bar_row.setContentsMargins(*(space(self, quarters) for quarters in (1, 1, 1, 0)))
        bar_row.addWidget(self.bar)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.frame, 1)
        for widget in (self.notes, around_bar, self.controls):
            column.addWidget(widget)
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(0, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)
        self.frame.resized.connect(self.resized)
        self.setFocusProxy(self.frame)

    def open(self, name: str, facts: RecordingFacts) -> None:
        """Another recording.

        Args:
            name: neutral name.
            facts: what the trial found.
        """
        self.say("")
        kind = self.tr("Video") if facts.has_video else self.tr("Sound recording")
        words = f"{kind}, {time_words(facts.duration_ms)}"
        icon = "film" if facts.has_video else "volume-2"
        self.frame.open(facts.width_px, facts.height_px, icon, words)
        self.frame.setAccessibleName(f"{name}. {words}")
        self.bar.open(facts.duration_ms, has_strip=facts.has_video)
        self.controls.open(facts.duration_ms, has_video=facts.has_video, has_audio=facts.has_audio)

    def say(self, words: str) -> None:
        """Say something between picture and bar; nothing takes the line away."""
        self.notes.setText(words)
        self.notes.setVisible(bool(words))

    def show_moment(self, at_ms: int) -> None:
        """Show where it plays."""
        self.bar.show_moment(at_ms)
        self.controls.show_moment(at_ms)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        for part in (self.frame, self.panel, self.controls):
            part.set_editable(is_editable)
        keys = {name: self._table.shown(f"media.{name}") for name in ("note", "range_start", "range_end")}
        words = self.tr(
            "No marks yet. {note} makes a note at this moment; {range_start} and {range_end} mark a range."
        )
        self.panel.set_hint(words.format(**keys) if is_editable else self.tr("No marks."))

    def place(self, box: CommentBox, region: Rect | None) -> None:
        """Put the comment box into the corner of the picture where it hides least of the selected region.

        Args:
            box: a child of this stage's parent.
            region: in frame pixels; None for a mark on time alone.
        """
        parent = box.parentWidget()
        if parent is None or not box.isVisible():
            return
        box.adjustSize()
        picture = QRect(self.frame.mapTo(parent, QPoint(0, 0)), self.frame.size())
        gap = space(self, 2)
        right, bottom = picture.right() - box.width() - gap, picture.bottom() - box.height() - gap
        corners = [QPoint(x, y) for y in (bottom, picture.top() + gap) for x in (right, picture.left() + gap)]
        shown = self.frame.to_view(region).toRect().translated(picture.topLeft()) if region else QRect()

        def hidden(corner: QPoint) -> int:
            both = QRect(corner, box.size()) & shown
            return both.width() * both.height()

        best = min(corners, key=hidden)
        box.move(max(gap, best.x()), max(gap, best.y()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list beside the picture where there is room, else below it."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= self.fontMetrics().averageCharWidth() * _WIDE_IN_CHARS
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._splitter.orientation() is not wanted:
            self._splitter.setOrientation(wanted)
        self.fit_panel()

    def fit_panel(self) -> None:
        """Below the picture the list takes the room that its rows need, and never most of the height."""
        if self._splitter.orientation() is Qt.Orientation.Vertical:
            most = max(self.panel.minimumSizeHint().height(), round(self.height() * _LIST_SHARE))
            self.panel.setFixedHeight(min(self.panel.wanted_height(), most))
        else:
            self.panel.setMinimumHeight(0)
            self.panel.setMaximumHeight(_NO_LIMIT_PX)
