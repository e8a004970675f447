"""What the program remembers in memory of what was on the screen, and how it is forgotten."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QPixmapCache

from assessor_app.ui.viewers.habits import HABITS


def forget_account() -> None:
    """Nothing that was seen in one account is there for the next."""
    HABITS.reset()
    clear_screen_copies()


def clear_screen_copies() -> None:
    """Take back what was copied out of the window, as far as it is still ours, and drop drawn pictures."""
    QPixmapCache.clear()
    clipboard = QGuiApplication.clipboard()
    for mode in (clipboard.Mode.Clipboard, clipboard.Mode.Selection):
        is_ours = clipboard.ownsClipboard() if mode is clipboard.Mode.Clipboard else clipboard.ownsSelection()
        if is_ours:
            clipboard.clear(mode)
