"""What the learner will read of an assessment, and nothing else: the source of every preview of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import Assessment, DecisionDraft, Outcome, Rating, Recommendation
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Artifact, Link, Response, Submission
from assessor_app.rubric.schema import Criterion, RubricVersion

COACH_ADVICE = {
    "en": (
        "Before you submit again, please meet with a coach. Together you can plan your next steps from this "
        "feedback."
    ),
    "es": (
        "Antes de volver a presentar su trabajo, reúnase con una persona que le acompañe (coach). Juntos "
        "pueden planear los siguientes pasos a partir de estos comentarios."
    ),
}
"""What rule 20 asks for, by the language of the rubric; it ends the overall comment."""


@dataclass(frozen=True, slots=True)
class CriterionReading:
    """What is read on one criterion."""

    number: int
    """In the rubric, from 1."""
    text: str
    outcome: str
    """The issuer's word for the level, or for why it was not scored; empty where there is none to read."""
    feedback: str = ""
    seen: str = ""
    missing: str = ""
    next_step: str = ""
    looked_in: tuple[str, ...] = ()
    """Names of the evidence that was looked through in vain."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written on it."""
        return not (self.looked_in or any((self.feedback, self.seen, self.missing, self.next_step)))


@dataclass(frozen=True, slots=True)
class RequirementReading:
    """What is read on one requirement."""

    title: str
    criteria: tuple[CriterionReading, ...]


@dataclass(frozen=True, slots=True)
class PieceReading:
    """What is read on one piece of evidence."""

    name: str
    feedback: str
    comments: tuple[str, ...]
    """Of the marks on it, in the order of the pages."""
    criteria: tuple[tuple[int, str], ...]
    """Number and text of the criteria that those marks are tied to."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read on it."""
        return not (self.feedback or self.comments or self.criteria)


@dataclass(frozen=True, slots=True)
class LearnerReading:
    """Everything that the learner reads."""

    requirements: tuple[RequirementReading, ...]
    pieces: tuple[PieceReading, ...]
    """All pieces of evidence, in the order of the submission."""
    overall: str
    advice: str = ""
    """Ends the overall comment: see `coach_advice`."""
    final: str = ""
    """The approver's own feedback."""


def learner_reading(
    rubric: RubricVersion,
    submission: Submission,
    assessment: Assessment,
    marks: Sequence[Annotation],
    *,
    advice: str = "",
    final: str = "",
) -> LearnerReading:
    """Take out of an assessment what is for the learner.

    Args:
        rubric: the part of the version that is judged.
        submission: what was handed in.
        assessment: ratings and words.
        marks: all marks; only those whose reader is the learner count.
        advice: see `coach_advice`.
        final: what the approver adds.
    """
    names = piece_names(rubric, submission)
    told = sorted(
        (mark for mark in marks if mark.audience is Audience.LEARNER),
        key=lambda mark: (mark.anchor.page, mark.created_at),
    )
    numbers = {criterion.id: number for number, criterion in enumerate(rubric.criteria, 1)}
    return LearnerReading(
        requirements=tuple(
            RequirementReading(
                requirement.title,
                tuple(
                    _criterion(rubric, criterion, numbers[criterion.id], assessment, names)
                    for criterion in requirement.criteria
                ),
            )
            for requirement in rubric.requirements
            if requirement.criteria
        ),
        pieces=tuple(_piece(rubric, piece, names, assessment, told) for piece in _pieces(submission)),
        overall=assessment.overall.strip(),
        advice=advice,
        final=final.strip(),
    )


def as_decided(sent: Recommendation, draft: DecisionDraft) -> Assessment:
    """What was recommended, with the levels that the approver changed."""
    changed = {change.criterion_id: change.level for change in draft.overrides}
    kept = tuple(rating for rating in sent.ratings if rating.criterion_id not in changed)
    return Assessment(
        submission_id=sent.submission_id,
        round=sent.round,
        state=AssessmentState.FINAL,
        ratings=(*kept, *(Rating(criterion_id, level=level) for criterion_id, level in changed.items())),
        feedback=sent.feedback,
        overall=sent.overall,
        artifact_feedback=sent.artifact_feedback,
    )


def coach_advice(coach_after: int | None, submission: Submission, outcome: Outcome, locale: str) -> str:
    """The advice to meet a coach, once so many submissions were not earned (rule 20); empty before that.

    Args:
        coach_after: how many; None where the issuer does not ask for it.
        submission: this attempt; it counts when it is denied.
        outcome: what is recommended on it.
        locale: of the rubric; where its language has no words, they are English.
    """
    if coach_after is None or submission.attempt is None or outcome is not Outcome.DENY:
        return ""
    if submission.attempt < coach_after:
        return ""
    return COACH_ADVICE.get(locale[:2].lower(), COACH_ADVICE["en"])


def piece_names(rubric: RubricVersion, submission: Submission) -> dict[str, str]:
    """What each piece of evidence, and what was captured behind a link, is called, by its id."""
    names: dict[str, str] = {}
    for piece in _pieces(submission):
        if isinstance(piece, Response):
            prompt = rubric.prompt(piece.prompt_id)
            names[piece.id] = prompt.text if prompt is not None else ""
        elif isinstance(piece, Link):
            names[piece.id] = piece.title or piece.url
            if piece.snapshot is not None:
                names[piece.snapshot.id] = names[piece.id]
        else:
            names[piece.id] = piece.filename
    return names


def _pieces(submission: Submission) -> Iterable[Response | Artifact | Link]:
    for part in submission.parts:
        yield from part.responses
        yield from part.artifacts
        yield from part.links


def _criterion(
    rubric: RubricVersion, criterion: Criterion, number: int, assessment: Assessment, names: dict[str, str]
) -> CriterionReading:
    rating, feedback = assessment.rating(criterion.id), assessment.feedback_for(criterion.id)
    level = rubric.level_of(criterion.id, rating.level) if rating.level else None
    code = next((c for c in rubric.not_scorable if c.code == rating.not_scorable), None)
    outcome = level.label if level is not None else ""
    if code is not None and code.learner_visible:
        outcome = code.label
    return CriterionReading(
        number=number,
        text=criterion.text,
        outcome=outcome,
        feedback=feedback.text.strip(),
        seen=feedback.seen.strip(),
        missing=feedback.missing.strip(),
        next_step=feedback.next_step.strip(),
        looked_in=tuple(names[source] for source in feedback.looked_in if source in names),
    )


def _piece(
    rubric: RubricVersion,
    piece: Response | Artifact | Link,
    names: dict[str, str],
    assessment: Assessment,
    told: Sequence[Annotation],
) -> PieceReading:
    places = {str(piece.id)}
    if isinstance(piece, Link) and piece.snapshot is not None:
        places.add(piece.snapshot.id)
    here = [mark for mark in told if mark.anchor.source_id in places]
    tied = {criterion_id for mark in here for criterion_id in mark.criteria}
    return PieceReading(
        name=names[piece.id],
        feedback=assessment.artifact_feedback_for(piece.id).strip(),
        comments=tuple(mark.comment.strip() for mark in here if mark.comment.strip()),
        criteria=tuple((n, c.text) for n, c in enumerate(rubric.criteria, 1) if c.id in tied),
    )
