"""When work of the team may miss its date: the rule by which a lead is told."""

from __future__ import annotations

from datetime import datetime

from assessor_app.domain.cases import WorkRisk


def work_risks(
    now: datetime,
    soon: datetime,
    *,
    due_at: datetime | None,
    final_at: datetime | None,
    is_somebodys: bool,
    yours_until: datetime | None = None,
) -> tuple[WorkRisk, ...]:
    """Why work that is not done may miss its date; empty where it is not at risk.

    Args:
        now: the present, aware.
        soon: what is due until then is due soon: see `at_risk.soon_until`.
        due_at: when the part that is to be done now is due.
        final_at: the final limit of the decision.
        is_somebodys: whether somebody has it.
        yours_until: until when that person has it; None without an end.
    """
    found = []
    if due_at is not None and due_at < now:
        found.append(WorkRisk.OVERDUE)
    if final_at is not None and final_at <= soon:
        found.append(WorkRisk.FINAL_LIMIT)
    if is_somebodys and yours_until is not None and yours_until <= now:
        found.append(WorkRisk.TIME_ENDED)
    if due_at is not None and now <= due_at <= soon:
        found.append(WorkRisk.DUE_SOON if is_somebodys else WorkRisk.NOBODY)
    return tuple(found)
