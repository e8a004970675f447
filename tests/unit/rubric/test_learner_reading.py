"""What the learner reads: all that is for her, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import pytest

from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    DecisionDraft,
    Outcome,
    Override,
    Rating,
)
from assessor_app.domain.ids import LinkId
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Link, LinkState
from assessor_app.rubric.learner_reading import (
    COACH_ADVICE,
    as_decided,
    coach_advice,
    learner_reading,
    piece_names,
)
from tests import builders
from tests.builders import CRITERIA

VERSION = builders.rubric_version()
SUBMISSION = builders.submission(1, rubric=VERSION)
FIRST = next(artifact for part in SUBMISSION.parts for artifact in part.artifacts)


def work(**changes) -> Assessment:
    return replace(Assessment(SUBMISSION.id, 1, AssessmentState.DRAFT), **changes)


def read(assessment=None, marks=(), submission=SUBMISSION, **more):
    return learner_reading(VERSION, submission, assessment or work(), marks, **more)


def first_criterion(reading):
    return next(c for r in reading.requirements for c in r.criteria if c.number == 1)


def all_words(value) -> str:
    """Every text within a value of data."""
    if isinstance(value, str):
        return value
    if is_dataclass(value):
        return "\n".join(all_words(getattr(value, field.name)) for field in fields(value))
    return "\n".join(all_words(one) for one in value) if isinstance(value, tuple) else ""


def test_a_criterion_is_read_with_the_issuers_word_for_its_level():
    rated = work(
        ratings=(Rating(CRITERIA[0], level="progressing"),),
        feedback=(
            CriterionFeedback(CRITERIA[0], " Good. ", "Seen.", "Missing.", "Next.", (FIRST.id, "gone")),
        ),
        overall=" Well done. ",
    )
    reading = read(rated, final=" Agreed. ", advice="Meet a coach.")
    said = first_criterion(reading)
    level = VERSION.level_of(CRITERIA[0], "progressing")
    assert level is not None
    assert said.outcome == level.label
    assert (said.feedback, said.seen, said.missing, said.next_step) == ("Good.", "Seen.", "Missing.", "Next.")
    assert said.looked_in == (FIRST.filename,)
    assert not said.is_empty
    assert (reading.overall, reading.final, reading.advice) == ("Well done.", "Agreed.", "Meet a coach.")


def test_what_is_not_written_is_empty():
    reading = read()
    assert first_criterion(reading).is_empty
    assert first_criterion(reading).outcome == ""
    assert all(piece.is_empty for piece in reading.pieces)


@pytest.mark.parametrize("is_visible", [True, False])
def test_why_it_was_not_scored_is_read_where_the_issuer_lets_it(is_visible):
    code = replace(VERSION.not_scorable[0], learner_visible=is_visible)
    version = replace(VERSION, not_scorable=(code,))
    rated = work(ratings=(Rating(CRITERIA[0], not_scorable=code.code, note="Between us."),))
    reading = learner_reading(version, SUBMISSION, rated, ())
    assert first_criterion(reading).outcome == (code.label if is_visible else "")
    assert "Between us." not in all_words(reading)


def test_nothing_of_anybody_elses_is_in_it():
    mark = builders.annotation(1, of=SUBMISSION, comment="For the approver.", audience=Audience.APPROVER)
    own = builders.annotation(2, of=SUBMISSION, comment="For me.", audience=Audience.ONLY_ME)
    hers = builders.annotation(3, of=SUBMISSION, comment="For you.", audience=Audience.LEARNER)
    rated = work(
        ratings=tuple(Rating(c, level="demonstrated", note="A reason.") for c in CRITERIA),
        note_to_approver="Please look at this.",
    )
    words = all_words(read(rated, (mark, own, hers)))
    assert "For you." in words
    for other in ("For the approver.", "For me.", "Please look at this.", "A reason."):
        assert other not in words


def test_a_piece_is_read_with_its_feedback_comments_and_criteria():
    later = builders.annotation(1, of=SUBMISSION, comment="Second.", audience=Audience.LEARNER)
    later = replace(later, criteria=(CRITERIA[1],), anchor=replace(later.anchor, page=3))
    sooner = builders.annotation(2, of=SUBMISSION, comment="First.", audience=Audience.LEARNER)
    sooner = replace(sooner, criteria=(), anchor=replace(sooner.anchor, page=1))
    private = builders.annotation(3, of=SUBMISSION, comment="", audience=Audience.ONLY_ME)
    private = replace(private, criteria=(CRITERIA[2],))
    silent = replace(sooner, comment=" ")
    rated = work(artifact_feedback=(ArtifactFeedback(FIRST.id, "Clear."),))
    reading = read(rated, (later, sooner, private, silent))
    (piece,) = [piece for piece in reading.pieces if not piece.is_empty]
    assert (piece.name, piece.feedback, piece.comments) == (FIRST.filename, "Clear.", ("First.", "Second."))
    assert piece.criteria == ((2, VERSION.criterion(CRITERIA[1]).text),)


def test_marks_on_what_was_captured_behind_a_link_are_the_links():
    snapshot = builders.artifact(9, content=b"snapshot")
    open_link = Link(LinkId("l1"), "https://a.example", LinkState.OPENS, snapshot=snapshot)
    named = Link(LinkId("l2"), "https://b.example", LinkState.OPENS, title="My page")
    part = replace(SUBMISSION.parts[0], links=(open_link, named))
    submission = replace(SUBMISSION, parts=(part, *SUBMISSION.parts[1:]))
    mark = builders.annotation(1, of=SUBMISSION, comment="Here.", audience=Audience.LEARNER)
    mark = replace(mark, anchor=replace(mark.anchor, source_id=snapshot.id))
    names = piece_names(VERSION, submission)
    assert (names["l1"], names["l2"], names[snapshot.id]) == (
        "https://a.example",
        "My page",
        "https://a.example",
    )
    reading = read(marks=(mark,), submission=submission)
    assert [piece.comments for piece in reading.pieces if piece.name == "https://a.example"] == [("Here.",)]


def test_a_response_is_called_by_its_prompt():
    response = next(r for part in SUBMISSION.parts for r in part.responses)
    prompt = VERSION.prompt(response.prompt_id)
    assert prompt is not None
    assert piece_names(VERSION, SUBMISSION)[response.id] == prompt.text
    assert piece_names(replace(VERSION, requirements=()), SUBMISSION)[response.id] == ""


@pytest.mark.parametrize(
    ("coach_after", "attempt", "outcome", "locale", "wanted"),
    [
        (3, 3, Outcome.DENY, "en-US", COACH_ADVICE["en"]),
        (3, 4, Outcome.DENY, "es", COACH_ADVICE["es"]),
        (3, 3, Outcome.DENY, "fr", COACH_ADVICE["en"]),
        (3, 2, Outcome.DENY, "en", ""),
        (3, 3, Outcome.AWARD, "en", ""),
        (3, 3, Outcome.UNDECIDED, "en", ""),
        (3, None, Outcome.DENY, "en", ""),
        (None, 9, Outcome.DENY, "en", ""),
    ],
)
def test_after_so_many_submissions_the_learner_is_asked_to_meet_a_coach(
    coach_after, attempt, outcome, locale, wanted
):
    assert coach_advice(coach_after, replace(SUBMISSION, attempt=attempt), outcome, locale) == wanted


def test_the_levels_that_the_approver_changed_are_the_ones_that_are_read():
    sent = builders.recommendation(1, of=SUBMISSION)
    draft = DecisionDraft(SUBMISSION.id, 1, overrides=(Override(CRITERIA[0], "not_met", "Because."),))
    decided = as_decided(sent, draft)
    assert decided.rating(CRITERIA[0]).level == "not_met"
    assert decided.rating(CRITERIA[1]) == next(r for r in sent.ratings if r.criterion_id == CRITERIA[1])
    assert "Because." not in all_words(learner_reading(VERSION, SUBMISSION, decided, ()))
