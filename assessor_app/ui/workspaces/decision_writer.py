"""What the approver does, as verbs on the write lane."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from assessor_app.domain.assessments import DecisionOutcome, IndependentMark, Override
from assessor_app.domain.ids import CriterionId
from assessor_app.services import approving, taking_back
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.workspaces.verb_writer import VerbWriter


class DecisionWriter(VerbWriter):
    """Writes the decision on one submission."""

    decided = Signal()
    """A decision was put among what waits to be sent."""

    @Slot(object)
    def mark(self, own: IndependentMark) -> None:
        """Keep the approver's own view of one criterion."""
        submission_id = self._submission_id
        self.write(lambda context: approving.mark(context, submission_id, own))

    @Slot()
    def reveal(self) -> None:
        """Uncover ratings and feedback."""
        submission_id = self._submission_id
        self.write(lambda context: approving.reveal(context, submission_id))

    @Slot(object, object, object)
    def override(self, criterion_id: CriterionId, change: Override | None, keeper: Keeper) -> None:
        """Keep a changed rating, or take the change back."""
        submission_id = self._submission_id
        self.write(lambda context: approving.override(context, submission_id, criterion_id, change), keeper)

    @Slot(str, object)
    def save_final(self, text: str, keeper: Keeper) -> None:
        """Keep the final feedback."""
        submission_id = self._submission_id
        self.write(lambda context: approving.save_text(context, submission_id, final_feedback=text), keeper)

    @Slot(str, tuple, object)
    def save_return(self, reason: str, criteria: tuple[CriterionId, ...], keeper: Keeper) -> None:
        """Keep the reason of a return and the criteria it names."""
        submission_id = self._submission_id
        self.write(
            lambda context: approving.save_text(context, submission_id, reason=reason, criteria=criteria),
            keeper,
        )

    @Slot(object)
    def decide(self, outcome: DecisionOutcome) -> None:
        """Put the decision among what waits to be sent."""
        submission_id = self._submission_id
        self.write(lambda context: approving.decide(context, submission_id, outcome), done=self.decided.emit)

    @Slot()
    def take_back(self) -> None:
        """Take back what waits to be sent and was never tried."""
        submission_id = self._submission_id
        self.write(lambda context: taking_back.take_back(context, submission_id))
