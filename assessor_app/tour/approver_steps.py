"""The tour's steps in the approver's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessor_app.domain.inbox import LocalState
from assessor_app.tour.visit import Visit

if TYPE_CHECKING:
    from assessor_app.ui.workspaces.approver import ApproverWorkspace

NAMED = 1
"""Which criterion the return names, from 0."""
REASON = (
    "Criterion 2: the plan expects one way of thinking, the rubric asks for two. Please look at page 2 again."
)
WHY = "Page 2 and the second photograph together show two ways of thinking and one likely error."
FINAL = "Thank you for a portfolio that lets a reader see the lesson."


def first_sync(visit: Visit) -> None:
    """Another person, another profile: her own inbox."""
    visit.hands.wait("the approver's inbox", lambda: visit.rows() or None, patience_s=60)
    visit.until_up_to_date()
    visit.hands.wait("the toured submission", lambda: visit.has_row(visit.tour_code()))
    visit.hands.picture("approver-inbox")


def return_it(visit: Visit) -> None:
    """Evidence before opinion, reveal, return it with a reason."""
    hands = visit.hands
    visit.open(visit.tour_code())
    desk = workspace(visit)
    hands.check(desk.brief is not None and desk.brief.recommendation is None, "levels still covered")
    hands.check("Demonstrated\nDemonstrated" not in hands.texts(), "no rating on screen")
    hands.picture("covered")
    look_at_evidence(visit, desk)
    hands.press("Ctrl+Shift+R")
    hands.wait("the ratings", lambda: desk.brief and desk.brief.recommendation)
    hands.settle(200)
    hands.picture("revealed")
    visit.in_other_looks("revealed")
    hands.press("Ctrl+Shift+E")
    composer = desk.panel.composer
    hands.wait("the page of the return", composer.isVisible)
    hands.type(REASON, composer.reason.edit)
    criterion = visit.needed(desk.brief).rubric.criteria[NAMED]
    hands.click(composer.box_of(criterion.id), near_left=True)
    visit.until_saved()
    hands.check(criterion.id in composer.criteria(), "the criterion named")
    hands.picture("returning")
    hands.click(desk.panel.bar.confirm_button)
    visit.facts["reason"] = REASON
    visit.facts["named"] = str(criterion.id)
    visit.close_workspace()
    visit.sync()
    hands.wait("the return to be sent", lambda: visit.row(visit.tour_code()).status.value == "returned")
    hands.picture("returned")


def award(visit: Visit) -> None:
    """See only what changed, change a rating with a reason, award."""
    hands = visit.hands
    visit.sync()
    hands.wait("it to be back", lambda: visit.row(visit.tour_code()).status.value == "waiting_on_approver")
    visit.open(visit.tour_code())
    desk = workspace(visit)
    hands.press("Ctrl+Shift+R")
    hands.wait("what changed", lambda: desk.brief and desk.brief.changes)
    hands.settle(200)
    changed = [str(change.criterion_id) for change in desk.brief.changes] if desk.brief else []
    hands.check(changed == [visit.facts["named"]], f"only the named criterion changed, not {changed}")
    hands.check("Only what changed since your return" in hands.texts(), "the heading of what changed")
    hands.picture("only-what-changed")
    card = desk.panel.cards[0]
    desk.panel.go_to(card)
    card.levels.setFocus()
    hands.press(str(len(card.scale.levels)), card.levels)
    hands.wait("the field for the reason", card.why.isVisible)
    hands.type(WHY, card.why.edit)
    hands.type(FINAL, desk.panel.final.edit)
    visit.until_saved()
    hands.wait("the rule to allow it", desk.panel.bar.award_button.isEnabled)
    hands.picture("changed-with-a-reason")
    hands.press("Ctrl+Shift+A")
    hands.wait("the question", desk.panel.bar.confirm_button.isVisible)
    hands.picture("award")
    hands.click(desk.panel.bar.confirm_button)
    visit.facts["why"] = WHY
    visit.close_workspace()
    visit.sync()
    hands.wait("the award to be sent", lambda: visit.row(visit.tour_code()).status.value == "awarded")
    hands.check(visit.row(visit.tour_code()).local_state is not LocalState.NEEDS_YOU, "nothing in the way")
    visit.open(visit.tour_code())
    hands.wait("the receipt", lambda: "eceipt" in hands.texts() or None)
    hands.picture("awarded")
    visit.close_workspace()


def workspace(visit: Visit) -> ApproverWorkspace:
    """The open submission, once it is read."""
    from assessor_app.ui.workspaces.approver import ApproverWorkspace

    def ready() -> ApproverWorkspace | None:
        found = visit.desk.window.workspace()
        return found if isinstance(found, ApproverWorkspace) and found.brief is not None else None

    return visit.hands.wait("the submission to open", ready)


def look_at_evidence(visit: Visit, desk: ApproverWorkspace) -> None:
    """Read a file before anything is revealed."""
    pages = desk.document.view.pages.pages
    sharp: list[int] = []
    pages.painted_sharp.connect(sharp.append)
    for _ in range(4):
        visit.hands.press("Ctrl+PgDown")
        visit.hands.settle(60)
    for entry in desk.evidence.entries():
        if getattr(entry.item, "media_type", "") == "application/pdf":
            desk.evidence.select(entry.key)
    visit.hands.wait("a page of the evidence", lambda: sharp or None)
    pages.painted_sharp.disconnect(sharp.append)
    visit.hands.picture("evidence-before-opinion")
