"""What a resubmission brings along of the learner's earlier attempts: their evidence, and what it was rated.

Whoever holds the present attempt may read what was handed in before, so that the two can be compared. A level
of then comes along as well; the workstation covers it until the criterion was rated now. Numbers, levels and
files of earlier attempts disappear together once an attempt is awarded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from assessor_app.domain.states import SubmissionStatus
from reference_platform.models import Assignment, Decision, Recommendation, Submission


def with_evidence(
    session: Session, submissions: Sequence[Submission], data: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Submissions as they go over the wire, with evidence and levels of the attempts that they name.

    Args:
        session: where attempts are found, all in one query.
        submissions: the present attempts.
        data: their wire data by id, as `projection.submission_data` makes it.
    """
    named = [submission for submission in submissions if data[submission.id].get("prior")]
    attempts = _attempts_beside(session, named)
    levels = _levels(session, [made for found in attempts.values() for made in found])
    for submission in named:
        earlier = {made.body["code"]: made for made in attempts[_work_of(submission)]}
        shown = []
        for prior in data[submission.id]["prior"]:
            made = earlier.get(prior["code"])
            if made is None or made.id == submission.id:
                shown.append(prior)
            else:
                shown.append({**prior, "parts": made.body["parts"], "levels": levels.get(made.id, {})})
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


def _levels(session: Session, attempts: Sequence[Submission]) -> dict[str, dict[str, str]]:
    """Level codes by criterion of each attempt: as last recommended, with what the approver changed."""
    ids = [made.id for made in attempts]
    found: dict[str, dict[str, str]] = {}
    query = select(Recommendation).where(Recommendation.submission_id.in_(ids))
    for sent in session.scalars(query.order_by(Recommendation.round)):
        scores = sent.body["scores"]
        found[sent.submission_id] = {s["criterion_id"]: s["level"] for s in scores if s.get("level")}
    decided = select(Decision, Submission).join(Submission, Submission.id == Decision.submission_id)
    for decision, made in session.execute(decided.where(Decision.submission_id.in_(ids))):
        if decision.round == made.round:
            changed = {o["criterion_id"]: o["level"] for o in decision.body.get("overrides", ())}
            found.setdefault(made.id, {}).update(changed)
    return found


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
