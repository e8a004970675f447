"""Between the wire and the domain: nothing lost, nothing sent that must not be, and no name that lies."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain import codec
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import (
    DecisionDraft,
    DecisionOutcome,
    IndependentMark,
    Outcome,
    Override,
    Rating,
    RuleResult,
)
from assessor_app.domain.canonical import evidence_digest
from assessor_app.domain.ids import CriterionId, RecommendationId
from assessor_app.errors import ProtocolBroken
from assessor_app.privacy.strings import MAX_DISPLAY_CHARS
from assessor_app.sync import protocol, web_annotation, wire_domain
from tests import builders
from tests.builders import CRITERIA, NOON

SUB = builders.submission()


def wire(**changes: object) -> protocol.SubmissionWire:
    data = json.loads(json.dumps(codec.to_json(replace(SUB))))

    def strip(value: object) -> object:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("is", "rev", "lease_until")}
        return [strip(v) for v in value] if isinstance(value, list) else value

    return protocol.SubmissionWire.model_validate({**strip(data), **changes})  # type: ignore[dict-item]


def test_a_submission_comes_as_it_was_sent() -> None:
    assert wire_domain.submission(wire(), 1) == SUB


def test_a_snapshot_comes_with_a_name_that_reads_as_it_is() -> None:
    data = wire().model_dump(mode="json")
    link = data["parts"][2]["links"][0]
    link["snapshot"] = {**data["parts"][1]["artifacts"][0], "filename": "Snap\u202efdp.exe"}
    link["comments_captured"] = False
    read = wire_domain.submission(protocol.SubmissionWire.model_validate(data), 1)
    snapshot = read.parts[2].links[0].snapshot
    assert snapshot is not None
    assert snapshot.filename == "Snapshot.exe"
    assert read.parts[2].files == (snapshot,)


def test_what_an_earlier_attempt_was_told() -> None:
    prior = {
        "code": "S-OLD",
        "attempt": 1,
        "outcome": "denied",
        "decided_at": "2026-01-01T00:00:00Z",
        "feedback": {"design-1": "Show it."},
    }
    (made,) = wire_domain.submission(wire(prior=[prior]), 1).prior
    assert made.feedback == (("design-1", "Show it."),)


NAMES = ["../../x", "CON", "a" * 5_000, "gpj.\u202egrade\u202c.exe", "one\ntwo\x00", "\u2066hidden\u2069"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_it_is(name: str) -> None:
    data = json.loads(wire().model_dump_json())
    data["parts"][1]["artifacts"][0]["filename"] = name
    data["parts"][2]["links"][0]["title"] = name
    made = wire_domain.submission(protocol.SubmissionWire.model_validate(data), 1)
    shown = [made.parts[1].artifacts[0].filename, made.parts[2].links[0].title]
    for text in shown:
        assert len(text) <= MAX_DISPLAY_CHARS
        assert not set(text) & set("\u202e\u202c\u2066\u2069\n\x00")
    assert shown[0].startswith("Artifact ")
    assert evidence_digest(made) == evidence_digest(SUB)


@given(st.text(max_size=300))
def test_what_the_learner_wrote_is_kept_to_the_letter(text: str) -> None:
    data = json.loads(wire().model_dump_json())
    data["parts"][0]["responses"][0]["text"] = text
    made = wire_domain.submission(protocol.SubmissionWire.model_validate(data), 1)
    assert made.parts[0].responses[0].text == text


def test_a_recommendation_goes_there_and_back() -> None:
    work = builders.assessment()
    marks = (builders.annotation(audience=Audience.APPROVER),)
    body = wire_domain.recommendation_body(
        work,
        marks,
        SUB.rubric,
        evidence_digest="0" * 64,
        outcome=Outcome.AWARD,
        rule_result=RuleResult.YES,
    )
    sent = protocol.as_json(body) | {"id": "r-1", "submission_id": SUB.id, "sent_at": "2026-03-02T12:00:00Z"}
    back = wire_domain.recommendation(protocol.RecommendationWire.model_validate(sent))
    assert (back.ratings, back.feedback, back.overall) == (work.ratings, work.feedback, work.overall)
    assert (back.annotations, back.note_to_approver) == (marks, work.note_to_approver)
    assert back.sent_at == NOON


def test_what_only_the_author_reads_and_what_is_not_rated_stays_here() -> None:
    work = builders.assessment(ratings=(Rating(CRITERIA[0], "demonstrated"), Rating(CRITERIA[1], note="?")))
    marks = tuple(
        builders.annotation(n, audience=audience, comment=f"for {audience.value}")
        for n, audience in enumerate(Audience)
    )
    body = wire_domain.recommendation_body(
        work,
        marks,
        SUB.rubric,
        evidence_digest="0" * 64,
        outcome=Outcome.AWARD,
        rule_result=RuleResult.YES,
    )
    text = json.dumps(protocol.as_json(body))
    assert "for only_me" not in text
    assert "for learner" in text
    assert "for approver" in text
    assert [score.criterion_id for score in body.scores] == [CRITERIA[0]]


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"source": "urn:aw:artifact:x", "selector": []},
        {"source": {"id": 5, "digest": "x"}, "selector": []},
        {"source": {"id": "urn:aw:artifact:x", "digest": 7}, "selector": [{"refinedBy": 3}]},
    ],
)
def test_an_annotation_of_another_make_is_refused_cleanly(target: dict[str, object]) -> None:
    good = web_annotation.to_wire(builders.annotation(), SUB.rubric)
    bad = good.model_copy(update={"target": target})
    with pytest.raises(ProtocolBroken):
        web_annotation.from_wire(bad)


@pytest.mark.parametrize("outcome", DecisionOutcome)
def test_a_decision_sends_the_words_of_its_own_outcome_alone(outcome: DecisionOutcome) -> None:
    draft = DecisionDraft(
        SUB.id,
        2,
        marks=(IndependentMark(CRITERIA[0], True),),
        revealed_at=NOON,
        overrides=(Override(CRITERIA[1], "progressing", "One question only."),),
        reason="Look again.",
        criteria=(CriterionId(CRITERIA[1]),),
        final_feedback="Thank you.",
    )
    body = wire_domain.decision_body(draft, RecommendationId("r-1"), outcome)
    is_return = outcome is DecisionOutcome.RETURN
    assert body.criteria == ([CRITERIA[1]] if is_return else [])
    sent = protocol.as_json(body) | {"id": "d", "submission_id": SUB.id, "decided_at": "2026-03-02T12:00:00Z"}
    back = wire_domain.decision(protocol.DecisionWire.model_validate(sent))
    assert (back.overrides, back.independent_marks, back.revealed_at) == (draft.overrides, draft.marks, NOON)
    assert (back.reason, back.final_feedback) == (("Look again.", "") if is_return else ("", "Thank you."))
    assert back.round == 2
