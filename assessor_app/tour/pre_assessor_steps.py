"""The tour's step in the pre-assessor's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessor_app.tour.visit import Visit

if TYPE_CHECKING:
    from assessor_app.ui.workspaces.pre_assessor import PreAssessorWorkspace

MISSING = "I looked in all parts and found none."
FEEDBACK = "Your plan is here. Attach what is named above, then hand it in again; nothing was judged yet."


def return_incomplete(visit: Visit) -> None:
    """Say what is there and what is not, and return it to the learner; no level is anywhere."""
    hands, code = visit.hands, str(visit.facts["incomplete_code"])
    hands.wait("the pre-assessor's inbox", lambda: visit.rows() or None, patience_s=60)
    visit.until_up_to_date()
    hands.picture("pre-assessor-inbox")
    visit.open(code)
    desk = workspace(visit)
    missing = frozenset(visit.facts["incomplete"])
    for row in desk.panel.rows:
        desk.panel.go_to(row)
        hands.press("1" if row.indicator.id in missing else "2", row)
        if row.indicator.id in missing:
            hands.type(MISSING, row.note.edit)
        visit.until_saved()
    hands.check("Demonstrated" not in hands.texts(), "no level on screen")
    hands.type(FEEDBACK, desk.panel.feedback.edit)
    visit.until_saved()
    hands.wait("nothing missing", lambda: desk.opened is not None and not desk.opened.findings)
    hands.picture("incomplete")
    visit.in_other_looks("incomplete")
    hands.press("Ctrl+Shift+Return")
    hands.settle()
    hands.picture("incomplete-asked")
    hands.press("Ctrl+Shift+Return")
    hands.wait("it to wait", lambda: desk.opened is not None and not desk.opened.is_editable)
    visit.close_workspace()
    visit.sync()
    hands.wait("it to be back with the learner", lambda: visit.row(code).status.value == "incomplete")
    hands.picture("returned-to-the-learner")


def workspace(visit: Visit) -> PreAssessorWorkspace:
    """The open submission, once it is read."""
    from assessor_app.ui.workspaces.pre_assessor import PreAssessorWorkspace

    def ready() -> PreAssessorWorkspace | None:
        found = visit.desk.window.workspace()
        return found if isinstance(found, PreAssessorWorkspace) and found.opened is not None else None

    return visit.hands.wait("the submission to open", ready)
