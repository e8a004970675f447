"""Comparing in a workspace: the keys that open and steer it, and the room that it takes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from assessor_app.domain.submissions import Submission
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.comparison_model import comparison_of
from assessor_app.ui.workspaces.document_place import DocumentPlace
from assessor_app.ui.workspaces.evidence_list import EvidenceList
from assessor_app.ui.workspaces.panes_splitter import PanesSplitter

_WHILE_COMPARING = ("compare.next", "compare.previous", "compare.link")


class Comparing(QObject):
    """Opens and closes the comparison of a workspace, and gives it room.

    Args:
        document: the middle, in which the comparison stands.
        splitter: the panes; the first one makes room meanwhile.
        evidence: the list, for the piece at hand.
        actions: where the keys are offered.
    """

    def __init__(
        self,
        document: DocumentPlace,
        splitter: PanesSplitter,
        evidence: EvidenceList,
        actions: WorkspaceActions,
    ) -> None:
        super().__init__(document)
        self._document, self._splitter = document, splitter
        self._evidence, self._actions = evidence, actions
        self._shown: tuple[Submission, RubricVersion] | None = None
        actions.add("compare.open", self.toggle)
        for entry_id in _WHILE_COMPARING:
            actions.add(entry_id, Call(document.run_in_comparison, entry_id, self).run)
            actions.set_enabled(entry_id, False)
        actions.action("compare.link").setChecked(True)
        document.comparing.connect(self._follow)
        document.compare_wanted.connect(self.toggle)

    def show(self, submission: Submission, rubric: RubricVersion) -> None:
        """What can be compared now."""
        self._shown = (submission, rubric)
        self._actions.set_enabled("compare.open", comparison_of(None, submission, rubric) is not None)

    @Slot()
    def toggle(self) -> None:
        """Compare the piece at hand, or go back to it."""
        if self._document.is_comparing():
            self._document.end_comparison()
            return
        wanted = comparison_of(self._evidence.current_entry(), *self._shown) if self._shown else None
        if wanted is not None:
            self._document.compare(wanted)

    @Slot(bool)
    def _follow(self, is_comparing: bool) -> None:
        """Two versions side by side need the room of the list."""
        first = self._splitter.widget(0)
        if first is not None:
            first.setVisible(not is_comparing)
        self._splitter.spread()
        for entry_id in _WHILE_COMPARING:
            self._actions.set_enabled(entry_id, is_comparing)
