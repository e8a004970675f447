"""The tour's step in the team lead's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessor_app.tour.visit import Visit

if TYPE_CHECKING:
    from assessor_app.ui.team.reports_page import ReportsPage

ANSWER = "Yes: the order of the two shows which came first. Say in your feedback how you told them apart."


def answer(visit: Visit) -> None:
    """All questions and reports in one list; the assessor's question gets its answer."""
    hands, facts = visit.hands, visit.facts
    page = reports(visit)
    visit.until_up_to_date()
    hands.wait("questions and reports", lambda: page.cases.model.rowCount() or None)
    hands.settle(200)
    hands.picture("questions-and-reports")
    visit.in_other_looks("questions-and-reports")
    hands.type(str(facts["question"]).partition(":")[0], page.cases.search)
    hands.wait("the question", lambda: page.cases.model.rowCount() == 1)
    page.cases.choose_first()
    hands.wait("its words", lambda: str(facts["question"]) in hands.texts())
    hands.type(ANSWER, page.view.reply.edit)
    hands.picture("answering")
    hands.click(page.view.reply.answer_close)
    hands.wait("the box to be empty", lambda: not page.view.reply.edit.toPlainText())
    visit.sync()
    hands.settle(200)
    hands.picture("answered-by-the-lead")
    facts["answer"] = ANSWER


def reports(visit: Visit) -> ReportsPage:
    """The lead's first place, once it is there."""
    from assessor_app.ui.team.reports_page import ReportsPage

    def shown() -> ReportsPage | None:
        found = visit.desk.window.findChildren(ReportsPage)
        return next((page for page in found if page.isVisible()), None)

    return visit.hands.wait("the lead's page", shown, patience_s=60)
