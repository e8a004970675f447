"""Whose text is being typed just now, so that a sync puts nothing under anybody's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.ui.tasks import Lanes

if TYPE_CHECKING:
    from assessor_app.services.views import SyncStatus


class Workplace(Protocol):
    """A window that may have a submission open."""

    def workspace(self) -> QWidget | None:
        """What is open; None while nothing is."""


class WritingWatch(QObject):
    """Knows whether the keyboard is in a text of the open submission, or something typed is being saved."""

    left = Signal()
    """The field was left for which something of another computer waits."""

    def __init__(self, window: Workplace, lanes: Lanes, parent: QObject | None = None) -> None:
        """Watch the keyboard of a window."""
        super().__init__(parent)
        self._window = window
        self._writing: SubmissionId | None = None
        self._unsaved = 0
        self._is_held = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)
        lanes.busy_with_saves.connect(self._count)
        self._focus_changed(None, application.focusWidget())

    def is_writing(self, submission_id: SubmissionId) -> bool:
        """Whether nothing may be put into a submission's work now; safe to ask from any thread."""
        return self._unsaved > 0 or self._writing == submission_id

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Note whether something waits until the field is left."""
        if status.copies is not None:
            self._is_held = status.copies.is_held
            self._go_on()

    @Slot(int)
    def _count(self, unsaved: int) -> None:
        self._unsaved = unsaved
        self._go_on()

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        place = self._window.workspace()
        is_inside = new is not None and place is not None and place.isAncestorOf(new)
        self._writing = getattr(place, "submission_id", None) if is_inside and _takes_text(new) else None
        self._go_on()

    def _go_on(self) -> None:
        if self._is_held and self._writing is None and not self._unsaved:
            self._is_held = False
            self.left.emit()


def _takes_text(widget: QWidget | None) -> bool:
    return isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit) and not widget.isReadOnly()
