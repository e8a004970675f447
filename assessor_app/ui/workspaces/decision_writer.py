"""What the approver does, as verbs on the write lane; each edit's keeper is told how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.domain.assessments import DecisionOutcome, IndependentMark, Override
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import approving, taking_back
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.tasks import Lanes

Verb = Callable[[Any], ChangeSet]


class DecisionWriter(QObject):
    """Writes the decision on one submission, in the order in which things were done."""

    refused = Signal()
    """A verb failed in a known way, which was told to the person: show what is stored."""
    decided = Signal()
    """A decision was put among what waits to be sent."""

    def __init__(self, lanes: Lanes, submission_id: SubmissionId, view: QObject) -> None:
        """Write on behalf of a view.

        Args:
            lanes: where verbs run.
            submission_id: what is decided on.
            view: the view that asks, told to everybody as the initiator; owns this object.
        """
        super().__init__(view)
        self._lanes, self._submission_id, self._view = lanes, submission_id, view

    @Slot(object)
    def mark(self, own: IndependentMark) -> None:
        """Keep the approver's own view of one criterion."""
        submission_id = self._submission_id
        self._write(lambda context: approving.mark(context, submission_id, own))

    @Slot()
    def reveal(self) -> None:
        """Uncover ratings and feedback."""
        submission_id = self._submission_id
        self._write(lambda context: approving.reveal(context, submission_id))

    @Slot(object, object, object)
    def override(self, criterion_id: CriterionId, change: Override | None, keeper: Keeper) -> None:
        """Keep a changed rating, or take the change back."""
        submission_id = self._submission_id
        self._write(lambda context: approving.override(context, submission_id, criterion_id, change), keeper)

    @Slot(str, object)
    def save_final(self, text: str, keeper: Keeper) -> None:
        """Keep the final feedback."""
        submission_id = self._submission_id
        self._write(lambda context: approving.save_text(context, submission_id, final_feedback=text), keeper)

    @Slot(str, tuple, object)
    def save_return(self, reason: str, criteria: tuple[CriterionId, ...], keeper: Keeper) -> None:
        """Keep the reason of a return and the criteria it names."""
        submission_id = self._submission_id
        self._write(
            lambda context: approving.save_text(context, submission_id, reason=reason, criteria=criteria),
            keeper,
        )

    @Slot(object)
    def decide(self, outcome: DecisionOutcome) -> None:
        """Put the decision among what waits to be sent."""
        submission_id = self._submission_id
        self._write(lambda context: approving.decide(context, submission_id, outcome), done=self.decided.emit)

    @Slot()
    def take_back(self) -> None:
        """Take back what waits to be sent and was never tried."""
        submission_id = self._submission_id
        self._write(lambda context: taking_back.take_back(context, submission_id))

    def _write(
        self, verb: Verb, keeper: Keeper | None = None, *, done: Callable[[], object] | None = None
    ) -> None:
        def settled(_changes: ChangeSet) -> None:
            if keeper is not None and shiboken6.isValid(keeper):
                keeper.kept()
            if done is not None:
                done()

        def failed(error: KnownError) -> None:
            if keeper is not None and shiboken6.isValid(keeper):
                keeper.lost()
            self._lanes.trouble.emit(error)
            self.refused.emit()

        self._lanes.write(verb, owner=self._view, done=settled, failed=failed)
