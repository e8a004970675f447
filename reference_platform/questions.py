"""Learners' questions on their feedback: taken in without any identity (rule 22), answered with none.

The page on which learners ask is the platform's own and no part of the contract; what it does is call `ask`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.cases import CaseKind
from assessor_app.domain.deadlines import ClockRule, DayUnit, due_at
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.submissions import Stage
from assessor_app.privacy.telling_text import Telling, telling_places, without_identity
from assessor_app.sync.protocol import FieldProblem
from reference_platform import cases, work
from reference_platform.models import Account, Learner, Submission, TeamCase
from reference_platform.problems import Problem

ANSWER_WITHIN = ClockRule(Stage.DECISION, 3, DayUnit.BUSINESS, DueKind.TARGET)
"""How long an answer may take."""
_NEVER = (Telling.EMAIL, Telling.PHONE, Telling.NAME)


def ask(
    session: Session,
    now: datetime,
    submission: Submission,
    case_id: str,
    text: str,
    *,
    criterion_id: str | None = None,
    source_id: str | None = None,
) -> TeamCase:
    """Take a learner's question in: what may tell who anybody is goes out of it before it is stored.

    Args:
        session: a writing transaction.
        now: when it was asked.
        submission: whose feedback it is about.
        case_id: any new id.
        text: as the learner wrote it.
        criterion_id: a criterion that it is about.
        source_id: a piece of evidence that it is about.
    """
    calendar = work.calendar(session)
    return cases.open_case(
        session,
        now,
        submission,
        CaseKind.FEEDBACK_QUESTION,
        case_id,
        by="learner",
        text=without_identity(text.strip(), _known_names(session, submission)),
        criterion_id=criterion_id,
        source_id=source_id,
        due_at=due_at(now, ANSWER_WITHIN, calendar) if calendar is not None else None,
    )


def check_answer(session: Session, submission: Submission, text: str) -> None:
    """Refuse an answer that would tell a learner who somebody is, or how to reach somebody.

    Raises:
        Problem: 422 `identity`, with which kinds were found; never what it was.
    """
    found = telling_places(text, _known_names(session, submission))
    kinds = sorted({place.kind.value for place in found if place.is_certain and place.kind in _NEVER})
    if kinds:
        error = FieldProblem(pointer="/text", message=f"It holds: {', '.join(kinds)}.")
        raise Problem(422, "identity", "The learner would read who somebody is.", errors=[error])


def _known_names(session: Session, submission: Submission) -> Iterator[str]:
    """The learner's name and those of everybody who works here, whole and in parts."""
    learner = session.get_one(Learner, submission.learner_id)
    for name in (learner.private_name, *session.scalars(select(Account.private_name))):
        yield name
        yield from (part for part in name.split() if len(part) > 2)
