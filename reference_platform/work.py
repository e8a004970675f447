"""What the write paths share: finding a submission, its rubric and who is at work on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.assessments import DecisionOutcome
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import (
    SUBMISSION_TRANSITIONS,
    IllegalTransition,
    SubmissionStatus,
    check_transition,
)
from assessor_app.rubric.native import rubric_from_json
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import CalendarWire, ChangeType, SubmissionWire
from reference_platform.auth.bearer import Actor
from reference_platform.feed import Feed, active_assignments
from reference_platform.models import (
    Account,
    Assignment,
    AuditEntry,
    Document,
    Learner,
    Recommendation,
    Recusal,
    Rubric,
    StatusChange,
    Submission,
)
from reference_platform.problems import Problem

STATUS_AFTER = {
    DecisionOutcome.AWARD: SubmissionStatus.AWARDED,
    DecisionOutcome.DENY: SubmissionStatus.DENIED,
    DecisionOutcome.RETURN: SubmissionStatus.RETURNED,
}
"""Where a decision leads."""
HistoryRole = Literal["learner", "preassessor", "assessor", "approver", "lead", "platform"]
"""Who a change of status is put down to."""


def submission_of(session: Session, submission_id: str) -> Submission:
    """A submission that is to be changed.

    Raises:
        Problem: 404; or 410 `withdrawn` when the learner took it back, `erased` when all of it is gone.
    """
    submission = session.get(Submission, submission_id)
    if submission is None:
        erased = (AuditEntry.submission_id == submission_id, AuditEntry.what == EndingReason.ERASED.value)
        if session.scalar(select(AuditEntry.id).where(*erased).limit(1)) is not None:
            raise Problem(410, "erased", "The learner's data were erased.")
        raise Problem(404, "not-found", "There is no such submission.")
    if submission.status is SubmissionStatus.WITHDRAWN:
        raise Problem(410, "withdrawn", "The learner has withdrawn this submission.")
    return submission


def id_of_code(session: Session, told: str) -> str:
    """The id of a submission that is named by its id or by its code; else what was told."""
    by_code = select(Submission.id).where(Submission.body["code"].as_string() == told)
    return session.scalar(by_code.limit(1)) or told


def has_run_out(assignment: Assignment, now: datetime) -> bool:
    """Whether it is a claim whose time is over: it stays its holder's until somebody else takes it."""
    return assignment.claimed and assignment.lease_until is not None and assignment.lease_until <= now


def assignment_of(session: Session, submission: Submission, actor: Actor, role: Role) -> Assignment:
    """The actor's present assignment to a submission in a role.

    Raises:
        Problem: 403 `insufficient-scope` or `not-assigned`.
    """
    actor.need(role)
    assignment = session.get(Assignment, (submission.id, actor.actor_id, role))
    if assignment is None or not assignment.active:
        raise Problem(403, "not-assigned", "This submission is not assigned to you in this role.")
    return assignment


def role_in(session: Session, submission: Submission, actor: Actor) -> Role:
    """The role in which a submission is the actor's work now.

    Raises:
        Problem: 403 `not-assigned`.
    """
    held = {a.role for a in active_assignments(session, submission.id) if a.actor_id == actor.actor_id}
    for role in (Role.ASSESSOR, Role.APPROVER, Role.PREASSESSOR):
        if role in held and role in actor.roles:
            return role
    raise Problem(403, "not-assigned", "This submission is not assigned to you.")


def source_ids(submission: Submission) -> frozenset[str]:
    """The ids of everything in a submission that can be looked at: responses, artifacts and links."""
    ids: set[str] = set()
    for part in wire_of(submission).parts:
        ids |= {response.id for response in part.responses}
        ids |= {artifact.id for artifact in part.artifacts}
        ids |= {link.id for link in part.links}
    return frozenset(ids)


def rubric_of(session: Session, submission: Submission) -> tuple[RubricVersion, str]:
    """The rubric version that a submission is pinned to, and its hash."""
    row = session.get_one(Rubric, (submission.rubric_id, submission.rubric_version))
    return rubric_from_json(row.body), row.hash


def wire_of(submission: Submission) -> SubmissionWire:
    """The submission as it was received."""
    return SubmissionWire.model_validate(submission.body)


def recommendation_of(session: Session, submission: Submission) -> Recommendation | None:
    """What was recommended in the present round."""
    return session.scalar(
        select(Recommendation).where(
            Recommendation.submission_id == submission.id, Recommendation.round == submission.round
        )
    )


def move(
    session: Session, now: datetime, submission: Submission, new: SubmissionStatus, by: HistoryRole
) -> None:
    """Change a submission's status by the table, and put the change into its history.

    Args:
        session: a writing transaction.
        now: the moment.
        submission: what changes.
        new: the state that it goes to.
        by: the role of whoever changed it; history knows nobody by more than that.

    Raises:
        Problem: 409 `state`; the table does not hold the step.
    """
    try:
        check_transition(SUBMISSION_TRANSITIONS, submission.status, new)
    except IllegalTransition:
        raise Problem(409, "state", f"The submission is {submission.status} now.") from None
    submission.status = new
    session.add(StatusChange(submission_id=submission.id, at=now, status=new, by=by))


