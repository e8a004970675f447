"""Plain text in which covered words look like the patches on pages, and are copied as what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMimeData, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from assessor_app.documents.patches import COVER_CHARACTER
from assessor_app.ui.annotate.clipboard import said_aloud
from assessor_app.ui.annotate.line_numbers import NumberedText

_RUN = re.compile(f"{COVER_CHARACTER}+(?: {COVER_CHARACTER}+)*")
_PATCH, _INK, _EDGE = QColor(211, 216, 222), QColor(70, 74, 80), QColor(150, 156, 164)
_LETTER_SHARE = 0.62
_SMALLEST_PX = 6


def covered_runs(text: str) -> tuple[tuple[int, int], ...]:
    """Where words are covered, as (start, end) in code points; neighbours count as one place."""
    return tuple((found.start(), found.end()) for found in _RUN.finditer(text))


_LEAST_LINES = 3
"""Lines that stay in view however short the room is."""


class PatchedText(NumberedText):
    """A plain text that paints patches over covered words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without any."""
        super().__init__(parent)
        self._patched: Sequence[tuple[int, int]] = ()

    def minimumSizeHint(self) -> QSize:
        """A few lines: the rest scrolls."""
        least = super().minimumSizeHint()
        few = self.fontMetrics().lineSpacing() * _LEAST_LINES + 2 * self.frameWidth()
        return QSize(least.width(), min(least.height(), few))

    def show_patches(self, runs: Sequence[tuple[int, int]]) -> None:
        """Replace the places, each (start, end) in Qt's own units."""
        self._patched = tuple(runs)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and patches over it."""
        super().paintEvent(event)
        if not self._patched:
            return
        first = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        last = self.cursorForPosition(self.viewport().rect().bottomRight()).position()
        painter = QPainter(self.viewport())
        for start, end in self._patched:
            if end >= first and start <= last:
                for rect in self._rects(start, end):
                    self._paint_patch(painter, rect)
        painter.end()

    def createMimeDataFromSelection(self) -> QMimeData:
        """What is copied says where something is covered."""
        data = QMimeData()
        # Qt parts paragraphs by a sign of its own.
        data.setText(said_aloud(self.textCursor().selectedText().replace("\u2029", "\n")))
        return data

    def _rects(self, start: int, end: int) -> list[QRect]:
        """The boxes of a stretch of text in the view, one for each line."""
        cursor = QTextCursor(self.document())
        boxes: list[QRect] = []
        for unit in range(start, end):
            cursor.setPosition(unit)
            left = self.cursorRect(cursor)
            cursor.setPosition(unit + 1)
            right = self.cursorRect(cursor)
            # At the end of a line the next place stands on the next line.
            width = right.left() - left.left() if right.top() == left.top() else left.height() // 2
            box = QRect(left.left(), left.top(), max(1, width), left.height())
            if boxes and boxes[-1].top() == box.top():
                boxes[-1] = boxes[-1].united(box)
            else:
                boxes.append(box)
        return boxes

    def _paint_patch(self, painter: QPainter, rect: QRect) -> None:
        painter.fillRect(rect, _PATCH)
        painter.setPen(_EDGE)
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
        words = QCoreApplication.translate("guard", "may name a person")
        font = painter.font()
        font.setPixelSize(max(_SMALLEST_PX, round(rect.height() * _LETTER_SHARE)))
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(words) + 4
        if wide > rect.width():
            font.setPixelSize(max(1, font.pixelSize() * rect.width() // wide))
            painter.setFont(font)
        if font.pixelSize() >= _SMALLEST_PX:
            painter.setPen(_INK)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
