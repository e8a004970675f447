"""Brightness and contrast for faint writing; says plainly that only the display changes."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from assessor_app.documents.tone import PLAIN, STRONGEST, Tone, for_writing
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

_SETTLE_MS = 60
_NARROW_CHARS = 70
_SAMPLES = 160
"""Pixels looked at in each direction to tell paper from ink; a multiple of 4, so that rows have no rest."""


class ToneBar(QFrame):
    """Two sliders, a choice for faint writing, and the way back.

    Args:
        parent: Qt parent.
    """

    tone_changed = Signal(object)
    """Tone in which the pages are wanted."""
    faint_wanted = Signal()
    """The person wants faint writing to be seen: see `show_writing`."""
    closed = Signal()
    """The bar was closed; the pages look as they are again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")
        self.setAccessibleName(self.tr("Brightness and contrast"))
        self._labels: list[QLabel] = []
        self.brightness = self._slider(self.tr("Brightness"))
        self.contrast = self._slider(self.tr("Contrast"))
        self.faint_button = QPushButton(self.tr("For faint writing"), self)
        self.reset_button = QPushButton(self.tr("Reset"), self)
        self.close_button = QToolButton(self)
        dress(self.close_button, "x")
        self.close_button.setAccessibleName(self.tr("Close brightness and contrast"))
        set_plain_tooltip(self.close_button, self.tr("Close, and show the pages as they are"))
        self._about = plain_label(
            self.tr("Changes only how it looks here, for you. The evidence stays as it is."),
            "quiet",
            self,
            wraps=True,
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(space(self, quarters) for quarters in (3, 1.5, 2, 1.5)))
        self._grid.setHorizontalSpacing(space(self, 2))
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.faint_button)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        self._columns = 0
        self._arrange(2)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._tell)
        for slider in (self.brightness, self.contrast):
            slider.valueChanged.connect(self._moved)
        self.faint_button.clicked.connect(self.faint_wanted)
        self.reset_button.clicked.connect(self.reset)
        self.close_button.clicked.connect(self.leave)
        self.hide()

    @property
    def tone(self) -> Tone:
        """What the sliders say."""
        return Tone(self.brightness.value(), self.contrast.value())

    def toggle(self) -> None:
        """Show the bar with the keyboard in it, or close it."""
        if self.isVisible():
            self.leave()
        else:
            self.show()
            self.brightness.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def leave(self) -> None:
        """Close the bar; the pages look as they are again."""
        self.reset()
        self.hide()
        self.closed.emit()

    @Slot()
    def reset(self) -> None:
        """Show the pages as they are."""
        self._set(PLAIN)

    def show_writing(self, image: QImage) -> None:
        """Choose a tone in which the faint writing of a page is seen.

        Args:
            image: the page as it is.
        """
        small = image.scaled(_SAMPLES, _SAMPLES, Qt.AspectRatioMode.IgnoreAspectRatio)
        grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
        values = sorted(bytes(grey.constBits()))
        paper, ink = values[len(values) * 3 // 4], values[len(values) // 100]
        self._set(for_writing(paper, ink))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both sliders side by side where there is room."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _NARROW_CHARS
        self._arrange(1 if is_narrow else 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _slider(self, name: str) -> QSlider:
        label = plain_label(name, "body", self)
        self._labels.append(label)
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(-STRONGEST, STRONGEST)
        slider.setPageStep(20)
        slider.setAccessibleName(name)
        label.setBuddy(slider)
        return slider

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        places = ((0, 0), (0, 2)) if columns == 2 else ((0, 0), (1, 0))
        sliders = (self.brightness, self.contrast)
        for (row, column), label, slider in zip(places, self._labels, sliders, strict=True):
            self._grid.addWidget(label, row, column)
            self._grid.addWidget(slider, row, column + 1)
        last = 4 if columns == 2 else 2
        for column in range(4):
            self._grid.setColumnStretch(column, column % 2 if column < last else 0)
        self._grid.addWidget(self.close_button, 0, last, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._about, 2, 0, 1, last + 1)
        self._grid.addWidget(self._buttons, 3, 0, 1, last + 1)

    def _set(self, tone: Tone) -> None:
        self.brightness.setValue(tone.brightness)
        self.contrast.setValue(tone.contrast)
        self._tell()

    @Slot()
    def _moved(self) -> None:
        self._timer.start()

    @Slot()
    def _tell(self) -> None:
        self._timer.stop()
        self.tone_changed.emit(self.tone)