def refuse_recused(session: Session, submission: Submission, actor_id: str) -> None:
    """Refuse who gave the submission back for good: neither claim nor assignment brings it back to her.

    Raises:
        Problem: 403 `conflict-of-interest`, the same as for any other conflict.
    """
    if session.get(Recusal, (submission.id, actor_id)) is not None:
        raise Problem(403, "conflict-of-interest", "Somebody else has to judge this submission.")


def has_assessed(session: Session, submission: Submission, actor_id: str) -> bool:
    """Whether an actor is or was an assessor of a submission, in any round."""
    if session.get(Assignment, (submission.id, actor_id, Role.ASSESSOR)) is not None:
        return True
    found = select(Recommendation.id).where(
        Recommendation.submission_id == submission.id, Recommendation.actor_id == actor_id
    )
    return session.scalar(found.limit(1)) is not None


def refuse_conflict(session: Session, submission: Submission, actor: Actor) -> None:
    """Refuse who has the learner's employer.

    Raises:
        Problem: 403 `conflict-of-interest`.
    """
    learner = session.get_one(Learner, submission.learner_id)
    if actor.employer_digest is not None and actor.employer_digest == learner.employer_digest:
        raise Problem(403, "conflict-of-interest", "Somebody else has to judge this submission.")


def refuse_unfit(session: Session, submission: Submission, account: Account, role: Role) -> None:
    """Refuse who must not judge a submission in a role: by a conflict, or by what she did with it before.

    Raises:
        Problem: 403 `conflict-of-interest`, the same for every reason.
    """
    refusal = Problem(403, "conflict-of-interest", "Somebody else has to judge this submission.")
    refuse_recused(session, submission, account.actor_id)
    learner = session.get_one(Learner, submission.learner_id)
    if account.employer_digest is not None and account.employer_digest == learner.employer_digest:
        raise refusal
    has_assessed_it = has_assessed(session, submission, account.actor_id)
    if role is Role.APPROVER:
        is_unfit = has_assessed_it
    else:
        approves = session.get(Assignment, (submission.id, account.actor_id, Role.APPROVER)) is not None
        is_unfit = approves or (submission.round > 1 and has_assessed_it)
    if is_unfit:
        raise refusal


def calendar(session: Session) -> Calendar | None:
    """The issuer's business days; None without a calendar."""
    document = session.scalar(select(Document).where(Document.kind == "calendar").limit(1))
    if document is None:
        return None
    wire = CalendarWire.model_validate(document.body)
    return Calendar(
        id=wire.id,
        tz=wire.tz,
        weekend=frozenset(wire.weekend),
        holidays=frozenset(wire.holidays),
        version=wire.version,
        end_of_business=wire.end_of_business,
    )


def policy(session: Session) -> dict[str, Any]:
    """The issuer's policy as it goes over the wire; empty without one."""
    document = session.scalar(select(Document).where(Document.kind == "policy").limit(1))
    return document.body if document is not None else {}


def audit(
    session: Session, at: datetime, actor_id: str, submission_id: str, what: str, body: dict[str, Any]
) -> None:
    """Put a line into the audit trail."""
    entry = AuditEntry(at=at, actor_id=actor_id, submission_id=submission_id, what=what, body=body)
    session.add(entry)


def assessor_of(session: Session, submission: Submission) -> Assignment | None:
    """The present assessor's assignment."""
    found = active_assignments(session, submission.id)
    return next((assignment for assignment in found if assignment.role is Role.ASSESSOR), None)


def move_to_version(session: Session, submission: Submission, version: int, feed: Feed) -> None:
    """Have a submission judged by another published version of its rubric, and tell everybody at work on it.

    The issuer's act alone, such as for a version that was wrong: otherwise a submission stays with the one
    that it was made for.
    """
    row = session.get_one(Rubric, (submission.rubric_id, version))
    submission.rubric_version = version
    ref = {**submission.body["rubric"], "version": version, "hash": row.hash}
    submission.body = {**submission.body, "rubric": ref}
    for assignment in active_assignments(session, submission.id):
        feed.changed(assignment.actor_id, ChangeType.RUBRIC_VERSION, f"{submission.rubric_id}:{version}")
    feed.submission(submission)


def hide_numbers(session: Session, awarded: Submission, feed: Feed) -> None:
    """Stop handing out numbers of earlier attempts after an award; they stay in the audit trail."""
    related = select(Submission).where(
        Submission.learner_id == awarded.learner_id,
        Submission.microcredential_id == awarded.microcredential_id,
        Submission.numbers_hidden.is_(False),
    )
    for submission in session.scalars(related).all():
        submission.numbers_hidden = True
        feed.submission(submission)
