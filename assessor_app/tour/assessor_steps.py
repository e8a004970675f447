"""The tour's steps in the assessor's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QLineEdit, QListWidgetItem

from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.submissions import Artifact
from assessor_app.tour.visit import Visit

if TYPE_CHECKING:
    from assessor_app.ui.scoring.criterion import CriterionCard
    from assessor_app.ui.viewers.pages_viewer import PagesViewer
    from assessor_app.ui.workspaces.assessor import AssessorWorkspace

FEEDBACK = (
    "The evidence shows this clearly; the passage I marked is the strongest part.",
    "You name what students said and what you did with it, minute by minute.",
    "The plan anticipates three answers and has a question ready for each of them.",
    "Two students build on each other without you stepping in; that is what is asked for.",
    "The reflection compares before and after with numbers from the same class.",
)
OVERALL = (
    "A careful portfolio: the talk moves are planned, seen in the lesson and reflected on with evidence."
)
NOTE = "Page references are in my marks. I was unsure about the last criterion at first; see the transcript."
CORRECTION = (
    "Page 2 expects that students compare numerators and denominators as whole numbers.",
    "A second way of thinking, tied to student work.",
    "Name one more way from the work you collected before the lesson, with the piece of work.",
)
CHANGED = "The return made me look at page 2 again: it names one way of thinking only."
LAST_WORDS = "Every letter of this sentence was typed before the power went."


def first_sync(visit: Visit) -> None:
    """Sign in, first sync with progress, inbox filled and sorted by what is due."""
    hands = visit.hands
    hands.wait(
        "the first sync to show itself", lambda: visit.sync_text().startswith(("Syncing", "Up to date"))
    )
    hands.picture("first-sync")
    visit.until_up_to_date()
    least = int(visit.facts["submissions"])
    rows = hands.wait(
        f"{least} submissions with all their evidence",
        lambda: rows if len(rows := visit.rows()) >= least and all_here(rows) else None,
    )
    due = [
        row.due_at for row in rows if row.status.value in ("waiting_on_assessor", "returned") and row.due_at
    ]
    hands.check(due == sorted(due), "what is due first to stand first")
    hands.picture("inbox")
    visit.in_other_looks("inbox")


def offline(visit: Visit) -> None:
    """The platform has gone: the bar says so, calmly, and everything goes on."""
    visit.hands.press("F5")
    visit.hands.wait("the bar to say offline", lambda: "ffline" in visit.sync_text())
    visit.hands.picture("offline")


def open_submission(visit: Visit) -> None:
    """What was asked stands beside what was answered; everything that was handed in is there."""
    hands = visit.hands
    row = visit.open(visit.tour_code())
    hands.check(row.is_resubmission, "a resubmission")
    desk = workspace(visit)
    hands.picture("opened")
    titles = [entry.title for entry in desk.evidence.entries()]
    visit.facts["evidence"] = titles
    for _ in titles:
        hands.press("Ctrl+PgDown")
        hands.settle(30)
    words = "\n".join(titles).lower()
    for wanted in ("statement", "related", "artifact"):
        hands.check(wanted in words, f"{wanted!r} among the evidence: {titles}")
    for kind in ("response", "link", "related", "attestations"):
        key = next((e.key for e in desk.evidence.entries() if e.key.startswith(kind)), None)
        hands.check(key is not None, f"{kind} among the evidence: {titles}")
        choose(visit, str(key))
        hands.picture(kind)


def annotate(visit: Visit) -> None:
    """Page through a real PDF, zoom, search, highlight a sentence, box a figure, comment, tie, undo, redo."""
    hands = visit.hands
    desk = workspace(visit)
    viewer = open_pdf(visit)
    pages = viewer.pages
    pages.setFocus()
    for _ in range(2 * pages.page_count):
        hands.press("PgDown", pages)
        hands.settle(40)
    hands.check(pages.page == pages.page_count - 1, "the last page after reading on")
    hands.press("Home", pages)
    hands.press("PgDown", pages)
    hands.settle(200)
    hands.picture("paged")
    hands.press("Ctrl+1")
    hands.settle()
    hands.press("Ctrl+2")
    before = pages.scale
    hands.press("Ctrl++")
    hands.wait("the zoom", lambda: pages.scale > before)
    hands.press("Ctrl+2")
    hands.press("Ctrl+F")
    hands.wait("the search bar", viewer.search_bar.isVisible)
    hands.type(visit.search_word(), viewer.search_bar.field)
    hands.wait("hits", lambda: viewer.search.count > 1 and not viewer.search.is_running)
    hands.press("F3")
    hands.picture("search")
    highlight_sentence(visit, viewer)
    hands.wait("the highlight to be kept", lambda: opened_marks(desk) == 1)
    comment(visit, viewer, "This is the move the criterion asks for.", tie_to=0)
    hands.picture("highlight")
    box_figure(visit, viewer)
    hands.wait("the box to be kept", lambda: opened_marks(desk) == 2)
    comment(visit, viewer, "The chart backs the claim on the page before.", tie_to=1)
    hands.picture("box")
    pages.setFocus()
    steps_before = desk.opened.undo_label if desk.opened else None
    hands.check(steps_before, "something to undo")
    while opened_marks(desk) == 2:
        hands.press("Ctrl+Z", pages)
        visit.until_saved()
    hands.picture("undone")
    while opened_marks(desk) == 1 or not tied(desk):
        hands.press("Ctrl+Shift+Z", pages)
        visit.until_saved()
    hands.picture("redone")
    hands.check(len(desk.opened.annotations) == 2 if desk.opened else False, "both marks after redo")


def rate(visit: Visit) -> None:
    """Rate every criterion by keyboard with feedback; the rule's result and its reason are shown."""
    hands = visit.hands
    desk = workspace(visit)
    cards = desk.panel.cards
    hands.press("Ctrl+Return")
    for number in range(len(cards)):
        card = hands.wait("a criterion with the focus", lambda: focused_card(desk))
        hands.press(str(len(card.frame.scale.levels)), card.levels)
        if number == 0:
            hands.picture("rated-first")
        hands.press("Return", card.levels)
        edit = card.feedback.text.edit
        hands.wait("the feedback field to have the focus", edit.hasFocus)
        hands.type(FEEDBACK[number % len(FEEDBACK)], edit)
        visit.until_saved()
        hands.press("Ctrl+Return" if number + 1 < len(cards) else "Esc")
    visit.until_saved()
    hands.wait("the rule to say award", lambda: desk.opened and desk.opened.verdict.result.value == "yes")
    hands.picture("all-rated")
    visit.in_other_looks("all-rated")


