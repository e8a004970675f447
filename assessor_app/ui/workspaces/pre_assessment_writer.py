"""What the pre-assessor does, as verbs on the write lane."""

from __future__ import annotations

from PySide6.QtCore import Slot

from assessor_app.domain.pre_assessments import IndicatorCheck
from assessor_app.services import pre_assessing
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.workspaces.verb_writer import VerbWriter


class PreAssessmentWriter(VerbWriter):
    """Writes the pre-assessment of one submission."""

    @Slot(object, object)
    def save_check(self, check: IndicatorCheck, keeper: Keeper) -> None:
        """Keep what was found for one indicator."""
        submission_id = self._submission_id
        self.write(lambda context: pre_assessing.save_check(context, submission_id, check), keeper)

    @Slot(str, object)
    def save_feedback(self, text: str, keeper: Keeper) -> None:
        """Keep the word to the learner."""
        submission_id = self._submission_id
        self.write(lambda context: pre_assessing.save_feedback(context, submission_id, text), keeper)

    @Slot()
    def send(self) -> None:
        """Make it final and put it among what waits to be sent."""
        submission_id = self._submission_id
        self.write(lambda context: pre_assessing.send(context, submission_id))

    @Slot()
    def take_back(self) -> None:
        """Take back what was not tried to be sent yet."""
        submission_id = self._submission_id
        self.write(lambda context: pre_assessing.take_back(context, submission_id))
