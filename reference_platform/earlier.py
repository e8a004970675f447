"""What a resubmission brings along of the learner's earlier attempts: their evidence, never the levels.

Whoever holds the present attempt may read what was handed in before, so that the two can be compared. The
numbers and the files of earlier attempts disappear together once an attempt is awarded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from assessor_app.domain.states import SubmissionStatus
from reference_platform.models import Assignment, Submission


def with_evidence(
    session: Session, submissions: Sequence[Submission], data: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Submissions as they go over the wire, with the evidence of the attempts that they name.

    Args:
        session: where attempts are found, all in one query.
        submissions: the present attempts.
        data: their wire data by id, as `projection.submission_data` makes it.
    """
    named = [submission for submission in submissions if data[submission.id].get("prior")]
    attempts = _attempts_beside(session, named)
    for submission in named:
        earlier = {made.body["code"]: made for made in attempts[_work_of(submission)]}
        shown = []
        for prior in data[submission.id]["prior"]:
            made = earlier.get(prior["code"])
            is_known = made is not None and made.id != submission.id
            shown.append({**prior, "parts": made.body["parts"]} if is_known and made is not None else prior)
        data[submission.id]["prior"] = shown
    return data


def may_read(session: Session, actor_id: str, earlier_id: str) -> bool:
    """Whether an actor holds an attempt that brings this earlier one along."""
    made = session.get(Submission, earlier_id)
    if made is None or made.status is SubmissionStatus.WITHDRAWN:
        return False
    later = (
        select(Submission)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(
            Assignment.actor_id == actor_id,
            Assignment.active.is_(True),
            Submission.learner_id == made.learner_id,
            Submission.microcredential_id == made.microcredential_id,
            Submission.id != made.id,
            Submission.numbers_hidden.is_(False),
        )
    )
    code = made.body["code"]
    return any(
        code == prior["code"] for held in session.scalars(later) for prior in held.body.get("prior", ())
    )


def _work_of(submission: Submission) -> tuple[str, str]:
    """Whose work on what it is; never handed out."""
    return submission.learner_id, submission.microcredential_id


def _attempts_beside(
    session: Session, submissions: Sequence[Submission]
) -> dict[tuple[str, str], list[Submission]]:
    """Every attempt that was not taken back, of the learners of these at the same micro-credential."""
    found: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    if submissions:
        works = sorted({_work_of(submission) for submission in submissions})
        query = select(Submission).where(
            tuple_(Submission.learner_id, Submission.microcredential_id).in_(works),
            Submission.status != SubmissionStatus.WITHDRAWN,
        )
        for submission in session.scalars(query):
            found[_work_of(submission)].append(submission)
    return found