def recommend(visit: Visit) -> None:
    """Recommend award; it waits to be sent, and the inbox says so."""
    hands = visit.hands
    desk = workspace(visit)
    write_overall(visit)
    hands.press("Ctrl+Shift+Return")
    hands.wait("the page that sends", desk.review.isVisible)
    hands.picture("check-and-send")
    hands.click(desk.review.send_button)
    hands.wait("the banner that it waits", lambda: "aiting to send" in hands.texts() or None)
    hands.picture("waiting-to-send")
    visit.close_workspace()
    hands.wait(
        "the inbox to say so", lambda: visit.row(visit.tour_code()).local_state is LocalState.WAITING_TO_SEND
    )
    hands.picture("inbox-says-so")


def last_keystrokes(visit: Visit) -> None:
    """On another submission: a rating, a mark's worth of words; shown as saved, then the power goes."""
    hands = visit.hands
    visit.open(visit.deny_code())
    desk = workspace(visit)
    hands.press("Ctrl+Return")
    card = hands.wait("a criterion with the focus", lambda: focused_card(desk))
    hands.press("2", card.levels)
    visit.until_saved()
    hands.press("Return", card.levels)
    hands.type(LAST_WORDS, card.feedback.text.edit)
    visit.until_saved()
    visit.facts["level"] = card.levels.level()
    visit.facts["words"] = card.feedback.text.text()
    hands.picture("before-the-kill")


def after_kill(visit: Visit) -> None:
    """Everything is there, to the last keystroke that was shown as saved, and undo still works."""
    hands = visit.hands
    hands.wait("the inbox", lambda: len(visit.rows()) >= int(visit.facts["submissions"]))
    waiting = visit.row(visit.tour_code())
    hands.check(
        waiting.local_state is LocalState.WAITING_TO_SEND, "the recommendation still waiting to be sent"
    )
    visit.open(visit.deny_code())
    desk = workspace(visit)
    card = desk.panel.cards[0]
    hands.check(card.levels.level() == visit.facts["level"], "the rating from before the kill")
    hands.check(
        card.feedback.text.text() == visit.facts["words"] == LAST_WORDS, "every keystroke from before"
    )
    hands.picture("after-the-kill")
    card.levels.setFocus()
    hands.press("Ctrl+Z", card.levels)
    hands.wait("undo after the restart", lambda: card.levels.level() is None or None)
    hands.press("Ctrl+Shift+Z", card.levels)
    hands.wait("redo after the restart", lambda: card.levels.level() == visit.facts["level"])
    visit.close_workspace()


