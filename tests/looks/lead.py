"""What a team lead has on her list, Questions and reports: one case of each kind, and nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from assessor_app.cache import cases
from assessor_app.desk.reporting import Reporting
from assessor_app.domain.cases import Case, CaseEntry, CaseKind, CaseState
from assessor_app.domain.roles import Role
from assessor_app.ui.team.reports_page import ReportsPage
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.stage import SETTLE_MS, Stage

SAID = {
    CaseKind.FEEDBACK_QUESTION: ("S-5HYC", "learner", "What would a record of the second lesson look like?"),
    CaseKind.QUESTION: ("S-9DWT", "assessor", "Two of the eleven minutes are silent work. Do they count?"),
    CaseKind.INTEGRITY: ("S-4TNB", "assessor", "The photographs seem to be those of another lesson."),
    CaseKind.FAULT: ("S-H7WU", "assessor", "The sound of Artifact 3 stops after four seconds."),
    CaseKind.IDENTITY_FINDING: ("S-7K2M", "platform", ""),
    CaseKind.MATCH: ("S-M4RN", "platform", ""),
    CaseKind.RECUSAL: ("S-Q2BS", "platform", ""),
    CaseKind.AT_RISK: ("S-6CZJ", "platform", ""),
}
"""Code of the submission, who opened the case, and the words."""


def questions(kind: CaseKind | None) -> Callable[[Stage], None]:
    """The list with a case of this kind open; an empty list where there is none."""

    def make(stage: Stage) -> None:
        stage.role = Role.LEAD
        if kind is not None:
            _put_cases(stage)
        window = stage.sit_down()
        reporting = Reporting(window, Role.LEAD, stage.context.clock.now, window)
        reporting.begin(stage.lanes)
        pause(2 * SETTLE_MS)
        window.show_place("reports")
        if kind is not None:
            (page,) = window.findChildren(ReportsPage)
            page.cases.choose(kind.value)
        pause(2 * SETTLE_MS)

    return make


def _put_cases(stage: Stage) -> None:
    now = stage.context.clock.now()
    with stage.context.store.write() as txn:
        for number, (kind, (code, by, text)) in enumerate(SAID.items()):
            at = now - timedelta(hours=3 + 5 * number)
            made = demo.submission(code)
            opened = CaseEntry(at, by, "opened", text)
            cases.put(
                txn,
                Case(
                    kind.value, kind, CaseState.OPEN, made.id, made.code, at, made.title,
                    due_at=at + timedelta(days=2), entries=(opened,),
                ),
            )  # fmt: skip


LEAD = {f"questions-{kind.value.replace('_', '-')}": questions(kind) for kind in SAID}
LEAD["questions-empty"] = questions(None)
"""A lead's list, by the name of its picture."""
