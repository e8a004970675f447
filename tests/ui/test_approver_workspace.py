"""The approver's workspace on a real store: evidence before opinion, reveal, change with reason, decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from assessor_app.cache import comment_bank
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import (
    DecisionOutcome,
    IndependentMark,
    OutboxKind,
    Outcome,
    Override,
    Rating,
    RuleResult,
)
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import approving
from assessor_app.ui.annotate.drafts import FIRST_COLOUR
from assessor_app.ui.scoring.check_card import PlaceButton
from assessor_app.ui.scoring.evidence_links import LinkButton
from assessor_app.ui.theme import Scheme
from assessor_app.ui.workspaces.approver import ApproverWorkspace, marks_of_brief
from assessor_app.ui.workspaces.lead import LeadWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

SECRET_COMMENT = "Each question names its purpose."


@pytest.fixture
def world(make_world):
    return make_world(Role.APPROVER)


def sent_for(submission, *, low=(), colour=FIRST_COLOUR, **changes):
    """A recommendation in which some criteria are rated as progressing."""
    ratings = tuple(Rating(c, "progressing" if c in low else "demonstrated") for c in CRITERIA)
    mark = box_mark(submission, criteria=(CRITERIA[1],), audience=Audience.APPROVER, comment=SECRET_COMMENT)
    mark = replace(mark, colour=colour)
    made = replace(builders.recommendation(1, of=submission), ratings=ratings, annotations=(mark,))
    if low:
        made = replace(made, outcome=Outcome.DENY, rule_result=RuleResult.NO)
    return replace(made, **changes)


@pytest.fixture
def open_workspace(qtbot, world):
    def show(
        *,
        sampled=False,
        low=(CRITERIA[1],),
        round_number=1,
        earlier=(),
        decisions=(),
        nothing_sent=False,
        colour=FIRST_COLOUR,
    ):
        version = builders.rubric_version()
        made = lesson_submission(version, status=SubmissionStatus.WAITING_ON_APPROVER, round=round_number)
        sent = () if nothing_sent else (*earlier, sent_for(made, low=low, round=round_number, colour=colour))
        put_work(world.context, made, version, sampled=sampled, recommendations=sent, decisions=decisions)
        return on_screen(qtbot, ApproverWorkspace(world.lanes, made.id, world.clock.now))

    return show


def shown_texts(workspace):
    """Every text on screen in the panel."""
    return [label.text() for label in workspace.panel.findChildren(QLabel) if label.isVisible()]


def stored(world):
    return world.read(lambda context: approving.brief(context, builders.submission_id(1)))


def reveal(qtbot, workspace):
    QTest.mouseClick(workspace.panel.bar.reveal_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.brief.recommendation is not None)


def test_before_revealing_nothing_of_the_assessors_opinion_is_on_screen(qtbot, open_workspace):
    workspace = open_workspace()
    for card in workspace.panel.cards:
        workspace.panel.go_to(card)
        assert card.levels.level() is None
        texts = "\n".join(shown_texts(workspace))
        assert "The assessor's rating" not in texts
        assert SECRET_COMMENT not in texts
        assert "Your plan names a purpose" not in texts
        assert "The rule says" not in texts
    links = workspace.panel.card_of(CRITERIA[1]).links
    assert len(links.findChildren(LinkButton)) == 1


def test_levels_cannot_be_changed_while_covered(qtbot, world, open_workspace):
    workspace = open_workspace()
    row = workspace.panel.current.levels
    QTest.keyClicks(row, "1")
    QTest.mouseClick(row.options[0], Qt.MouseButton.LeftButton)
    assert row.level() is None
    assert stored(world).draft.overrides == ()


def test_one_key_reveals_ratings_feedback_and_the_rule(qtbot, open_workspace):
    workspace = open_workspace()
    reveal(qtbot, workspace)
    workspace.panel.go_to(workspace.panel.card_of(CRITERIA[1]))
    texts = "\n".join(shown_texts(workspace))
    assert "The assessor's rating: Progressing" in texts
    assert "The rule says: Deny" in texts
    assert "Please look at the second artifact." in texts


def test_each_part_of_the_feedback_stands_under_its_own_name(qtbot, open_workspace):
    workspace = open_workspace()
    reveal(qtbot, workspace)
    workspace.panel.go_to(workspace.panel.cards[0])
    card = workspace.panel.cards[0]
    written = next(f for f in workspace.brief.recommendation.feedback if f.criterion_id == CRITERIA[0])
    said = [label.text() for label in card._feedback.findChildren(QLabel) if label.isVisible()]
    assert said[:2] == ["Feedback: the learner reads this", written.text]
    card._feedback.show_feedback(
        replace(written, text="", seen="", missing="A second way.", next_step="Add one.")
    )
    said = [label.text() for label in card._feedback.findChildren(QLabel) if label.isVisible()]
    assert said == [
        "Feedback: the learner reads this", "What is missing", "A second way.", "Next step", "Add one.",
    ]  # fmt: skip


def test_while_covered_all_marks_wear_one_colour(qtbot, open_workspace):
    workspace = open_workspace(colour="green")
    assert {mark.colour for mark in marks_of_brief(workspace.brief)} == {FIRST_COLOUR}
    reveal(qtbot, workspace)
    assert {mark.colour for mark in marks_of_brief(workspace.brief)} == {"green"}


def test_on_a_sampled_submission_every_criterion_is_marked_first(qtbot, world, open_workspace):
    workspace = open_workspace(sampled=True)
    assert not workspace.panel.bar.reveal_button.isEnabled()
    for card in list(workspace.panel.cards):
        workspace.panel.go_to(card)
        QApplication.processEvents()
        QTest.mouseClick(card.passing, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(workspace.panel.bar.reveal_button.isEnabled)
    assert stored(world).draft.marks[0] == IndependentMark(CRITERIA[0], passing=True)
    reveal(qtbot, workspace)
    workspace.panel.go_to(workspace.panel.card_of(CRITERIA[1]))
    assert "You marked passing: you differ." in shown_texts(workspace)
    workspace.panel.go_to(workspace.panel.card_of(CRITERIA[0]))
    assert "You marked passing: you agree." in shown_texts(workspace)


def test_only_what_the_rule_allows_is_open_and_the_reason_is_said(qtbot, open_workspace):
    workspace = open_workspace()
    reveal(qtbot, workspace)
    bar = workspace.panel.bar
    assert bar.deny_button.isEnabled()
    assert not bar.award_button.isEnabled()
    assert any("do not allow an award" in text for text in shown_texts(workspace))


def test_a_changed_rating_needs_its_reason_before_anything_can_be_decided(qtbot, world, open_workspace):
    workspace = open_workspace()
    reveal(qtbot, workspace)
    card = workspace.panel.card_of(CRITERIA[1])
    workspace.panel.go_to(card)
    QTest.keyClicks(card.levels, "3")
    qtbot.waitUntil(lambda: workspace.brief.verdict.result is RuleResult.YES)
    assert not workspace.panel.bar.award_button.isEnabled()
    QTest.keyClicks(card.why.edit, "Page 2 shows it.")
    workspace.flush()
    qtbot.waitUntil(workspace.panel.bar.award_button.isEnabled)
    change = Override(CRITERIA[1], "demonstrated", "Page 2 shows it.")
    qtbot.waitUntil(lambda: stored(world).draft.overrides == (change,))
    QTest.keyClicks(card.levels, "2")
    qtbot.waitUntil(lambda: stored(world).draft.overrides == ())


def test_deciding_asks_on_the_same_page_and_puts_it_among_what_waits(qtbot, world, open_workspace):
    workspace = open_workspace(low=())
    reveal(qtbot, workspace)
    QTest.keyClicks(workspace.panel.final.edit, "Well earned.")
    workspace.panel.bar.ask_award()
    assert stored(world).outbox == ()
    assert workspace.panel.bar.confirm_button.text() == "Award this submission"
    assert workspace.escape()
    assert workspace.panel.bar.pending is None
    workspace.panel.bar.ask_award()
    QTest.mouseClick(workspace.panel.bar.confirm_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    (item,) = stored(world).outbox
    assert item.kind is OutboxKind.DECISION
    assert b"Well earned." in item.body
    assert workspace.banner.banner.title == "Waiting to send"
    assert not workspace.panel.bar.isVisible()


def test_a_return_needs_a_reason_and_names_criteria(qtbot, world, open_workspace):
    workspace = open_workspace(low=())
    reveal(qtbot, workspace)
    workspace.panel.bar.ask_return()
    bar, composer = workspace.panel.bar, workspace.panel.composer
    assert composer.isVisible()
    qtbot.waitUntil(lambda: not composer.reason.edit.visibleRegion().isEmpty())
    assert not bar.confirm_button.isEnabled()
    QTest.keyClicks(composer.reason.edit, "Look at page 2 again.")
    composer.box_of(CRITERIA[1]).click()
    assert bar.confirm_button.isEnabled()
    QTest.mouseClick(bar.confirm_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(stored(world).outbox) == 1)
    draft = stored(world).draft
    assert (draft.reason, draft.criteria) == ("Look at page 2 again.", (CRITERIA[1],))
    assert b"Look at page 2 again." in stored(world).outbox[0].body


def test_an_address_in_the_final_feedback_keeps_the_award_back(qtbot, world, open_workspace):
    workspace = open_workspace(low=())
    reveal(qtbot, workspace)
    panel = workspace.panel
    QTest.keyClicks(panel.final.edit, "Ask maria@example.org.")
    panel.flush()
    qtbot.waitUntil(lambda: bool(workspace.brief.draft.final_feedback))
    assert not panel.findings.isVisible()
    panel.bar.ask_award()
    qtbot.waitUntil(panel.findings.isVisible)
    assert not panel.bar.confirm_button.isEnabled()
    texts = "\n".join(shown_texts(workspace))
    assert "There is an e-mail address in the final feedback: “maria@example.org”." in texts
    assert accessibility_walk.unnamed(workspace) == []
    (button,) = panel.findings.findChildren(PlaceButton)
    button.click()
    assert panel.final.edit.hasFocus()
    assert panel.final.edit.textCursor().selectedText() == "maria@example.org"
    QTest.keyClicks(panel.final.edit, "a colleague")
    panel.flush()
    qtbot.waitUntil(lambda: not panel.findings.isVisible())
    assert panel.bar.confirm_button.isEnabled()
    QTest.mouseClick(panel.bar.confirm_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(stored(world).outbox) == 1)


def test_harsh_words_in_a_return_are_told_and_ask_for_no_reason(qtbot, open_workspace):
    workspace = open_workspace(low=())
    reveal(qtbot, workspace)
    bar, composer = workspace.panel.bar, workspace.panel.composer
    bar.ask_return()
    QTest.keyClicks(composer.reason.edit, "This rating is lazy.")
    workspace.panel.flush()
    qtbot.waitUntil(workspace.panel.findings.isVisible)
    assert bar.confirm_button.isEnabled()
    assert [card.reasons for card in workspace.panel.findings.cards] == [[]]
    assert bar.cancel()
    assert not workspace.panel.findings.isVisible()


def test_on_the_second_round_what_changed_since_the_return_stands_first(qtbot, open_workspace):
    before = lesson_submission(status=SubmissionStatus.WAITING_ON_APPROVER)
    first = replace(sent_for(before, low=(CRITERIA[2],)), id=builders.recommendation(9).id, round=1)
    returned = builders.decision(
        1, outcome=DecisionOutcome.RETURN, reason="Look again.", criteria=(CRITERIA[2],)
    )
    workspace = open_workspace(low=(), round_number=2, earlier=(first,), decisions=(returned,))
    assert workspace.banner.banner.quoted == "Look again."
    reveal(qtbot, workspace)
    assert workspace.panel.cards[0].criterion.id == CRITERIA[2]
    qtbot.waitUntil(lambda: "Only what changed since your return" in shown_texts(workspace))
    assert "Rating changed since your return: Progressing → Demonstrated." in shown_texts(workspace)


def test_without_a_recommendation_it_says_so(qtbot, open_workspace):
    workspace = open_workspace(nothing_sent=True)
    assert not workspace.panel.bar.reveal_button.isEnabled()
    assert "The assessor's recommendation has not arrived yet." in shown_texts(workspace)


def test_loading_tells_nothing(qtbot, world, open_workspace):
    saves: list[int] = []
    world.lanes.busy_with_saves.connect(saves.append)
    workspace = open_workspace()
    workspace.reload()
    with qtbot.waitSignal(workspace.shown):
        pass
    workspace.flush()
    assert saves == []


def test_everything_has_a_name_and_room(qtbot, open_workspace):
    workspace = open_workspace()
    reveal(qtbot, workspace)
    workspace.panel.bar.ask_return()
    QApplication.processEvents()
    assert accessibility_walk.unnamed(workspace) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(workspace) == [])
    assert workspace.minimumSizeHint().width() <= 1040


def test_the_lead_is_told_honestly_that_nothing_is_there_yet(qtbot):
    page = LeadWorkspace()
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert "Calibration sessions will appear here" in texts
    assert accessibility_walk.unnamed(page) == []


def test_large_text_fits_a_small_window_and_nothing_is_cut_off(qtbot, world, open_workspace, theme):
    theme.apply(Scheme.LIGHT, 150)
    workspace = open_workspace(sampled=True)

    def fits() -> bool:
        # What the window keeps beside a submission: icons of the places.
        return (
            workspace.minimumSizeHint().width() <= 1100 - 80
            and accessibility_walk.clipped_buttons(workspace) == []
        )

    workspace.resize(1100 - 80, 600)
    qtbot.waitUntil(fits)
    for criterion_id in CRITERIA:
        approving.mark(world.context, workspace.submission_id, IndependentMark(criterion_id, passing=True))
    workspace.reload()
    qtbot.waitUntil(workspace.panel.bar.reveal_button.isEnabled)
    reveal(qtbot, workspace)
    qtbot.waitUntil(workspace.panel.bar.return_button.isVisible)
    qtbot.waitUntil(fits)
    workspace.panel.bar.ask_return()
    qtbot.waitUntil(fits)


def test_the_coverage_page_shows_places_and_no_opinion(qtbot, world, open_workspace):
    workspace = open_workspace(sampled=True)
    workspace.coverage_mode.toggle()
    model = workspace.coverage.model
    assert workspace.coverage.bare.text() == "3 of 4 criteria have no evidence link yet"
    shown = [label.text() for label in workspace.coverage.findChildren(QLabel)]
    shown += [
        str(model.index(y, x).data(Qt.ItemDataRole.AccessibleTextRole)) for y in range(4) for x in range(5)
    ]
    assert not any(SECRET_COMMENT in text or "Progressing" in text for text in shown)
    assert workspace.escape()
    assert not workspace.coverage_mode.is_shown


def test_an_approver_is_offered_no_mark_on_a_link(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.evidence.select("link:link-1")
    qtbot.waitUntil(lambda: workspace.document.view.viewer is workspace.document.view.link)
    assert not workspace.document.view.link.mark_button.isVisible()


def test_comments_used_often_are_at_hand_and_say_no_level_while_ratings_are_covered(
    qtbot, world, open_workspace
):
    entries = [
        BankEntry(BankEntryId("e1"), Scope.TEAM, "Look again", "Please look again at {{criterion}}."),
        BankEntry(BankEntryId("e2"), Scope.PERSONAL, "Below", "Below passing.", level="progressing"),
    ]
    with world.store.write() as txn:
        for entry in entries:
            comment_bank.put(txn, entry)
    workspace = open_workspace()
    assert workspace.panel.card_of(CRITERIA[1]).level is None
    reveal(qtbot, workspace)
    qtbot.waitUntil(lambda: workspace.panel.card_of(CRITERIA[1]).level == "progressing")
    qtbot.waitUntil(lambda: workspace.comments.shelf.is_read)
    workspace.activateWindow()
    card = workspace.panel.card_of(CRITERIA[1])
    workspace.panel.go_to(card)
    card.levels.take(3)
    edit = card.why.edit
    qtbot.waitUntil(edit.hasFocus)
    QTest.keyClicks(edit, "/")
    offers = workspace.comments.writing_in(edit).offers
    # The level is the approver's own now, so what was written for the other one is not offered.
    assert [entry.title for entry in offers.entries()] == ["Look again"]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == f"Please look again at {card.criterion.text}."