def online(visit: Visit) -> None:
    """The platform is back: it is sent, and the receipt is shown."""
    hands = visit.hands
    hands.press("F5")
    hands.wait(
        "the recommendation to be sent", lambda: visit.row(visit.tour_code()).local_state is LocalState.SENT
    )
    visit.until_up_to_date()
    hands.press("Ctrl+Shift+O")
    hands.wait("the receipt", lambda: "Receipt" in hands.texts() or None)
    hands.picture("receipt")
    hands.press("Ctrl+Shift+I")
    visit.open(visit.tour_code())
    hands.wait("the receipt beside the work", lambda: "Receipt" in hands.texts() or None)
    hands.picture("sent")
    visit.close_workspace()


def correct(visit: Visit) -> None:
    """See the return and what it names, correct, send again."""
    hands = visit.hands
    visit.sync()
    hands.wait("the return in the inbox", lambda: visit.row(visit.tour_code()).is_returned)
    hands.picture("returned-inbox")
    visit.open(visit.tour_code())
    desk = workspace(visit)
    hands.wait("the reason", lambda: visit.facts["reason"] in hands.texts() or None)
    hands.picture("returned")
    card = visit.needed(desk.panel.card_of(visit.facts["named"]))
    desk.panel.go_to(card)
    hands.wait("the criterion", card.levels.hasFocus)
    hands.press("2", card.levels)
    visit.until_saved()
    hands.wait("the fields of a denial", card.feedback.seen.isVisible)
    for field, words in zip(
        (card.feedback.seen, card.feedback.missing, card.feedback.next_step), CORRECTION, strict=True
    ):
        hands.type(words, field.edit)
    visit.until_saved()
    hands.picture("corrected")
    send(visit, desk, because=CHANGED)
    visit.sync()
    hands.wait("it to be sent", lambda: visit.row(visit.tour_code()).local_state is LocalState.SENT)
    visit.close_workspace()


def decided(visit: Visit) -> None:
    """The decision has arrived with what was changed and why; numbers of earlier denials are gone."""
    hands = visit.hands
    visit.sync()
    row = hands.wait("the award", lambda: awarded(visit))
    hands.check(not row.is_resubmission, "no trace of earlier attempts in the inbox")
    visit.open(visit.tour_code())
    desk = workspace(visit)
    submission = desk.opened.submission if desk.opened else None
    hands.check(submission is not None and submission.attempt is None, "no number of attempts")
    hands.check(submission is not None and not submission.prior, "no earlier denials")
    hands.check("Attempt 2" not in hands.texts(), "no number of attempts on screen")
    hands.wait("what was changed and why", lambda: visit.facts["why"] in hands.texts() or None)
    hands.picture("decided")
    visit.close_workspace()


def deny(visit: Visit) -> None:
    """Deny another with complete, actionable feedback."""
    hands = visit.hands
    visit.open(visit.deny_code())
    desk = workspace(visit)
    for number, card in enumerate(desk.panel.cards):
        desk.panel.go_to(card)
        hands.wait("the criterion", card.levels.hasFocus)
        levels = len(card.frame.scale.levels)
        hands.press("1" if number % 2 == 0 else str(levels), card.levels)
        visit.until_saved()
        if not card.feedback.text.text():
            hands.type("Thank you for the detail in this part of your portfolio.", card.feedback.text.edit)
        if number % 2 == 0:
            hands.wait("the fields of a denial", card.feedback.seen.isVisible)
            hands.type("The plan names the goal and the groups.", card.feedback.seen.edit)
            hands.type("No student work shows what came of it.", card.feedback.missing.edit)
            hands.type("Add two samples and say what each shows.", card.feedback.next_step.edit)
        visit.until_saved()
    hands.picture("denial")
    write_overall(visit, "You have a strong start. Add evidence of the lesson itself and submit again.")
    send(visit, desk)
    hands.picture("denial-sent")
    visit.sync()
    hands.wait("it to be sent", lambda: visit.row(visit.deny_code()).local_state is LocalState.SENT)
    visit.close_workspace()
    hands.picture("end")


# ---- what several steps do ----


def all_here(rows: list[InboxRow]) -> bool:
    """Whether every file of evidence has arrived."""
    return all(row.evidence_ready == row.evidence_total for row in rows)


def workspace(visit: Visit) -> AssessorWorkspace:
    """The open submission, once it is read."""
    from assessor_app.ui.workspaces.assessor import AssessorWorkspace

    def ready() -> AssessorWorkspace | None:
        found = visit.desk.window.workspace()
        return found if isinstance(found, AssessorWorkspace) and found.opened is not None else None

    return visit.hands.wait("the submission to open", ready)


def choose(visit: Visit, key: str) -> None:
    """Click a line of the evidence list."""
    evidence = workspace(visit).evidence
    for row in range(evidence.count()):
        item: QListWidgetItem = evidence.item(row)
        entry = item.data(Qt.ItemDataRole.UserRole)
        if entry is not None and entry.key == key:
            evidence.scrollToItem(item)
            visit.hands.click(evidence.viewport(), evidence.visualItemRect(item).center())
            visit.hands.settle()
            return
    raise LookupError(key)


