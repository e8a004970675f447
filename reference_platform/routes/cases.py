"""What a lead does with questions and reports; what an opener adds to her own is in `escalations`."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.cases import WORK_KINDS, CaseKind
from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import CaseActionIn, CaseList, FieldProblem, ReceiptWire
from reference_platform import cases, colleagues, questions, work
from reference_platform.auth.bearer import SignedIn
from reference_platform.models import Account, Submission, TeamCase
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.projection import View
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Effect, IncomingWrite, Write, perform

router = APIRouter(tags=["team"])
_DONE: dict[str, cases.Action] = {
    "answer": "answered",
    "reassign": "reassigned",
    "close": "closed",
    "reopen": "reopened",
}


@router.get("/v1/cases", response_model_exclude_none=True)
def list_cases(request: Request, actor: SignedIn) -> CaseList:
    """Everything that a lead may see, oldest first."""
    actor.need(Role.LEAD)
    with platform_of(request).database.read() as session:
        ids = list(session.scalars(select(TeamCase.id)))
        found = View(session, actor.actor_id).cases(ids)
    return CaseList(cases=sorted(found, key=lambda case: (case.opened_at, case.id)))


@router.post(
    "/v1/cases/{case_id}/actions",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(CaseActionIn),
)
def act(request: Request, case_id: Identifier, write: Write) -> Response:
    """Answer, give to somebody else, close or open again."""

    def effect(session: Session, wire: CaseActionIn, now: datetime) -> Effect:
        write.actor.need(Role.LEAD)
        case = cases.case_for(session, case_id, write.actor)
        if not View(session, write.actor.actor_id).cases([case.id]):
            raise Problem(404, "not-found", "There is no such question or report among yours.")
        submission = session.get_one(Submission, case.submission_id)
        _act(session, wire, now, case, write)
        body = {"case_id": case.id, "action": wire.action}
        work.audit(session, now, write.actor.actor_id, submission.id, "case", body)
        return Effect(submission.id, f"case-{_DONE[wire.action]}")

    return perform(request, write, CaseActionIn, effect)


def _act(session: Session, wire: CaseActionIn, now: datetime, case: TeamCase, write: IncomingWrite) -> None:
    actor, submission = write.actor, session.get_one(Submission, case.submission_id)
    text, assigned_to = wire.text.strip(), None
    is_blind = wire.seen is not None and len(cases.wire_of(case).entries) > wire.seen
    if is_blind and wire.action in ("answer", "close"):
        raise Problem(409, "changed", "Something was said or done here meanwhile.")
    if wire.action == "answer":
        _check_words(wire)
        if not colleagues.may_answer(session, case, actor.actor_id):
            raise Problem(403, "conflict-of-interest", "Somebody who did not judge it has to answer.")
        if case.kind is CaseKind.FEEDBACK_QUESTION:
            questions.check_answer(session, submission, text)
    if wire.action == "reassign":
        if case.kind in WORK_KINDS:
            # Before the case says so: what is refused changes nothing.
            cases.append(session, now, case, "reassigned", by="lead", text=text)
            colleagues.hand_over(session, now, submission, wire.assign_to, actor.actor_id)
            return
        assigned_to = _lead(session, case, wire.assign_to)
    done = _DONE[wire.action]
    cases.append(session, now, case, done, by="lead", text=text, assigned_to=assigned_to)
    if wire.action == "answer" and wire.closes:
        cases.append(session, now, case, "closed", by="lead")


def _lead(session: Session, case: TeamCase, wanted: str | None) -> str | None:
    """The lead who is to have a case; None for the whole team."""
    if wanted is None:
        return None
    account = session.get(Account, wanted)
    if account is None or account.disabled or not account.has_role(Role.LEAD):
        raise Problem(404, "not-found", "There is no such team lead.")
    if not colleagues.may_answer(session, case, wanted):
        raise Problem(403, "conflict-of-interest", "Somebody who did not judge it has to answer.")
    return wanted


def _check_words(wire: CaseActionIn) -> None:
    if not wire.text.strip():
        error = FieldProblem(pointer="/text", message="An answer needs words.")
        raise Problem(422, "validation", "The body does not follow the contract.", errors=[error])
