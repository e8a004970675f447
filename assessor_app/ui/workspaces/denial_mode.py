"""Writing a denial in place of the rubric, beside the evidence; the same fields, kept the same way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.domain.ids import CriterionId
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.announce import announce
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.scoring.denial.composer import DenialComposer
from assessor_app.ui.scoring.denial.denial_card import DenialCard
from assessor_app.ui.scoring.panel import ScoringPanel
from assessor_app.ui.workspaces.actions import WorkspaceActions
from assessor_app.ui.workspaces.assessment_writer import AssessmentWriter
from assessor_app.ui.workspaces.evidence_list import EvidenceList


class DenialMode(QObject):
    """The right pane: the rubric, or the page on which its denial is written."""

    unsaved_changed = Signal(bool)

    def __init__(
        self,
        panel: ScoringPanel,
        evidence: EvidenceList,
        writer: AssessmentWriter,
        reload: Callable[[], None],
        pane: PageStack,
    ) -> None:
        """Put both into one pane.

        Args:
            panel: the rubric.
            evidence: tells which pieces were opened, and which is at hand.
            writer: keeps what is written.
            reload: reads the submission again.
            pane: holds the rubric already, as its parent.
        """
        super().__init__(pane)
        self._panel, self._evidence, self._writer, self._reload = panel, evidence, writer, reload
        self._opened: OpenedSubmission | None = None
        self._then: Callable[[], object] | None = None
        self.composer = DenialComposer(pane)
        self.pane = pane
        self.pane.addWidget(panel)
        self.pane.addWidget(self.composer)
        self.composer.back_wanted.connect(self.leave)
        self.composer.feedback_ready.connect(writer.save_feedback)
        self.composer.unsaved_changed.connect(self.unsaved_changed)
        self.composer.looked_in_wanted.connect(self._looked_in)

    def add_actions(self, actions: WorkspaceActions) -> None:
        """Make the commands."""
        actions.add("denial.compose", self.compose)
        actions.add("denial.looked_in", self.look_in)

    # ---- for the workspace ----

    @property
    def is_shown(self) -> bool:
        """Whether the denial is being written."""
        return self.pane.currentWidget() is self.composer

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written there is not committed yet."""
        return self.composer.has_unsaved_edits

    def flush(self) -> None:
        """Start saving everything that is written there."""
        self.composer.flush()

    def show_opened(self, opened: OpenedSubmission) -> None:
        """Show a submission as it was read."""
        self._opened = opened
        if self.is_shown and not opened.is_editable:
            self._show_rubric()
        if self.is_shown or self._then is not None:
            self.composer.show_opened(opened)
        if self._then is not None:
            then, self._then = self._then, None
            then()

    @Slot()
    def compose(self) -> None:
        """Show the page; what was typed in the rubric is kept first, so that it stands there."""
        self._open(self.composer.begin)

    @Slot()
    def leave(self) -> bool:
        """Back to the rubric, which shows what was written here; False if it is there already."""
        if not self.is_shown:
            return False
        self.composer.flush()
        # The rubric's own fields are read first: typing there goes on from what was just written here.
        self._after_saves(self._show_rubric)
        return True

    @Slot()
    def look_in(self) -> None:
        """Say for the criterion at hand that it was looked for in the evidence, and not found."""
        if self.is_shown:
            if self.composer.current is not None:
                self._looked_in(self.composer.current)
            return
        current = self._panel.current
        wanted = current.frame.criterion.id if current is not None else None
        self._open(lambda: self._look_in_for(wanted))

    # ---- inside ----

    def _open(self, then: Callable[[], object]) -> None:
        if self._opened is None or not self._opened.is_editable:
            return
        if self.is_shown:
            then()
            return
        self._panel.flush()
        self._after_saves(lambda: self._show_composer(then))

    def _after_saves(self, then: Callable[[], object]) -> None:
        """Do something when everything that is on its way is committed, and was read again."""
        self._writer.after_saves(lambda: self._read_then(then))

    def _read_then(self, then: Callable[[], object]) -> None:
        # Only now: an answer to an earlier question would show less than what is committed.
        self._then = then
        self._reload()

    def _show_composer(self, then: Callable[[], object]) -> None:
        self.pane.setCurrentWidget(self.composer)
        then()

    def _show_rubric(self) -> None:
        self.pane.setCurrentWidget(self._panel)
        self._panel.focus_current()

    def _look_in_for(self, criterion_id: CriterionId | None) -> None:
        card = next((card for card in self.composer.cards if card.criterion_id == criterion_id), None)
        if card is None:
            self.composer.begin()
            announce(self.composer, self.tr("This criterion is not below passing."))
            return
        self._looked_in(card)
        self.composer.go_to(card, (card.open_parts() or tuple(card.fields))[0])

    @Slot(object)
    def _looked_in(self, card: DenialCard) -> None:
        """What was opened of what the criterion's requirement asks for, and the piece at hand."""
        card.toggle_looked_in(self._looked_through(card.criterion_id))

    def _looked_through(self, criterion_id: CriterionId) -> tuple[str, ...]:
        if self._opened is None:
            return ()
        requirement = self._opened.rubric.requirement_of(criterion_id)
        at_hand = self._evidence.current_entry()
        found = [
            entry.item.id
            for entry in self._evidence.entries()
            if entry.item is not None
            and (entry == at_hand or (entry.is_opened and entry.requirement_id == requirement.id))
        ]
        return tuple(dict.fromkeys(str(source) for source in found))
