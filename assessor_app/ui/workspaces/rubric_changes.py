"""The page of what changed in the rubric, among the pages of a workspace: there while something did."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.assessment_writer import AssessmentWriter
from assessor_app.ui.workspaces.rubric_changes_page import RubricChangesPage


class RubricChanges(QObject):
    """Shows the page, and takes the step to the present version."""

    leave_wanted = Signal()
    """Back to the rubric."""
    flush_wanted = Signal()
    """The page is about to be shown: keep what is written."""

    def __init__(self, stack: PageStack, writer: AssessmentWriter, parent: QWidget) -> None:
        """Add the page to the others.

        Args:
            stack: the pages of the workspace.
            writer: takes the step.
            parent: the workspace.
        """
        super().__init__(parent)
        self._stack = stack
        self._is_any = False
        self.page = RubricChangesPage(stack)
        stack.addWidget(self.page)
        self.page.accept_wanted.connect(writer.accept_rubric)
        self.page.back_wanted.connect(self.leave_wanted)

    def show_opened(self, opened: OpenedSubmission, actions: WorkspaceActions) -> None:
        """Show what changed; where nothing did, nobody stays on the page."""
        self._is_any = opened.is_rubric_changed
        actions.set_enabled("rubric.changes", self._is_any)
        if self._is_any:
            self.page.show_opened(opened)
        elif self._stack.currentWidget() is self.page:
            self.leave_wanted.emit()

    @Slot()
    def show_page(self) -> None:
        """Bring the page to the front, if anything changed."""
        if self._is_any:
            self.flush_wanted.emit()
            self._stack.setCurrentWidget(self.page)
            self.page.setFocus()
