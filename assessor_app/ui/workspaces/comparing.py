"""Comparing in a workspace: the keys that open and steer it, and the room that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.earlier import Standing, likeness_wanted, pairings
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Link, Submission
from assessor_app.errors import KnownError
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.likenesses import likenesses
from assessor_app.ui.tasks import Lanes
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
        lanes: where it is found out which files have their words in common.
    """

    def __init__(
        self,
        document: DocumentPlace,
        splitter: PanesSplitter,
        evidence: EvidenceList,
        actions: WorkspaceActions,
        lanes: Lanes,
    ) -> None:
        super().__init__(document)
        self._document, self._splitter = document, splitter
        self._evidence, self._actions = evidence, actions
        self._lanes = lanes
        self._shown: tuple[Submission, RubricVersion] | None = None
        self.likenesses: Mapping[tuple[str, str], float] = {}
        """What files have in common, as far as their words are known; see `earlier.pairings`."""
        actions.add("compare.open", self.toggle)
        for entry_id in _WHILE_COMPARING:
            actions.add(entry_id, Call(document.run_in_comparison, entry_id, self).run)
            actions.set_enabled(entry_id, False)
        actions.action("compare.link").setChecked(True)
        document.comparing.connect(self._follow)
        document.compare_wanted.connect(self.toggle)

    def show(self, submission: Submission, rubric: RubricVersion) -> None:
        """What can be compared now."""
        is_other = self._shown is None or self._shown[0] != submission
        self._shown = (submission, rubric)
        if is_other:
            self._ask_likenesses()
        self._actions.set_enabled("compare.open", comparison_of(None, submission, rubric) is not None)

    @Slot()
    def toggle(self) -> None:
        """Compare the piece at hand, or go back to it."""
        if self._document.is_comparing():
            self._document.end_comparison()
            return
        wanted = None
        if self._shown is not None:
            wanted = comparison_of(self._evidence.current_entry(), *self._shown, self.likenesses)
        if wanted is not None:
            self._document.compare(wanted)

    @Slot(str)
    def show_changed(self, criterion_id: str) -> None:
        """Lay a changed piece for a criterion beside its earlier version: the one at hand, or the first."""
        if self._shown is None:
            return
        requirement_id = self._shown[1].requirement_of(CriterionId(criterion_id)).id
        paired = pairings(self._shown[0], likenesses=self.likenesses)
        changed = [
            entry
            for entry in self._evidence.entries()
            if entry.item is not None
            and entry.requirement_id == requirement_id
            and not isinstance(entry.item, Link)
            and entry.item.id in paired
            and paired[entry.item.id].standing is Standing.CHANGED
        ]
        if not changed:
            return
        if self._document.is_comparing():
            self._document.end_comparison()
        if self._evidence.current_entry() not in changed:
            self._evidence.select(changed[0].key)
        self.toggle()

    def _ask_likenesses(self) -> None:
        """Which files have their words in common, ahead of being asked to compare."""
        if self._shown is None or not likeness_wanted(self._shown[0]):
            self.likenesses = {}
            return
        submission = self._shown[0]

        def query(context: Any) -> Mapping[tuple[str, str], float]:
            return likenesses(context, submission)

        self._lanes.read(self, query, self._take_likenesses, failed=self._without, key="likenesses")

    def _ask_again(self, _changes: ChangeSet) -> None:
        self._ask_likenesses()

    def _take_likenesses(self, found: Mapping[tuple[str, str], float]) -> None:
        self.likenesses = found

    def _without(self, _error: KnownError) -> None:
        """Without them, files are paired by kind, length and position."""

    @Slot(bool)
    def _follow(self, is_comparing: bool) -> None:
        """Two versions side by side need the room of the list."""
        first = self._splitter.widget(0)
        if first is not None:
            first.setVisible(not is_comparing)
        self._splitter.spread()
        if not is_comparing and not self._lanes.is_closed:
            # The words of two more files may be known now: behind those that are still being kept.
            self._lanes.write(_nothing, owner=self, done=self._ask_again, background=True)
        for entry_id in _WHILE_COMPARING:
            self._actions.set_enabled(entry_id, is_comparing)


def _nothing(_context: Any) -> ChangeSet:
    return ChangeSet()
