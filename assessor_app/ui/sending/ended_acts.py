"""What the banner of ended work offers: removing from this computer what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.endings import Ending, is_evidence_kept
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import ended_work
from assessor_app.ui.sending.acts import REMOVE_WORK
from assessor_app.ui.sending.remove_dialog import RemoveDialog
from assessor_app.ui.tasks import Lanes


class MarksPane(Protocol):
    """Shows the marks, beside the evidence where there is any."""

    def show_marks_alone(self) -> None:
        """There is no evidence any more."""

    def hide(self) -> None:
        """There is nothing to show."""


@dataclass(frozen=True, slots=True)
class EndedPanes:
    """The three panes of a workspace."""

    marks: MarksPane
    document: QWidget
    judgement: QWidget


class EndedActs(QObject):
    """Asks, and runs the verb."""

    removed = Signal()
    """There is nothing more to read here."""

    def __init__(self, view: QWidget, lanes: Lanes, submission_id: SubmissionId) -> None:
        """Serve a workspace.

        Args:
            view: the workspace.
            lanes: where the verb runs.
            submission_id: what is open in it.
        """
        super().__init__(view)
        self._view, self._lanes, self._submission_id = view, lanes, submission_id
        self._ending: Ending | None = None
        self._panes: EndedPanes | None = None
        self.code = ""

    def use(self, panes: EndedPanes) -> None:
        """Know what stands in the workspace, of which not all is left to look at."""
        self._panes = panes

    def show_ending(self, code: str, ending: Ending | None) -> None:
        """Take what is open, and whether it is this person's work any more."""
        self.code, self._ending = code, ending
        if ending is None or self._panes is None or is_evidence_kept(ending.reason):
            return
        self._panes.marks.show_marks_alone()
        self._panes.document.hide()
        if ending.keep_until is None:
            for pane in (self._panes.marks, self._panes.judgement):
                pane.hide()

    @Slot(str)
    def act(self, act: str) -> None:
        """Ask before what is kept goes; of an erased learner's nothing is kept to ask about."""
        if act != REMOVE_WORK or self._ending is None:
            return
        if self._ending.keep_until is None:
            self._remove()
            return
        dialog = RemoveDialog(self.code, self._view.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(self._remove)
        dialog.open()

    @Slot()
    def _remove(self) -> None:
        submission_id = self._submission_id
        self._lanes.write(
            lambda context: ended_work.remove(context, submission_id),
            owner=self,
            done=lambda _changes: self.removed.emit(),
            failed=self._refused,
        )

    def _refused(self, error: KnownError) -> None:
        self._lanes.trouble.emit(error)
