"""What a person does at the window: looks, waits, clicks, presses keys. Real events on real widgets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from assessor_app.clock import Clock

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
PATIENCE_S = 20.0
LOOK_MS = 10
LAID_OUT_MS = 40
"""What has just been shown needs a moment to find its place; a person's hand takes longer."""


class TourFailed(Exception):
    """What was to be seen did not appear, or what was to be pressed is not there."""


class Hands:
    """Acts on one top-level window."""

    def __init__(self, window: QWidget, pictures: Path, clock: Clock) -> None:
        """Act on `window`; pictures go to the folder."""
        self.window = window
        self._pictures = pictures
        self._clock = clock
        self._number = 0
        self.taken: list[str] = []
        """File names of the pictures of this step."""

    def begin(self, number: int) -> None:
        """Start a step: its pictures carry its number."""
        self._number = number
        self.taken = []
        self.come_forward()

    def come_forward(self) -> None:
        """Bring the window to the front: keys reach the active window only.

        Raises:
            TourFailed: the window manager does not let it.
        """
        if QGuiApplication.platformName() != "offscreen":
            self.window.raise_()
        self.window.activateWindow()
        self.wait("the window to be the active one", self.window.isActiveWindow)

    # ---- waiting ----

    def wait(self, what: str, look: Callable[[], T | None], *, patience_s: float = PATIENCE_S) -> T:
        """Wait until `look` gives something true, and give it.

        Raises:
            TourFailed: it did not within the time; the text says what was awaited.
        """
        until = self._clock.monotonic_s() + patience_s
        while True:
            found = look()
            if found:
                return found
            if self._clock.monotonic_s() > until:
                raise TourFailed(f"waited {patience_s:.0f} s for {what}")
            pause(LOOK_MS)

    def settle(self, milliseconds: int = 120) -> None:
        """Let the window paint what is under way, before a picture."""
        pause(milliseconds)

    def check(self, holds: object, what: str) -> None:
        """Fail the step unless `holds` is true.

        Raises:
            TourFailed: it is not.
        """
        if not holds:
            raise TourFailed(f"expected {what}")

    # ---- finding ----

    def child(self, kind: type[W], name: str) -> W:
        """The visible widget with this object name.

        Raises:
            TourFailed: there is none.
        """
        found = self.seen(kind, name)
        if found is None:
            raise TourFailed(f"there is no visible {name}")
        return found

    def seen(self, kind: type[W], name: str) -> W | None:
        """The visible widget with this object name, or None."""
        for widget in self.window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        return None

    def button(self, words: str) -> QAbstractButton:
        """The visible, enabled button whose text begins with `words`.

        Raises:
            TourFailed: there is none.
        """
        for button in self.window.findChildren(QAbstractButton):
            if button.isVisible() and button.isEnabled() and plain(button.text()).startswith(words):
                return button
        raise TourFailed(f"there is no button {words!r} to press")

    def texts(self) -> str:
        """Everything that stands in visible labels and text fields, one below the other."""
        found = [label.text() for label in self.window.findChildren(QLabel) if label.isVisible()]
        found += [plain(b.text()) for b in self.window.findChildren(QAbstractButton) if b.isVisible()]
        found += [e.toPlainText() for e in self.window.findChildren(QPlainTextEdit) if e.isVisible()]
        return "\n".join(found)

    # ---- acting ----

    def click(self, widget: QWidget, at: QPoint | None = None, *, near_left: bool = False) -> None:
        """Click with the left button, in the middle or at a point; near the left edge for a check box."""
        self._bring_into_view(widget)
        if near_left:
            at = QPoint(widget.height() // 2, widget.height() // 2)
        # A pointer meets the viewport of an area that scrolls, never the area itself.
        target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=at or target.rect().center())

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        """Double-click at a point of the widget."""
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=at)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at one point, move in steps, let go at the other."""
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
        for part in range(1, 9):
            QTest.mouseMove(widget, start + (end - start) * part / 8)
            pause(LOOK_MS)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press a key combination such as "Ctrl+Down", where the focus is or on a widget."""
        target = widget or QApplication.focusWidget() or self.window
        QTest.keySequence(target, QKeySequence(keys))

    def type(self, text: str, widget: QWidget | None = None) -> None:
        """Type a text, key by key, where the focus is or into a widget."""
        target = widget or QApplication.focusWidget() or self.window
        if widget is not None and not widget.hasFocus():
            self.click(widget)
        QTest.keyClicks(target, text)

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            show = getattr(parent, "ensureWidgetVisible", None)
            if callable(show):
                show(widget, 20, 20)
            parent = parent.parentWidget()
        pause(LAID_OUT_MS)

    # ---- pictures ----

    def picture(self, name: str, area: QRect | None = None, *, of: QWidget | None = None) -> None:
        """Take a picture of the window, or of a dialog; it is on the disk when this returns."""
        self.settle(60)
        file = f"{self._number:02d}-{len(self.taken) + 1}-{name}.png"
        shown = of or self.window
        pixmap = shown.grab() if area is None else shown.grab(area)
        path = self._pictures / file
        if not pixmap.save(str(path)):
            raise TourFailed(f"the picture {file} could not be written")
        with path.open("rb") as saved:
            os.fsync(saved.fileno())
        self.taken.append(file)


def pause(milliseconds: int) -> None:
    """Let the window live for a while. `QTest.qWait` would keep Python's lock and starve the lanes."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()


def plain(text: str) -> str:
    """A button's words without the mark of its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
