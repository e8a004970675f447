"""How large a window of its own may be: never larger than the screen that it stands on."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME_PX = 40
"""What a title bar and the borders of a window take of the screen, in pixels."""


def screen_room(window: QWidget) -> QSize:
    """The size that a window can have on its screen beside task bars and its own frame, in pixels."""
    holder = window.parentWidget()
    screen = (holder.window() if holder is not None else window).screen()
    room = screen.availableSize()
    return QSize(room.width() - FRAME_PX // 4, room.height() - FRAME_PX)


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window the size that it would like, or as much of it as its screen has.

    Args:
        window: whose contents scroll where they do not fit.
        width: in pixels.
        height: in pixels.
    """
    window.resize(QSize(width, height).boundedTo(screen_room(window)))
