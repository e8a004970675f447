"""A command with its argument, as a slot that lives as long as its viewer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject


class Call(QObject):
    """Calls a method with one argument.

    Args:
        method: what is called.
        argument: with what.
        parent: the viewer it belongs to.
    """

    def __init__(self, method: Callable[[Any], object], argument: object, parent: QObject) -> None:
        super().__init__(parent)
        self._method, self._argument = method, argument

    def run(self) -> None:
        """Do it."""
        self._method(self._argument)
