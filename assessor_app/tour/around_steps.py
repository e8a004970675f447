"""The tour's steps around a judgement: a link that does not open, work given back, a question to the lead."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QWidget

from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.submissions import Link, LinkState
from assessor_app.tour.assessor_steps import choose, workspace
from assessor_app.tour.visit import Visit
from assessor_app.ui.palette import CommandPalette
from assessor_app.ui.sending.questions_dialog import QuestionsDialog
from assessor_app.ui.sending.recuse_dialog import RecuseDialog
from assessor_app.ui.viewers.link_view import LinkView

W = TypeVar("W", bound=QWidget)
QUESTION = "Criterion 1 asks for two drafts. One is handwriting without a date: does it count as a draft?"


def inaccessible_link(visit: Visit) -> None:
    """A link that two checks could not open: one key asks what cannot be judged without it."""
    hands = visit.hands
    visit.open(str(visit.facts["link_code"]))
    desk = workspace(visit)
    entry = next(
        e for e in desk.evidence.entries() if isinstance(e.item, Link) and e.item.state is LinkState.CLOSED
    )
    choose(visit, entry.key)
    hands.press("Ctrl+Shift+X")
    card = hands.wait("the question", lambda: next(iter(_shown(visit, LinkView)), None))
    hands.wait("the criteria", card.choice.isVisible)
    hands.picture("inaccessible-link")
    hands.click(card.choice.mark_button)
    visit.until_saved()
    hands.wait(
        "criteria that cannot be scored",
        lambda: desk.opened and any(rating.not_scorable for rating in desk.opened.assessment.ratings),
    )
    hands.picture("not-scorable")
    visit.close_workspace()


def recuse(visit: Visit) -> None:
    """She recognises the work: it goes back, and nobody else sees why."""
    hands, code = visit.hands, str(visit.facts["recuse_code"])
    visit.open(code)
    run_command(visit, "Give back for good")
    dialog = hands.wait("the reasons", lambda: next(iter(_shown(visit, RecuseDialog)), None))
    hands.picture("giving-back", of=dialog)
    hands.click(dialog.reasons[RecusalReason.KNOWS_LEARNER], near_left=True)
    hands.wait("a reason", dialog.go.isEnabled)
    hands.click(dialog.go)
    hands.wait("the inbox", visit.desk.window.inbox.isVisible)
    hands.come_forward()
    hands.picture("given-back")
    visit.sync()
    hands.wait("it to be gone", lambda: not visit.has_row(code))


def ask_lead(visit: Visit) -> None:
    """A question to the team lead, tied to the criterion at hand."""
    hands = visit.hands
    visit.open(str(visit.facts["ask_code"]))
    hands.press("Ctrl+Shift+Q")
    dialog = hands.wait("the question", lambda: next(iter(_shown(visit, QuestionsDialog)), None))
    hands.type(QUESTION, dialog.words.edit)
    hands.picture("question", of=dialog)
    hands.click(dialog.send)
    hands.wait("it to be kept", lambda: QUESTION in _texts(dialog))
    dialog.close()
    hands.come_forward()
    visit.close_workspace()
    visit.sync()
    visit.facts["question"] = QUESTION


def read_answer(visit: Visit) -> None:
    """The lead's answer is there: above the work, and where it was asked."""
    hands = visit.hands
    visit.sync()
    visit.open(str(visit.facts["ask_code"]))
    desk = workspace(visit)
    hands.wait("word of the answer", desk.around.notice.isVisible)
    hands.picture("answered")
    hands.click(desk.around.notice.button)
    dialog = hands.wait("the answer", lambda: next(iter(_shown(visit, QuestionsDialog)), None))
    hands.wait("the lead's words", lambda: str(visit.facts["answer"]) in _texts(dialog))
    hands.picture("answer", of=dialog)
    dialog.close()
    hands.come_forward()
    visit.close_workspace()


def run_command(visit: Visit, words: str) -> None:
    """Find a command by its words, and do it."""
    hands = visit.hands
    hands.press("Ctrl+K", visit.desk.window)
    palette = hands.wait("the list of commands", lambda: next(iter(_shown(visit, CommandPalette)), None))
    field = hands.wait("its field", lambda: palette.findChild(QLineEdit))
    hands.type(words, field)
    hands.press("Return", field)


def _shown(visit: Visit, kind: type[W]) -> list[W]:
    return [widget for widget in visit.desk.window.findChildren(kind) if widget.isVisible()]


def _texts(dialog: QDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
