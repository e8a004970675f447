"""The issuer's dry run: what a draft makes of past ratings, and which open work it touches."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.award_rule import ReasonCode, evaluate
from assessor_app.rubric.difference import ChangeKind
from assessor_app.rubric.dry_run import RatedWork, dry_run, touched
from assessor_app.rubric.dry_run_report import as_lines, as_object
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.ratings_file import history_from_json, ratings_from_json
from assessor_app.rubric.schema import Count, RubricStatus, RubricVersion
from tests.builders import CRITERIA, criterion, ratings, rubric_version
from tests.rubric_strategies import accommodations_of, ratings_of, rubric_versions

YES, NO, UNDECIDED = RuleResult.YES, RuleResult.NO, RuleResult.UNDECIDED
A, B, C, D = CRITERIA
OLD = rubric_version()
EXCLUSION = Accommodation(AccommodationEffect.EXCLUDE, "", A)


def draft(**changes: Any) -> RubricVersion:
    return replace(OLD, version=2, status=RubricStatus.DRAFT, hash="", supersedes=1, **changes)


def work(code: str, *changed: Rating, version: RubricVersion = OLD, **more: Any) -> RatedWork:
    kept = [rating for rating in ratings() if rating.criterion_id not in {c.criterion_id for c in changed}]
    return RatedWork(code, version, (*changed, *kept), **more)


MET, ONE_MISSED = work("S-MET"), work("S-ONE", Rating(A, "not_met"))
TWO_MISSED = work("S-TWO", Rating(A, "not_met"), Rating(B, "progressing"))
EXCUSED = work("S-OUT", Rating(A, "not_met"), accommodations=(EXCLUSION,))


def test_a_milder_rule_awards_what_was_denied() -> None:
    report = dry_run(draft(award_rule=Count(3)), [MET, ONE_MISSED, TWO_MISSED, EXCUSED])
    assert [(one.code, one.before, one.after) for one in report.changed] == [("S-ONE", NO, YES)]
    assert report.counts == {(YES, YES): 2, (NO, YES): 1, (NO, NO): 1}
    (changed,) = report.changed
    assert [reason.code for reason in changed.reasons] == [ReasonCode.COUNT]
    assert not report.undecided


def test_a_new_criterion_leaves_past_work_undecided_with_the_reason() -> None:
    new = criterion(CriterionId("reflect-1"), "Says what comes next.")
    *before, last = OLD.requirements
    wider = draft(requirements=(*before, replace(last, criteria=(*last.criteria, new))))
    report = dry_run(wider, [MET, TWO_MISSED])
    assert [(one.code, one.after) for one in report.undecided] == [("S-MET", UNDECIDED)]
    assert report.undecided[0].reasons[0].text == "Not rated yet: 'Says what comes next'."


def test_open_work_is_touched_by_what_touches_ratings() -> None:
    words = draft(title="Asking")
    assert touched(words, [MET]) == ()
    first, *rest = OLD.requirements
    changed = replace(first, criteria=(replace(first.criteria[0], text="Names what questions showed."),))
    later = draft(requirements=(changed, *rest))
    bare = RatedWork("S-NEW", OLD, (Rating(A), Rating(B, "not_met")))
    found = touched(later, [MET, bare, RatedWork("S-AT", later)])
    assert [(one.code, one.criteria, one.rated) for one in found] == [
        ("S-MET", (A,), (A,)),
        ("S-NEW", (A,), ()),
    ]
    assert [change.kind for change in found[0].changes] == [ChangeKind.CRITERION_TEXT]


def test_a_rule_touches_open_work_without_touching_a_criterion() -> None:
    (found,) = touched(draft(award_rule=Count(3)), [MET])
    assert (found.criteria, [change.kind for change in found.changes]) == ((), [ChangeKind.AWARD_RULE])


def test_a_single_artifact_is_tried_on_what_it_answers() -> None:
    half = RatedWork(
        "S-HALF", OLD, (Rating(A, "demonstrated"),), answered=frozenset({RequirementId("analyze")})
    )
    first, second, third = OLD.requirements
    elsewhere = replace(third, criteria=(replace(third.criteria[0], weight=2.0), third.criteria[1]))
    later = draft(requirements=(first, second, elsewhere))
    report = dry_run(later, [half])
    assert [(one.before, one.after) for one in report.outcomes] == [(YES, YES)]
    assert touched(later, [half]) == ()
    assert [one.criteria for one in touched(later, [MET])] == [(C,)]
    here = draft(
        requirements=(
            replace(first, criteria=(replace(first.criteria[0], weight=2.0),)),
            *OLD.requirements[1:],
        )
    )
    assert [one.criteria for one in touched(here, [half])] == [(A,)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_dry_run_says_what_the_rule_says(data: st.DataObject) -> None:
    old, new = data.draw(rubric_versions()), data.draw(rubric_versions())
    past = [
        RatedWork(f"S-{i}", old, data.draw(ratings_of(old)), data.draw(accommodations_of(old)))
        for i in range(3)
    ]
    report = dry_run(new, past)
    for one, outcome in zip(past, report.outcomes, strict=True):
        assert outcome.before is evaluate(old, one.ratings, one.accommodations).result
        assert outcome.after is evaluate(new, one.ratings, one.accommodations).result
        assert outcome.reasons
        assert all(reason.result is outcome.after for reason in outcome.reasons)
    assert sum(report.counts.values()) == 3


def test_the_report_in_words_and_as_data() -> None:
    gone = draft(requirements=OLD.requirements[:2], award_rule=Count(2))
    report, open_work = dry_run(gone, [MET, ONE_MISSED, TWO_MISSED]), touched(gone, [MET])
    lines = list(as_lines(report, open_work, gone))
    assert lines == [
        "3 past assessments: 0 would come to something else.",
        "1 open submission at a version that the draft changes.",
        f"S-MET (version 1): '{C}' (gone), '{D}' (gone); rated already: 2",
    ]
    mild = draft(award_rule=Count(3))
    report, open_work = dry_run(mild, [ONE_MISSED]), touched(mild, [MET, ONE_MISSED])
    assert list(as_lines(report, open_work, mild)) == [
        "1 past assessment: 1 would come to something else.",
        "  deny -> award: 1",
        "S-ONE (rated under version 1): deny -> award",
        "  - At least 3 of 4 criteria must reach Demonstrated; 3 do.",
        "2 open submissions at a version that the draft changes.",
        "S-MET (version 1): the award rule",
        "S-ONE (version 1): the award rule",
    ]
    data: Any = json.loads(json.dumps(as_object(report, open_work)))
    assert data["counts"] == [{"before": "no", "after": "yes", "assessments": 1}]
    assert data["changed"][0]["reasons"][0]["criteria"] == list(CRITERIA)
    assert data["open"][0]["changes"] == ["What must be reached for an award changed."]


def test_ratings_from_a_file() -> None:
    data = {
        "ratings": [
            {"criterion_id": A, "level": "demonstrated"},
            {"criterion_id": B, "not_scorable": "NS-IDENTITY", "note": "A name.", "level": None},
            {"criterion_id": C},
        ],
        "accommodations": [
            {"effect": "exclude", "criterion_id": D},
            {"effect": "extend", "requirement_id": "design", "instruction": "More time."},
        ],
    }
    read = ratings_from_json(data, OLD)
    assert read.ratings == (Rating(A, "demonstrated"), Rating(B, None, "NS-IDENTITY", "A name."), Rating(C))
    assert [(a.effect, a.criterion_id, a.requirement_id) for a in read.accommodations] == [
        (AccommodationEffect.EXCLUDE, D, None),
        (AccommodationEffect.EXTEND, None, "design"),
    ]
    past, open_work = history_from_json({"past": [{"code": "S-1", **data}], "open": [{"code": "S-2"}]}, OLD)
    assert past == (replace(read, code="S-1"),)
    assert open_work == (RatedWork("S-2", OLD),)
    assert history_from_json({}, OLD) == ((), ())
    part = ratings_from_json({"answered": ["analyze"]}, OLD)
    assert part.answered == frozenset({RequirementId("analyze")})
    assert part.criteria_in(OLD) == {A}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "(whole rubric)"),
        ({"rating": []}, "rating"),
        ({"ratings": {}}, "ratings"),
        ({"ratings": [{"level": "demonstrated"}]}, "ratings[0].criterion_id"),
        ({"ratings": [{"criterion_id": "gone", "level": "x"}]}, "ratings[0].criterion_id"),
        ({"ratings": [{"criterion_id": A, "level": "passed"}]}, "ratings[0].level"),
        ({"ratings": [{"criterion_id": A, "not_scorable": "NS"}]}, "ratings[0].not_scorable"),
        ({"ratings": [{"criterion_id": A, "score": 1}]}, "ratings[0].score"),
        (
            {"ratings": [{"criterion_id": A, "level": "not_met", "not_scorable": "NS-IDENTITY"}]},
            "ratings[0]",
        ),
        ({"ratings": [{"criterion_id": A}, {"criterion_id": A}]}, "ratings[1].criterion_id"),
        ({"answered": ["design", "gone"]}, "answered[1]"),
        ({"accommodations": [{"effect": "waive"}]}, "accommodations[0].effect"),
        ({"accommodations": [{"effect": "exclude", "criterion_id": "x"}]}, "accommodations[0].criterion_id"),
        (
            {"accommodations": [{"effect": "exclude", "requirement_id": "x"}]},
            "accommodations[0].requirement_id",
        ),
        ({"accommodations": [{"effect": "exclude", "reason": "x"}]}, "accommodations[0].reason"),
    ],
)
def test_a_slip_in_a_file_of_ratings_is_no_missing_rating(data: Any, place: str) -> None:
    with pytest.raises(RubricInvalid) as caught:
        ratings_from_json(data, OLD)
    assert caught.value.path == place


def test_work_in_a_history_has_a_code() -> None:
    for data, place in (({"past": [{}]}, "past[0].code"), ({"open": [{"code": "x", "at": 1}]}, "open[0].at")):
        with pytest.raises(RubricInvalid) as caught:
            history_from_json(data, OLD)
        assert caught.value.path == place
