"""Telling the lead of work that may miss its date, and that it no longer does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.at_risk import soon_until
from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Stage
from assessor_app.domain.work_at_risk import work_risks
from assessor_app.sync.protocol import utc_text
from reference_platform import cases, work
from reference_platform.colleagues import ROLE_AT
from reference_platform.feed import active_assignments
from reference_platform.models import Setting, Submission, TeamCase
from reference_platform.platform import Platform

EVERY = timedelta(minutes=1)
"""Nobody looks more often."""
LOOKED = "at_risk_looked_at"
"""Setting: when somebody looked last."""
_STAGES = {Role.ASSESSOR: Stage.ASSESSMENT, Role.APPROVER: Stage.DECISION}


def watch(platform: Platform) -> None:
    """Look at all open work, unless somebody has within `EVERY`; open, change and close cases accordingly."""
    now = platform.clock.now()
    with platform.database.read() as session:
        looked = session.get(Setting, LOOKED)
        if looked is not None and now < datetime.fromisoformat(looked.value) + EVERY:
            return
    with platform.database.write() as session:
        session.merge(Setting(name=LOOKED, value=now.isoformat()))
        look(session, now)


def look(session: Session, now: datetime) -> None:
    """Open a case for each piece of work that is at risk, and close those of work that is not any more.

    A case that a lead has closed stays closed for its round.
    """
    soon = soon_until(now, work.calendar(session))
    known = {
        case.id: case for case in session.scalars(select(TeamCase).where(TeamCase.kind == CaseKind.AT_RISK))
    }
    still: set[str] = set()
    for submission in session.scalars(select(Submission).where(Submission.status.in_(list(ROLE_AT)))):
        detail, due_at = _risk_of(session, submission, now, soon)
        if not detail:
            continue
        case_id = _case_id(submission)
        still.add(case_id)
        case = known.get(case_id)
        if case is None:
            cases.open_case(
                session,
                now,
                submission,
                CaseKind.AT_RISK,
                case_id,
                by="platform",
                due_at=due_at,
                detail=detail,
            )
            continue
        if _is_new_trouble(case, detail):
            cases.append(session, now, case, "reopened", by="platform")
        if case.state is not CaseState.CLOSED:
            cases.retell(session, now, case, detail)
    for case_id, case in known.items():
        if case_id not in still and case.state is not CaseState.CLOSED:
            cases.append(session, now, case, "closed", by="platform")


def _risk_of(
    session: Session, submission: Submission, now: datetime, soon: datetime
) -> tuple[dict[str, str], datetime | None]:
    """What is told of the risk beside the words, and when the part is due; nothing where there is none."""
    role = ROLE_AT[submission.status]
    dates = {due.stage: due.at for due in work.wire_of(submission).due}
    due_at, final_at = dates.get(_STAGES[role]), dates.get(Stage.DECISION)
    held = next((a for a in active_assignments(session, submission.id) if a.role is role), None)
    yours_until = held.lease_until if held is not None and held.claimed else None
    found = work_risks(
        now, soon, due_at=due_at, final_at=final_at, is_somebodys=held is not None, yours_until=yours_until
    )
    if not found:
        return {}, due_at
    detail = {"risks": ",".join(found), "role": role.value}
    if final_at is not None and final_at != due_at:
        detail["final_at"] = utc_text(final_at)
    if yours_until is not None:
        detail["until"] = utc_text(yours_until)
    return detail, due_at


def _case_id(submission: Submission) -> str:
    """One for each part that somebody has to do in each round."""
    whose = ROLE_AT[submission.status].value
    return f"risk-{text_sha256(f'{submission.id} {submission.round} {whose}')[:32]}"


def _is_new_trouble(case: TeamCase, detail: dict[str, str]) -> bool:
    """Whether a case that was over, or dealt with, is open again by what has come since."""
    wire = cases.wire_of(case)
    if case.state is CaseState.CLOSED:
        closed = next(entry for entry in reversed(wire.entries) if entry.action == "closed")
        return closed.by == "platform"
    before = set(wire.detail.get("risks", "").split(","))
    return case.state is CaseState.ANSWERED and not set(detail["risks"].split(",")) <= before
