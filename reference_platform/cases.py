"""Questions and reports for the team lead: opening one, adding to it, and who may see it.

Every change of a case goes through here, so that its row, its `CaseWire` and what the leads and its opener
are told of it never differ. A case knows people by role; who opened it is in the row, never on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from assessor_app.domain.cases import CASE_TRANSITIONS, WORK_KINDS, CaseKind, CaseState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import IllegalTransition, check_transition
from assessor_app.sync.protocol import CaseEntryWire, CaseWire, as_json
from reference_platform import work
from reference_platform.auth.bearer import Actor
from reference_platform.feed import Feed
from reference_platform.models import Submission, TeamCase
from reference_platform.problems import Problem

By = Literal["learner", "preassessor", "assessor", "approver", "lead", "platform"]
"""Who says or does something in a case."""
Action = Literal["answered", "reassigned", "closed", "reopened"]
"""What is done with a case after it was opened."""
MOST_PLACE_CHARS = 400
"""Of a criterion's words beside a case."""


def open_case(
    session: Session,
    now: datetime,
    submission: Submission,
    kind: CaseKind,
    case_id: str,
    *,
    by: By,
    text: str = "",
    opened_by: str | None = None,
    criterion_id: str | None = None,
    source_id: str | None = None,
    due_at: datetime | None = None,
    detail: Mapping[str, str] | None = None,
) -> TeamCase:
    """Open a case and tell the leads, and its opener if she is to see the answers.

    Args:
        session: a writing transaction.
        now: the moment.
        submission: what it is about.
        kind: of question or report.
        case_id: client-made for what a client sends (a repeat then finds it); else any new id.
        by: the role of whoever opens it.
        text: the first words; the lead reads them.
        opened_by: the actor who is to see the answers; None for a report without answers.
        criterion_id: a criterion of the submission's rubric that it is about.
        source_id: a piece of evidence that it is about.
        due_at: when an answer is due.
        detail: what the kind needs beside the words, such as the kinds of finding.

    Raises:
        Problem: 409 `id-taken`; the id stands for another case.
    """
    if session.get(TeamCase, case_id) is not None:
        raise Problem(409, "id-taken", "This id stands for another question or report.")
    wire = CaseWire(
        id=case_id,
        kind=kind,
        state=CaseState.OPEN,
        submission_id=submission.id,
        code=submission.body["code"],
        title=submission.body["title"],
        criterion_id=criterion_id,
        source_id=source_id,
        opened_at=now,
        due_at=due_at,
        entries=[CaseEntryWire(at=now, by=by, text=text, action="opened")],
        detail={**_places(session, submission, criterion_id, source_id), **(detail or {})},
    )
    case = TeamCase(id=case_id, submission_id=submission.id, kind=kind, state=wire.state, opened_by=opened_by)
    case.body = as_json(wire)
    session.add(case)
    session.flush()
    Feed(session, now).case(case)
    return case


def append(
    session: Session,
    now: datetime,
    case: TeamCase,
    action: Action,
    *,
    by: By,
    text: str = "",
    assigned_to: str | None = None,
) -> None:
    """Add to a case: an answer, a reassignment, that it is closed or open again; and tell who sees it.

    An answer of the lead makes the case answered; words of anybody else make it open: somebody asks on.

    Args:
        session: a writing transaction.
        now: the moment.
        case: the case, in this transaction.
        action: what is done.
        by: the role of whoever does it.
        text: the words that go with it.
        assigned_to: for `reassigned`: the lead who has it from now on; None for the whole team.

    Raises:
        Problem: 409 `state`; a closed case takes nothing but being opened again, and an open one not that.
    """
    wire = wire_of(case)
    state = _state_after(wire, action, by)
    if state is not wire.state:
        try:
            check_transition(CASE_TRANSITIONS, wire.state, state)
        except IllegalTransition:
            raise Problem(409, "state", f"This is {wire.state} now.") from None
    entry = CaseEntryWire(at=now, by=by, text=text, action=action)
    changes = {
        "state": state,
        "entries": [*wire.entries, entry],
        "assigned_to": assigned_to if action == "reassigned" else wire.assigned_to,
    }
    case.state, case.body = state, as_json(wire.model_copy(update=changes))
    session.flush()
    Feed(session, now).case(case)


def retell(session: Session, now: datetime, case: TeamCase, detail: Mapping[str, str]) -> None:
    """Put other details beside a case's words; nobody is told where they are the same."""
    wire = wire_of(case)
    if wire.detail != {**wire.detail, **detail}:
        case.body = as_json(wire.model_copy(update={"detail": {**wire.detail, **detail}}))
        session.flush()
        Feed(session, now).case(case)


def case_for(session: Session, case_id: str, actor: Actor) -> TeamCase:
    """A case that the actor may see: any for a lead, else the one that she opened.

    Raises:
        Problem: 404; whether it exists is nobody else's to know.
    """
    case = session.get(TeamCase, case_id)
    if case is None or not (Role.LEAD in actor.roles or case.opened_by == actor.actor_id):
        raise Problem(404, "not-found", "There is no such question or report among yours.")
    return case


def wire_of(case: TeamCase) -> CaseWire:
    """The case as it goes over the wire."""
    return CaseWire.model_validate(case.body)


def _places(
    session: Session, submission: Submission, criterion_id: str | None, source_id: str | None
) -> dict[str, str]:
    """What the places that a case is about are called: a lead has neither rubric nor evidence beside it."""
    called: dict[str, str] = {}
    if criterion_id is not None:
        version, _ = work.rubric_of(session, submission)
        texts = {str(criterion.id): criterion.text for criterion in version.criteria}
        called["criterion"] = texts.get(criterion_id, criterion_id)[:MOST_PLACE_CHARS]
    if source_id is not None:
        names: dict[str, str] = {}
        for part in work.wire_of(submission).parts:
            names |= {response.id: "Written response" for response in part.responses}
            names |= {link.id: link.title or "Link" for link in part.links}
            names |= {artifact.id: artifact.filename for artifact in part.artifacts}
        called["source"] = names.get(source_id, source_id)
    return called


def _state_after(wire: CaseWire, action: Action, by: By) -> CaseState:
    state = wire.state
    if state is CaseState.CLOSED and action != "reopened":
        raise Problem(409, "state", "This is closed.")
    if action == "reopened" and state is CaseState.OPEN:
        raise Problem(409, "state", "This is open.")
    if action == "closed":
        return CaseState.CLOSED
    if action == "reassigned":
        # Work that was given to somebody is dealt with; a case that was given to another lead is not.
        return CaseState.ANSWERED if wire.kind in WORK_KINDS else state
    if action == "reopened":
        return CaseState.OPEN
    return CaseState.ANSWERED if by == "lead" else CaseState.OPEN
