"""To whom a case can be given, or the work that it is about; and giving that work.

A lead knows assessors and approvers by a pseudonym that stands for one submission alone, and by how much
they have in hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.cases import WORK_KINDS, CaseKind, CaseState
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import ColleagueWire
from reference_platform import cursors, work
from reference_platform.feed import Feed, active_assignments
from reference_platform.models import Account, Assignment, Decision, Setting, Submission, TeamCase
from reference_platform.problems import Problem

ROLE_AT = {
    SubmissionStatus.WAITING_ON_ASSESSOR: Role.ASSESSOR,
    SubmissionStatus.RETURNED: Role.ASSESSOR,
    SubmissionStatus.WAITING_ON_APPROVER: Role.APPROVER,
}
"""Whose work a submission is, by where it stands."""


def who_may_take(session: Session, case: TeamCase, reader_id: str) -> list[ColleagueWire]:
    """To whom a lead can give a case: the work to those who may have it, a question to other leads."""
    if case.state is CaseState.CLOSED:
        return []
    submission = session.get_one(Submission, case.submission_id)
    if case.kind in WORK_KINDS:
        fit = [
            ColleagueWire(id=pseudonym(session, submission.id, account.actor_id), has=has)
            for has, account in _fit(session, submission)
        ]
        return sorted(fit, key=lambda colleague: (colleague.has, colleague.id))
    leads = [account for account in session.scalars(select(Account)) if account.has_role(Role.LEAD)]
    return [
        ColleagueWire(id=account.actor_id)
        for account in sorted(leads, key=lambda account: account.actor_id)
        if account.actor_id != reader_id
        and not account.disabled
        and may_answer(session, case, account.actor_id)
    ]


def may_answer(session: Session, case: TeamCase, actor_id: str) -> bool:
    """Whether a lead may answer a case: a question on feedback, only who did not judge that submission."""
    if case.kind is not CaseKind.FEEDBACK_QUESTION:
        return True
    submission = session.get_one(Submission, case.submission_id)
    decided = select(Decision.id).where(
        Decision.submission_id == submission.id, Decision.actor_id == actor_id
    )
    is_judge = session.scalar(decided.limit(1)) is not None
    return not is_judge and not work.has_assessed(session, submission, actor_id)


def hand_over(
    session: Session, now: datetime, submission: Submission, wanted: str | None, by_actor: str
) -> None:
    """Give a submission to another person, and take it from whoever had it in that role.

    Args:
        session: a writing transaction.
        now: the moment.
        submission: the work.
        wanted: a pseudonym from `who_may_take`; None for whoever may have it and has least to do.
        by_actor: the lead, for the audit trail.

    Raises:
        Problem: 409 `state` where nobody is to work on it now, `nobody-free` where nobody may have it, 403
            `conflict-of-interest` where this person must not, 404 where there is no such person.
    """
    role = ROLE_AT.get(submission.status)
    if role is None:
        raise Problem(409, "state", f"The submission is {submission.status} now.")
    fit = sorted(_fit(session, submission), key=lambda found: (found[0], found[1].actor_id))
    if wanted is None:
        chosen = fit[0][1] if fit else None
        if chosen is None:
            raise Problem(409, "nobody-free", "Nobody else may have this work just now.")
    else:
        chosen = _known_as(session, submission, wanted)
        if all(account is not chosen for _, account in fit):
            raise Problem(403, "conflict-of-interest", "Somebody else has to judge this submission.")
    feed = Feed(session, now)
    for assignment in active_assignments(session, submission.id):
        if assignment.role is role:
            assignment.active = False
            session.flush()
            feed.unassigned(assignment, EndingReason.REASSIGNED)
    given = session.merge(
        Assignment(
            submission_id=submission.id,
            actor_id=chosen.actor_id,
            role=role,
            active=True,
            claimed=False,
            lease_until=None,
            sampled=False,
        )
    )
    session.flush()
    feed.assigned(given, submission)
    work.audit(session, now, by_actor, submission.id, "reassigned", {"to": chosen.actor_id})


def pseudonym(session: Session, submission_id: str, actor_id: str) -> str:
    """What somebody is called beside one submission, and nowhere else."""
    secret = session.get_one(Setting, cursors.SECRET).value
    return f"p-{text_sha256(f'{secret} {submission_id} {actor_id}')[:10]}"


def _known_as(session: Session, submission: Submission, wanted: str) -> Account:
    for account in session.scalars(select(Account)):
        if pseudonym(session, submission.id, account.actor_id) == wanted:
            return account
    raise Problem(404, "not-found", "There is no such person.")


def _fit(session: Session, submission: Submission) -> Iterator[tuple[int, Account]]:
    """Who may have a submission now and does not have it, with how much each has in hand."""
    role = ROLE_AT.get(submission.status)
    if role is None:
        return
    at_work = {assignment.actor_id for assignment in active_assignments(session, submission.id)}
    for account in session.scalars(select(Account)):
        if account.disabled or not account.has_role(role) or account.actor_id in at_work:
            continue
        try:
            work.refuse_unfit(session, submission, account, role)
        except Problem:
            continue
        yield _in_hand(session, account.actor_id, role), account


def _in_hand(session: Session, actor_id: str, role: Role) -> int:
    statuses = [status for status, whose in ROLE_AT.items() if whose is role]
    count = (
        select(func.count())
        .select_from(Assignment)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.actor_id == actor_id,
            Assignment.role == role,
            Assignment.active.is_(True),
            Submission.status.in_(statuses),
        )
    )
    return session.scalar(count) or 0
