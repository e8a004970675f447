"""What the issuer and the team hand out is kept as it was told, and found again."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

from assessor_app.cache import assessments, cases, policy, practice_anchors
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, OutboxKind
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.cases import Case, CaseEntry, CaseKind, CaseState
from assessor_app.domain.deadlines import Calendar, ClockRule, DayUnit
from assessor_app.domain.ids import CriterionId, RubricId
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.policy import Policy
from assessor_app.domain.submissions import Stage
from tests import builders
from tests.builders import NOON
from tests.stores import open_store

SID = builders.submission_id(1)
POLICY = Policy(
    id="p",
    grace_minutes=30,
    feedback_required="every_requirement",
    clocks=(ClockRule(Stage.ASSESSMENT, 5, DayUnit.BUSINESS, DueKind.TARGET),),
    coach_after=3,
)
CALENDAR = Calendar(
    "c", "America/Chicago", holidays=frozenset({date(2026, 7, 4)}), version=2, end_of_business=time(16, 30)
)
CASE = Case(
    id="case-1",
    kind=CaseKind.QUESTION,
    state=CaseState.ANSWERED,
    submission_id=SID,
    code="S-4F2K",
    opened_at=NOON,
    entries=(CaseEntry(NOON, "assessor", "opened", "Is a photograph enough?"),),
    detail=(("kind", "photograph"),),
)


def test_policy_and_calendar_are_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.read() as txn:
        assert policy.policy(txn) == Policy()
        assert policy.calendar(txn) is None
    with store.write() as txn:
        policy.put_policy(txn, POLICY)
        policy.put_calendar(txn, CALENDAR)
    with store.read() as txn:
        assert policy.policy(txn) == POLICY
        assert policy.calendar(txn) == CALENDAR
    store.close()


def test_cases_are_kept_and_taken_away(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.write() as txn:
        cases.put(txn, CASE)
    with store.read() as txn:
        assert cases.of_submission(txn, SID) == cases.every(txn) == (CASE,)
        assert cases.of_submission(txn, builders.submission_id(2)) == ()
    with store.write() as txn:
        cases.remove(txn, CASE.id)
        assert cases.every(txn) == ()
    store.close()


def test_practice_anchors_are_found_by_their_rubric(tmp_path: Path) -> None:
    anchor = PracticeAnchor(
        "a-1", RubricId("rb"), 3, CriterionId("c1"), "met", "Names a practice.", "Concrete."
    )
    store = open_store(tmp_path)
    with store.write() as txn:
        practice_anchors.put(txn, anchor)
    with store.read() as txn:
        assert practice_anchors.of_rubric(txn, RubricId("rb"), 3) == (anchor,)
        assert practice_anchors.of_rubric(txn, RubricId("rb"), 4) == ()
    with store.write() as txn:
        practice_anchors.remove(txn, anchor.id)
        assert practice_anchors.of_rubric(txn, RubricId("rb"), 3) == ()
    store.close()


def test_feedback_on_evidence_and_what_was_looked_in_follow_into_the_next_round(tmp_path: Path) -> None:
    criterion = CriterionFeedback(
        CriterionId("c1"),
        missing="A date.",
        looked_in=("art_1", "resp_2"),
        prefilled=(("missing", "A date."),),
    )
    store = open_store(tmp_path)
    with store.write() as txn:
        assessments.begin(txn, SID, 1, rubric_hash="ab" * 32)
        assessments.set_feedback(txn, SID, 1, criterion, NOON)
        assessments.set_artifact_feedback(txn, SID, 1, ArtifactFeedback("art_1", "Clear plan."), NOON)
        assessments.set_artifact_feedback(txn, SID, 1, ArtifactFeedback("art_2", "Gone."), NOON)
        assessments.set_artifact_feedback(txn, SID, 1, ArtifactFeedback("art_2", ""), NOON)
        assessments.set_rubric_hash(txn, SID, 1, "cd" * 32)
        later = assessments.begin(txn, SID, 2, copy_from_round=1)
        first = assessments.load(txn, SID, 1)
    assert first is not None
    assert first.rubric_hash == "cd" * 32
    for work in (first, later):
        assert work.feedback == (criterion,)
        assert work.artifact_feedback == (ArtifactFeedback("art_1", "Clear plan."),)
        assert work.artifact_feedback_for("art_1") == "Clear plan."
        assert work.artifact_feedback_for("art_2") == ""
    store.close()


def test_records_are_put_and_the_rest_is_posted() -> None:
    put = {OutboxKind.RECOMMENDATION, OutboxKind.DECISION, OutboxKind.PRE_ASSESSMENT}
    assert {kind for kind in OutboxKind if kind.method == "PUT"} == put
    many = {OutboxKind.ESCALATION, OutboxKind.CASE_ACTION, OutboxKind.FINDING}
    assert {kind for kind in OutboxKind if not kind.is_single} == many
