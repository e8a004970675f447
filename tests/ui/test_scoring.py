"""The parts of the scoring panel by themselves: only the person's edits are told, and a wheel never rates."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Accommodation, AccommodationEffect, Assignment
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.checks import Field, run_checks
from assessor_app.services.views import OpenedSubmission
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.panel import ScoringPanel
from assessor_app.ui.scoring.rule_bar import RuleBar
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import GrowingEdit, TextField
from assessor_app.ui.theme import Scheme, Theme
from tests import builders
from tests.builders import CRITERIA


def opened(assessment=None, *, is_editable=True, annotations=(), **changes) -> OpenedSubmission:
    """An opened submission as the service gives it."""
    rubric = builders.rubric_version()
    submission = builders.submission(1, rubric=rubric, **changes)
    work = assessment or builders.assessment(1, ratings=(), feedback=(), overall="", note_to_approver="")
    verdict = evaluate(rubric, work.ratings, submission.accommodations)
    return OpenedSubmission(
        submission=submission,
        rubric=rubric,
        assignment=Assignment(submission.id, Role.ASSESSOR),
        assessment=work,
        is_editable=is_editable,
        annotations=annotations,
        evidence=(),
        verdict=verdict,
        checks=run_checks(rubric, work, verdict, accommodations=submission.accommodations),
        outbox=(),
        recommendations=(),
        decisions=(),
        undo_label=None,
        redo_label=None,
    )


@pytest.fixture
def told():
    """Everything that a panel told."""
    return []


@pytest.fixture
def panel(qtbot, told):
    made = ScoringPanel()
    qtbot.addWidget(made)
    made.resize(420, 700)
    made.rating_ready.connect(lambda rating, keeper: told.append(rating))
    made.feedback_ready.connect(lambda feedback, keeper: told.append(feedback))
    made.overall_ready.connect(lambda text, keeper: told.append(text))
    made.note_ready.connect(lambda text, keeper: told.append(text))
    made.show()
    qtbot.waitExposed(made)
    return made


def show(panel: ScoringPanel, view: OpenedSubmission) -> None:
    """Show a submission and let its cards take their places."""
    panel.show_opened(view)
    QApplication.processEvents()


def wheel_over(widget: QWidget, notches: int) -> None:
    """Turn the wheel over a widget; nobody above it sees it, so what is ignored here is told apart."""
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, QPointF(widget.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_showing_a_submission_tells_nothing(panel, told):
    show(panel, opened(builders.assessment()))
    show(panel, opened())
    show(panel, opened(builders.assessment(), is_editable=False))
    panel.flush()
    assert told == []
    assert not panel.has_unsaved_edits


def test_a_wheel_never_rates_and_never_writes(panel, told):
    show(panel, opened(builders.assessment()))
    card = panel.current
    card.levels.setFocus()
    for widget in (
        card.levels,
        *card.levels.options,
        card.not_scorable.button,
        card.feedback.text.edit.viewport(),
    ):
        wheel_over(widget, -1)
        wheel_over(widget, 1)
    panel.flush()
    assert told == []
    assert card.levels.level() == "demonstrated"


def test_a_wheel_over_the_levels_scrolls_the_panel(qtbot, panel):
    show(panel, opened(builders.assessment()))
    bar = panel._column.scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    option = panel.current.levels.options[1]
    at = option.mapTo(panel, option.rect().center())
    QTest.wheelEvent(panel.windowHandle(), at, QPoint(0, -120))
    qtbot.waitUntil(lambda: bar.value() > 0)
    assert panel.current.levels.level() == "demonstrated"


def test_digits_set_the_level_only_with_the_focus_on_the_row(panel, told):
    show(panel, opened())
    row = panel.current.levels
    QTest.keyClicks(row, "2")
    assert told == [Rating(CRITERIA[0], "progressing")]
    QTest.keyClicks(row, "9")
    assert row.level() == "progressing"
    QTest.keyClicks(row, "0")
    assert told[-1] == Rating(CRITERIA[0])
    assert row.level() is None


def test_arrows_move_a_mark_and_only_space_takes_the_level(panel, told):
    show(panel, opened())
    row = panel.current.levels
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Down)
    QTest.keyClick(row, Qt.Key.Key_Down)
    assert told == []
    assert row.level() is None
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert told == [Rating(CRITERIA[0], "progressing")]


def test_a_held_key_rates_nothing(panel, told):
    show(panel, opened())
    row = panel.current.levels
    QTest.simulateEvent(row, True, Qt.Key.Key_2.value, Qt.KeyboardModifier.NoModifier, "2", True)
    assert told == []


def test_read_only_levels_cannot_be_changed(panel, told):
    show(panel, opened(builders.assessment(), is_editable=False))
    row = panel.current.levels
    QTest.keyClicks(row, "1")
    QTest.mouseClick(row.options[0], Qt.MouseButton.LeftButton)
    assert told == []
    assert row.level() == "demonstrated"
    assert not panel.bar.review_button.isVisible()


def test_a_level_and_a_reason_exclude_each_other(panel, told):
    show(panel, opened())
    card = panel.current
    QTest.keyClicks(card.levels, "3")
    card.not_scorable.choose("NS-UNREADABLE")
    assert told[-1] == Rating(CRITERIA[0], not_scorable="NS-UNREADABLE")
    assert card.levels.level() is None
    assert card.not_scorable.note.isVisible()
    QTest.keyClicks(card.not_scorable.note.edit, "It asks for a password.")
    QTest.keyClicks(card.levels, "1")
    assert told[-1] == Rating(CRITERIA[0], "not_met")
    assert card.not_scorable.code is None
    assert not card.not_scorable.note.isVisible()


def test_a_reason_without_a_level_owes_the_next_step_alone(panel):
    show(panel, opened())
    card = panel.current
    card.not_scorable.choose("NS-UNREADABLE")
    assert card.feedback.next_step.isVisible()
    assert not card.feedback.seen.isVisible()


def test_what_is_written_below_passing_stays_in_view_when_the_level_rises(panel):
    show(panel, opened())
    card = panel.current
    QTest.keyClicks(card.levels, "1")
    QTest.keyClicks(card.feedback.seen.edit, "Two questions")
    QTest.keyClicks(card.levels, "3")
    assert card.feedback.seen.isVisible()
    assert not card.feedback.missing.isVisible()


def test_the_next_unrated_criterion_is_found_and_none_when_all_are_rated(panel):
    show(panel, opened())
    assert panel.next_unrated()
    assert panel.current.frame.criterion.id == CRITERIA[0]
    for criterion_id in CRITERIA:
        assert panel.current.frame.criterion.id == criterion_id
        QTest.keyClicks(panel.current.levels, "3")
        panel.next_unrated()
    assert not panel.next_unrated()


def test_the_open_card_stays_open_when_the_submission_is_read_again(panel):
    show(panel, opened())
    panel.go_to(panel.cards[2])
    show(panel, opened(builders.assessment()))
    assert panel.current is panel.cards[2]


def test_an_accommodation_that_takes_a_criterion_out_leaves_nothing_to_rate(panel):
    taken = Accommodation(AccommodationEffect.EXCLUDE, "Not asked for.", criterion_id=CRITERIA[0])
    show(panel, opened(accommodations=(taken,)))
    card = panel.card_of(CRITERIA[0])
    panel.go_to(card)
    assert not card.levels.isVisible()
    assert card.is_rated
    assert panel.bar._count.text() == "0 of 3 rated"


def test_a_finding_leads_to_its_field(panel):
    work = builders.assessment(1, ratings=builders.ratings("not_met"), feedback=())
    view = opened(work)
    show(panel, view)
    finding = next(c for c in view.checks if c.place.field is Field.NEXT_STEP)
    panel.go_to_place(finding.place)
    assert panel.card_of(finding.criterion_id).feedback.next_step.edit.hasFocus()


@pytest.mark.parametrize(
    ("level", "words"), [("demonstrated", "Award"), ("not_met", "Deny"), (None, "Undecided")]
)
def test_the_rule_is_said_with_its_reason(qtbot, level, words):
    bar = RuleBar()
    qtbot.addWidget(bar)
    rubric = builders.rubric_version()
    verdict = evaluate(rubric, builders.ratings(level) if level else ())
    bar.show_verdict(verdict, 4 if level else 0, 4)
    assert bar._result.text() == words
    assert bar._first.text()
    assert verdict.result is {"Award": RuleResult.YES, "Deny": RuleResult.NO}.get(words, RuleResult.UNDECIDED)


def test_many_criteria_below_passing_are_named_by_their_numbers(panel):
    work = builders.assessment(1, ratings=builders.ratings("not_met"), feedback=())
    show(panel, opened(work))
    assert panel.bar._first.text() == "Below the level asked for: criteria 1, 2, 3 and 4."
    panel.bar._more.click()
    whole = [label.text() for label in panel.bar._others.findChildren(QLabel) if label.isVisible()]
    assert "Not Met" in whole[0]


def test_a_reason_that_says_everything_offers_no_more(panel):
    show(panel, opened(builders.assessment()))
    assert not panel.bar._more.isVisible()


def shows_all(edit: GrowingEdit) -> bool:
    """Whether the last line is in view, and nothing scrolls."""
    last = edit.cursorRect(QTextCursor(edit.document().lastBlock())).bottom()
    bar = edit.verticalScrollBar()
    return last <= edit.viewport().height() and bar.maximum() == 0 and not bar.isVisible()


@pytest.mark.parametrize("is_read_only", [False, True])
def test_a_field_shows_all_of_its_text_at_once_and_at_any_text_size(qtbot, theme, is_read_only):
    theme.apply(Scheme.LIGHT, 100)
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    field = TextField("What was seen", lines=1)
    field.show_text("Page 2 expects that students compare numerators and denominators. " * 4)
    field.set_read_only(is_read_only)
    column.addWidget(field)
    column.addStretch(1)
    holder.resize(320, 900)
    holder.show()
    qtbot.waitUntil(lambda: shows_all(field.edit))
    for percent in (150, 100):
        theme.apply(Scheme.LIGHT, percent)
        qtbot.waitUntil(lambda: shows_all(field.edit))
    field.show_text("\n".join(f"Line {number}" for number in range(40)))
    qtbot.waitUntil(field.edit.verticalScrollBar().isVisible)


def test_buttons_stand_below_one_another_where_they_do_not_fit(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    row = SideBySide(holder)
    buttons = [QPushButton(words) for words in ("Return…", "Deny…", "Award…")]
    for button in buttons:
        row.box.addWidget(button)
    row.resize(row.sizeHint())
    holder.show()
    assert len({button.y() for button in buttons}) == 1
    row.resize(row.minimumSizeHint().width(), 300)
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) == 3)
    for button in buttons[1:]:
        button.hide()
    qtbot.waitUntil(lambda: row.sizeHint().width() <= row.width())


def test_a_keeper_that_lost_a_save_tries_again(qtbot):
    keeper = Keeper()
    asked: list[bool] = []
    keeper.due.connect(lambda: asked.append(True))
    keeper.touch()
    assert keeper.is_unsaved
    keeper.flush()
    keeper.lost()
    assert keeper.is_unsaved
    keeper.flush()
    keeper.kept()
    assert asked == [True, True]
    assert not keeper.is_unsaved


def test_a_text_that_is_shown_again_leaves_the_cursor_where_it_was(qtbot):
    edit = GrowingEdit(1)
    qtbot.addWidget(edit)
    edit.show_text("One two three")
    cursor = edit.textCursor()
    cursor.setPosition(4)
    edit.setTextCursor(cursor)
    edit.show_text("One two three four")
    assert edit.textCursor().position() == 4


def test_a_field_grows_with_its_text(qtbot):
    edit = GrowingEdit(1)
    qtbot.addWidget(edit)
    edit.resize(300, 40)
    edit.show()
    before = edit.sizeHint().height()
    QTest.keyClicks(edit, "line")
    for _ in range(4):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.sizeHint().height() >= before + 3 * edit.fontMetrics().lineSpacing()


@pytest.mark.parametrize("percent", [100, 150])
def test_the_count_is_never_broken_into_lines(qtbot, qapp, percent):
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, percent)
    bar = RuleBar()
    qtbot.addWidget(bar)
    bar.show_verdict(evaluate(builders.rubric_version(), ()), 0, 4)
    bar.show()
    bar.resize(900, 200)
    qtbot.waitUntil(lambda: bar._count.y() < bar._first.y() and bar._count.x() > bar._result.x())
    narrowest = bar.minimumSizeHint().width()
    bar.resize(narrowest, 300)
    qtbot.waitUntil(lambda: bar._count.y() > bar._result.geometry().bottom())
    assert bar.minimumSizeHint().width() <= narrowest
    assert bar._count.width() >= bar._count.fontMetrics().horizontalAdvance("0 of 4 rated")
    assert bar._count.sizeHint().height() < 2 * bar._count.fontMetrics().height()
    assert bar._count.geometry().bottom() < bar._first.y()
    bar.resize(900, 200)
    qtbot.waitUntil(lambda: bar._count.x() > bar._result.x())
    theme.apply(Scheme.LIGHT, 100)
