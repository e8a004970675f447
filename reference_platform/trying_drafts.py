"""What a draft of a rubric would make of the platform's past assessments, and which open work it touches.

Only read, and only by the codes of submissions: neither learners nor assessors are in what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.ids import RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.dry_run import DryRun, RatedWork, TouchedWork, dry_run, touched
from assessor_app.rubric.json_text import MAX_BYTES, decoded, parsed
from assessor_app.rubric.native import rubric_from_json
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import DecisionIn, RecommendationIn, SubmissionWire
from reference_platform.judging import accommodations_of, answered_requirements, overridden, ratings_of
from reference_platform.models import Decision, Recommendation, Submission
from reference_platform.work import rubric_of, wire_of

PAST = frozenset({SubmissionStatus.AWARDED, SubmissionStatus.DENIED})
GONE = frozenset({SubmissionStatus.WITHDRAWN, SubmissionStatus.INCOMPLETE})
"""Neither past nor open: never assessed for competency."""


def draft_of(path: Path) -> RubricVersion:
    """A draft from a file of native JSON.

    Raises:
        RubricInvalid: with the place in it.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return rubric_from_json(parsed(decoded(file.read(MAX_BYTES + 1))))


def try_draft(session: Session, draft: RubricVersion) -> tuple[DryRun, tuple[TouchedWork, ...]]:
    """The dry run on everything that was submitted under versions of the draft's rubric."""
    past, open_work = [], []
    for submission, work in _work(session, draft.id):
        if submission.status in PAST and work.ratings:
            past.append(work)
        elif submission.status not in PAST:
            open_work.append(work)
    return dry_run(draft, past), touched(draft, open_work)


def _work(session: Session, rubric_id: str) -> Iterator[tuple[Submission, RatedWork]]:
    """Submissions under a rubric with the ratings of their last round, in the order of their codes."""
    versions: dict[int, RubricVersion] = {}
    found = session.scalars(select(Submission).where(Submission.rubric_id == rubric_id)).all()
    for submission in sorted(found, key=lambda row: str(row.body["code"])):
        if submission.status in GONE:
            continue
        number = submission.rubric_version
        if number not in versions:
            versions[number] = rubric_of(session, submission)[0]
        wire = wire_of(submission)
        sent = session.scalars(
            select(Recommendation)
            .where(Recommendation.submission_id == submission.id)
            .order_by(Recommendation.round.desc())
        ).first()
        ratings = ratings_of(RecommendationIn.model_validate(sent.body).scores) if sent else ()
        decided = session.scalars(
            select(Decision).where(
                Decision.submission_id == submission.id, Decision.round == (sent.round if sent else 0)
            )
        ).first()
        if decided is not None:
            ratings = overridden(ratings, DecisionIn.model_validate(decided.body).overrides)
        accommodations = accommodations_of(wire.accommodations)
        yield submission, RatedWork(wire.code, versions[number], ratings, accommodations, _answered(wire))


def _answered(wire: SubmissionWire) -> frozenset[RequirementId] | None:
    return None if wire.submission_type is SubmissionType.FULL_PORTFOLIO else answered_requirements(wire)