def open_pdf(visit: Visit) -> PagesViewer:
    """Open the submission's PDF with the most pages and wait for its first sharp page."""
    desk = workspace(visit)
    artifacts = [
        (e.item.page_count or 0, e.key) for e in desk.evidence.entries() if isinstance(e.item, Artifact)
    ]
    key = max(artifacts)[1]
    viewer = desk.document.view.pages
    sharp: list[int] = []
    viewer.pages.painted_sharp.connect(sharp.append)
    choose(visit, key)
    visit.hands.wait("the first page", lambda: (viewer.isVisible() and sharp) or None)
    viewer.pages.painted_sharp.disconnect(sharp.append)
    return viewer


def highlight_sentence(visit: Visit, viewer: PagesViewer) -> None:
    """Search for the sentence, then mark the hit with the highlighter's key."""
    hands = visit.hands
    field: QLineEdit = viewer.search_bar.field
    hands.press("Ctrl+F")
    field.selectAll()
    hands.type(visit.sentence(), field)
    hands.wait("the sentence", lambda: viewer.search.count == 1 and not viewer.search.is_running)
    hands.press("Return", field)
    hands.wait("the sentence to be selected", lambda: viewer.annotator.selection.text or None)
    viewer.pages.setFocus()
    hands.press("Alt+1", viewer.pages)


def box_figure(visit: Visit, viewer: PagesViewer) -> None:
    """Drag a box over the figure of the page that has one."""
    hands, pages = visit.hands, viewer.pages
    page, figure = visit.figure()
    pages.setFocus()
    pages.go_to_page(page)
    pages.show_rect(page, QRectF(figure))
    hands.settle(300)
    hands.press("Alt+5", pages)
    area = pages.rect_in_view(page, QRectF(figure))
    start = QPoint(round(area.left()), round(area.top()))
    hands.drag(pages.viewport(), start, QPoint(round(area.right()), round(area.bottom())))


def comment(visit: Visit, viewer: PagesViewer, text: str, *, tie_to: int) -> None:
    """Write into the comment box of the mark just made, let the approver read it, tie it to a criterion."""
    hands, box = visit.hands, viewer.annotator.box
    hands.wait("the comment box", box.isVisible)
    hands.type(text, box.comment)
    hands.picture("comment")
    box.audience.setFocus()
    hands.press("Down", box.audience)
    visit.until_saved()
    hands.press("Ctrl+T", viewer.pages)
    hands.wait("the criteria to tie to", box.criteria_list.isVisible)
    for _ in range(tie_to):
        hands.press("Down", box.criteria_list)
    hands.press("Space", box.criteria_list)
    visit.until_saved()
    hands.check(box.annotation is not None and len(box.annotation.criteria) == 1, "one criterion tied")
    hands.press("Esc", box.criteria_list)


def focused_card(desk: AssessorWorkspace) -> CriterionCard | None:
    """The card whose row has the focus."""
    card = desk.panel.current
    return card if card is not None and card.levels.hasFocus() else None


def opened_marks(desk: AssessorWorkspace) -> int:
    """How many marks the store has, as shown."""
    return len(desk.opened.annotations) if desk.opened else 0


def tied(desk: AssessorWorkspace) -> bool:
    """Whether every mark is tied to a criterion."""
    return desk.opened is not None and all(mark.criteria for mark in desk.opened.annotations)


def write_overall(visit: Visit, text: str = OVERALL) -> None:
    """Write the overall comment and the note to the approver."""
    hands, panel = visit.hands, workspace(visit).panel
    panel.overall.overall.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
    hands.type(text, panel.overall.overall.edit)
    hands.type(NOTE, panel.overall.note.edit)
    visit.until_saved()


def send(visit: Visit, desk: AssessorWorkspace, because: str = "") -> None:
    """Through the page that sends.

    Args:
        visit: the tour.
        desk: what is sent.
        because: the reason that the page asks for, where it asks for one.
    """
    hands = visit.hands
    hands.press("Ctrl+Shift+Return")
    hands.wait("the page that sends", desk.review.isVisible)
    if because:
        hands.type(because, hands.wait("the question why", lambda: desk.review.reasons or None)[0].field.edit)
        hands.wait("nothing missing", desk.review.send_button.isEnabled)
        hands.picture("sent-with-a-reason")
    hands.wait("nothing missing", desk.review.send_button.isEnabled)
    hands.click(desk.review.send_button)
    hands.wait("the rubric again", lambda: not desk.review.isVisible())


def awarded(visit: Visit) -> InboxRow | None:
    """The toured submission's row once it is awarded."""
    row = visit.row(visit.tour_code())
    return row if row.status.value == "awarded" else None
