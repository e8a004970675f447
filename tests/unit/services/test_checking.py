"""The checks know what this machine knows: the issuer's settings, the last round, names, what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from assessor_app.cache import identity_findings, policy, submissions
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.identity import IdentityRecord
from assessor_app.domain.policy import Policy
from assessor_app.domain.reading import ReadingState
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.errors import NotAllowed
from assessor_app.rubric.checks import CheckCode, CheckResult, in_the_way
from assessor_app.services import assessing, checking, own_name, reading, reading_progress
from assessor_app.services.context import Context
from tests import builders
from tests.builders import CRITERIA
from tests.contexts import assess

SUB = builders.submission()
PRAISE = "The plan names a purpose for each phase of it."


def checks(context: Context, *codes: CheckCode) -> list[CheckResult]:
    """Findings of some kinds, as the panel and the last page both have them."""
    opened = reading.open_submission(context, SUB.id).checks
    assert opened == assessing.review(context, SUB.id).checks
    return [check for check in opened if check.code in codes]


def praise(context: Context, text: str = "", criteria: Sequence[Any] = CRITERIA) -> None:
    for criterion in criteria:
        assessing.save_rating(context, SUB.id, Rating(criterion, "demonstrated"))
        assessing.save_feedback(context, SUB.id, CriterionFeedback(criterion, f"{PRAISE} {text}"))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("every_criterion", [CheckCode.FEEDBACK_EMPTY] * 4),
        ("every_requirement", [CheckCode.FEEDBACK_EMPTY] * 3),
        ("unmet_and_overall", [CheckCode.OVERALL_EMPTY]),
        ("something newer", [CheckCode.FEEDBACK_EMPTY] * 4),
    ],
)
def test_where_feedback_is_asked_for_is_the_issuers(
    assessor: Context, asked: str, codes: list[CheckCode]
) -> None:
    for criterion in CRITERIA:
        assessing.save_rating(assessor, SUB.id, Rating(criterion, "demonstrated"))
    with assessor.store.write() as txn:
        policy.put_policy(txn, Policy(id="p", feedback_required=asked))
    found = checks(assessor, CheckCode.FEEDBACK_EMPTY, CheckCode.OVERALL_EMPTY)
    assert [check.code for check in found] == codes
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        assessing.send(assessor, SUB.id)


def test_evidence_is_hinted_at_until_it_was_opened(assessor: Context) -> None:
    before = {check.place.source_id for check in checks(assessor, CheckCode.NEVER_OPENED)}
    artifact = next(a.id for part in SUB.parts for a in part.artifacts)
    link = next(link.id for part in SUB.parts for link in part.links)
    assert {artifact, link} <= before
    reading_progress.keep(assessor, SUB.id, [ReadingState(artifact)])
    after = {check.place.source_id for check in checks(assessor, CheckCode.NEVER_OPENED)}
    assert after == before - {artifact}


def test_a_link_counts_as_opened_through_its_snapshot(assessor: Context) -> None:
    part = next(part for part in SUB.parts if part.links)
    link = replace(part.links[0], snapshot=builders.artifact(77))
    parts = tuple(replace(p, links=(link, *p.links[1:])) if p is part else p for p in SUB.parts)
    with assessor.store.write() as txn:
        submissions.put_submission(txn, replace(SUB, parts=parts, rev=SUB.rev + 1))
    assert link.id in {check.place.source_id for check in checks(assessor, CheckCode.NEVER_OPENED)}
    reading_progress.keep(assessor, SUB.id, [ReadingState(builders.artifact(77).id)])
    assert link.id not in {check.place.source_id for check in checks(assessor, CheckCode.NEVER_OPENED)}


def test_names_found_in_the_evidence_are_looked_for(assessor: Context) -> None:
    praise(assessor, "At Lincoln Middle School it works.")
    assert checks(assessor, CheckCode.EVIDENCE_NAME) == []
    with assessor.store.write() as txn:
        record = IdentityRecord("file-1", "a" * 64, 1, words=("lincoln middle school",))
        identity_findings.put(txn, SUB.id, record)
    assert len(checks(assessor, CheckCode.EVIDENCE_NAME)) == len(CRITERIA)


def test_her_own_name_as_the_account_has_it_and_words_that_she_set(
    assessor: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    praise(assessor, "Yours, Ramona Quist, Office 12")
    assert checks(assessor, CheckCode.OWN_NAME) == []
    own_name.set_words(assessor, "office 12,  office  12\n\nMo " + "x" * 99)
    assert own_name.words(assessor) == ("office 12", ("Mo " + "x" * 99)[: own_name.MOST_CHARS])
    assert {check.about for check in checks(assessor, CheckCode.OWN_NAME)} == {"office 12"}
    monkeypatch.setattr(checking, "account_name", lambda: "Ramona Quist")
    assert {check.about for check in checks(assessor, CheckCode.OWN_NAME)} == {"office 12", "ramona quist"}
    own_name.set_words(assessor, "\n".join(map(str, range(99))))
    assert len(own_name.words(assessor)) == own_name.MOST_WORDS


def test_the_system_is_asked_for_the_name_without_harm() -> None:
    assert isinstance(own_name.account_name(), str)


def test_an_accommodation_is_kept_out_of_what_the_learner_reads(assessor: Context) -> None:
    praise(assessor, "Students with an IEP are heard; one written observation stands for pictures.")
    assert checks(assessor, CheckCode.ACCOMMODATION) == []
    extra = Accommodation(AccommodationEffect.SUBSTITUTE, "One written observation stands for pictures.")
    with assessor.store.write() as txn:
        submissions.put_submission(txn, replace(SUB, accommodations=(extra,), rev=SUB.rev + 1))
    found = {check.about for check in checks(assessor, CheckCode.ACCOMMODATION)}
    assert found == {"iep", "one written observation stands"}
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        assessing.send(assessor, SUB.id)


def test_a_reason_leaves_at_the_end_of_the_note_and_of_no_other_round(assessor: Context) -> None:
    assess(assessor, SUB)
    assessing.save_note(assessor, SUB.id, "See page 2.")
    assessing.save_overall(assessor, SUB.id, "A careless reader learns to look twice.")
    (tone,) = checks(assessor, CheckCode.TONE)
    with pytest.raises(NotAllowed, match="cannot be sent yet"):
        assessing.send(assessor, SUB.id)
    assessing.save_reason(assessor, SUB.id, [tone.key], "It is the hero\nof the book.")
    review = assessing.review(assessor, SUB.id)
    assert review.can_send
    ends = [thing.text for thing in review.leaving if thing.title == "At the end of the note"]
    assert ends == [f"Sent all the same, because:\n- {tone.text} It is the hero of the book."]
    assessing.send(assessor, SUB.id)
    item = reading.open_submission(assessor, SUB.id).outbox[-1]
    assert f"See page 2.\\n\\n{ends[0]}".replace("\n", "\\n") in item.body.decode()
    assert reading.open_submission(assessor, SUB.id).assessment.note_to_approver == "See page 2."
    with pytest.raises(NotAllowed):
        assessing.save_reason(assessor, SUB.id, [tone.key], "Later.")
    _come_back(assessor)
    (again,) = checks(assessor, CheckCode.TONE)
    assert again.reason == ""


def test_without_reasons_the_note_leaves_as_it_is(assessor: Context) -> None:
    work = builders.assessment(note_to_approver=" See page 2. ")
    assert checking.with_reasons(work, ()) is work


def test_a_reason_can_be_taken_away(assessor: Context) -> None:
    praise(assessor, "Careless.")
    keys = [check.key for check in checks(assessor, CheckCode.TONE)]
    assessing.save_reason(assessor, SUB.id, keys, "A title.")
    assert in_the_way(checks(assessor, CheckCode.TONE)) == ()
    assessing.save_reason(assessor, SUB.id, keys[:1], " ")
    assert [check.reason for check in checks(assessor, CheckCode.TONE)] == ["", *["A title."] * 3]


def test_what_changed_since_the_last_round_wants_a_word(assessor: Context) -> None:
    praise(assessor)
    assessing.save_note(assessor, SUB.id, "See page 2.")
    assessing.send(assessor, SUB.id)
    _come_back(assessor)
    assert checks(assessor, CheckCode.RATING_CHANGED) == []
    assessing.save_rating(assessor, SUB.id, Rating(CRITERIA[1], "progressing"))
    (changed,) = checks(assessor, CheckCode.RATING_CHANGED)
    assert changed.is_in_the_way
    assessing.save_note(assessor, SUB.id, "Criterion 2: read page 4 anew.")
    assert checks(assessor, CheckCode.RATING_CHANGED) == []


def test_what_somebody_else_sent_in_the_last_round_counts_too(assessor: Context) -> None:
    _come_back(assessor)
    sent = builders.recommendation(1, of=SUB, note_to_approver="See page 2.")
    with assessor.store.write() as txn:
        submissions.put_recommendation(txn, sent, 7)
    praise(assessor)
    assert checks(assessor, CheckCode.RATING_CHANGED) == []
    assessing.save_rating(assessor, SUB.id, Rating(CRITERIA[1], "progressing"))
    assert len(checks(assessor, CheckCode.RATING_CHANGED)) == 1


def _come_back(context: Context) -> None:
    """The approver has returned it: another round begins."""
    returned = replace(SUB, round=2, status=SubmissionStatus.RETURNED, rev=SUB.rev + 5)
    with context.store.write() as txn:
        submissions.put_submission(txn, returned)
