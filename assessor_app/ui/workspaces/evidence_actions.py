"""What can be done about evidence that cannot be judged as it is: a reason, another program, a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.ids import ArtifactId, RequirementId
from assessor_app.domain.submissions import Artifact, Link, Submission
from assessor_app.services import downloading, opening_outside
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.external_links import hand_over, may_open_outside
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.scoring.not_scorable_choice import Judged, Judging
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.card_view import CardSubject
from assessor_app.ui.viewers.evidence_view import EvidenceView


class EvidenceActions(QObject):
    """Tells links and cards what they may offer, and does what does not concern the assessment.

    Args:
        lanes: where a plain copy is written.
        view: whose link and card these are.
    """

    not_scorable = Signal(object)
    """NotScorableMarking."""
    report_wanted = Signal(str)
    """Neutral facts about a file that is not shown, for the team lead."""

    def __init__(self, lanes: Lanes, view: EvidenceView) -> None:
        super().__init__(view)
        self._lanes, self._view = lanes, view
        self._judging = Judging()
        self._shown: tuple[Submission, RequirementId | None, Artifact | None] | None = None
        self.ask: Callable[[str, QWidget], bool] = may_open_outside
        """Asks before a plain copy is made."""
        self.hand_over: Callable[[Path], bool] = hand_over
        """Hands a file to another program."""
        for viewer in (view.link, view.card):
            viewer.not_scorable.connect(self.not_scorable)
        view.card.outside_requested.connect(self._open_outside)
        view.card.get_requested.connect(self._get_now)
        view.card.report_requested.connect(self.report_wanted)

    def set_judging(self, judging: Judging) -> None:
        """What may be called not scorable now."""
        self._judging = judging
        self._tell()

    def show_for(
        self, submission: Submission, requirement_id: RequirementId | None, item: object | None
    ) -> None:
        """Another piece of evidence is shown.

        Args:
            submission: whose.
            requirement_id: what it was handed in for.
            item: a file or a link's snapshot, or anything else for what is no file.
        """
        file = item.snapshot if isinstance(item, Link) else item
        self._shown = (submission, requirement_id, file if isinstance(file, Artifact) else None)
        self._tell()

    @Slot()
    def _get_now(self) -> None:
        """Have the file come; the card then says so."""
        if self._shown is None or self._shown[2] is None:
            return
        submission_id, artifact_id = self._shown[0].id, self._shown[2].id
        self._lanes.write(
            lambda context: downloading.get_now(context, submission_id, artifact_id),
            owner=self,
            done=lambda _: self._view.retry(),
            background=True,
        )

    def _tell(self) -> None:
        if self._shown is None:
            return
        submission, requirement_id, file = self._shown
        criteria = self._judging.of_requirement(requirement_id)
        self._view.link.set_judging(self._judging, criteria)
        self._view.card.set_judging(self._judging, criteria)
        self._view.card.set_subject(
            CardSubject(file, submission.code, opening_outside.may_be_opened_outside(file))
            if file is not None
            else None
        )

    @Slot()
    def _open_outside(self) -> None:
        if self._shown is None or self._shown[2] is None:
            return
        submission, _, file = self._shown
        if file is None or not self.ask(one_line(file.filename), self._view):
            return
        submission_id, artifact_id = submission.id, ArtifactId(file.id)
        # A film may take a while, and what may name its maker is taken out first.
        self._lanes.convert(
            self,
            lambda context, _stop: opening_outside.copy_outside(context, submission_id, artifact_id),
            self._copied,
            key="outside",
        )

    def _copied(self, path: Path) -> None:
        self._view.card.say(
            self.tr("Opened in another program. The plain copy goes when the workstation is closed.")
            if self.hand_over(path)
            else self.tr("This computer has no program for such a file.")
        )


def judging_of(opened: OpenedSubmission) -> Judging:
    """What the assessor may call not scorable now."""
    rubric, assessment = opened.rubric, opened.assessment
    labels = {code.code: code.label for code in rubric.not_scorable}
    criteria: list[Judged] = []
    for requirement in rubric.requirements:
        for criterion in requirement.criteria:
            rating = assessment.rating(criterion.id)
            level = rubric.level_of(criterion.id, rating.level) if rating.level else None
            rated = level.label if level is not None else labels.get(rating.not_scorable or "", "")
            number = len(criteria) + 1
            criteria.append(
                Judged(criterion.id, requirement.id, number, one_line(criterion.text), one_line(rated))
            )
    return Judging(tuple(criteria), rubric.not_scorable, opened.is_editable)
