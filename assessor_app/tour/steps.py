"""The steps by their names, as the conductor asks for them."""

from __future__ import annotations

from collections.abc import Callable

from assessor_app.tour import (
    approver_steps,
    around_steps,
    assessor_steps,
    evidence_steps,
    lead_steps,
    pre_assessor_steps,
)
from assessor_app.tour.visit import Visit

STEPS: dict[str, Callable[[Visit], None]] = {
    "first_sync": assessor_steps.first_sync,
    "offline": assessor_steps.offline,
    "open": assessor_steps.open_submission,
    "annotate": assessor_steps.annotate,
    "survey": evidence_steps.survey,
    "rate": assessor_steps.rate,
    "recommend": assessor_steps.recommend,
    "last_keystrokes": assessor_steps.last_keystrokes,
    "after_kill": assessor_steps.after_kill,
    "online": assessor_steps.online,
    "first_sync_approver": approver_steps.first_sync,
    "return": approver_steps.return_it,
    "award": approver_steps.award,
    "correct": assessor_steps.correct,
    "decided": assessor_steps.decided,
    "deny": assessor_steps.deny,
    "inaccessible_link": around_steps.inaccessible_link,
    "recuse": around_steps.recuse,
    "ask_lead": around_steps.ask_lead,
    "answer": lead_steps.answer,
    "read_answer": around_steps.read_answer,
    "return_incomplete": pre_assessor_steps.return_incomplete,
}
