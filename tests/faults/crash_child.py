"""A workstation that dies in a way of choice: run by `test_crashes.py` with a folder, a way and a word."""

from __future__ import annotations

import ctypes
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer, qFatal
from PySide6.QtWidgets import QApplication

from assessor_app import app
from assessor_app.app import Start
from assessor_app.ui.bug_dialog import BugDialog

folder, way, word = Path(sys.argv[1]), sys.argv[2], sys.argv[3]


class Planted(Exception):
    """Quotes what somebody wrote."""


def _break(text: str) -> None:
    raise Planted(text)


def _die() -> None:
    if way == "fault":
        ctypes.string_at(0)
    elif way == "qt":
        qFatal("the platform plugin is gone")
    elif way == "slot":
        QTimer.singleShot(0, lambda: _break(word))
        QTimer.singleShot(50, _say_what_was_told)
    elif way == "thread":
        thread = threading.Thread(target=_break, args=(word,))
        thread.start()
        thread.join()
        QApplication.quit()
    elif way == "hang":
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    else:
        QApplication.quit()


def _say_what_was_told() -> None:
    shown = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, BugDialog)]
    sys.stdout.write(f"{len(shown)} told, {any(dialog.isVisible() for dialog in shown)}\n")
    QApplication.quit()


class Dying(QApplication):
    """Does its deed as soon as events are handled."""

    @staticmethod
    def exec() -> int:
        """Run, and die."""
        if way == "error":
            _break(word)
        QTimer.singleShot(0, _die)
        return QApplication.exec()


setattr(app, "QApplication", Dying)  # noqa: B010 - it is no name of that module's own
sys.exit(app.run(Start(data_dir=folder)))
