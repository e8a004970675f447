"""The frozen data itself: nothing can be changed or named, and the small questions it answers."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from dataclasses import replace
from typing import Any

import pytest

import assessor_app.domain
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.roles import SCOPES, Role
from tests import builders
from tests.builders import CRITERIA, assessment, feedback, submission_id


def dataclasses_of_the_domain() -> list[type[Any]]:
    found = []
    for module_info in pkgutil.iter_modules(assessor_app.domain.__path__, "assessor_app.domain."):
        module = importlib.import_module(module_info.name)
        for _, kind in inspect.getmembers(module, dataclasses.is_dataclass):
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                found.append(kind)
    return found


DATACLASSES = dataclasses_of_the_domain()


def test_there_is_something_to_look_at() -> None:
    assert {"Submission", "Assessment", "Annotation", "ChangeSet"} <= {kind.__name__ for kind in DATACLASSES}


@pytest.mark.parametrize("kind", DATACLASSES)
def test_every_type_is_frozen_and_has_no_room_for_more(kind: type[Any]) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)
    assert inspect.getdoc(kind)


@pytest.mark.parametrize("kind", DATACLASSES)
def test_no_type_can_hold_who_somebody_is(kind: type[Any]) -> None:
    # A name of a file is neutral: "Artifact 2.pdf".
    telling = ("name", "mail", "school", "district", "author", "person", "phone", "employer")
    fields = {field.name for field in dataclasses.fields(kind)} - {"filename"}
    assert not {field for field in fields if any(word in field for word in telling)}


def test_nothing_handed_out_can_be_changed() -> None:
    submission: Any = builders.submission()
    with pytest.raises(dataclasses.FrozenInstanceError):
        submission.rev = 2


@pytest.mark.parametrize(
    ("rating", "is_set"),
    [
        (Rating(CRITERIA[0]), False),
        (Rating(CRITERIA[0], note="Cannot be opened."), False),
        (Rating(CRITERIA[0], level="not_met"), True),
        (Rating(CRITERIA[0], not_scorable="NS-UNREADABLE"), True),
    ],
)
def test_a_rating_is_set_by_a_level_or_a_code(rating: Rating, is_set: bool) -> None:
    assert rating.is_set is is_set


def test_an_assessment_answers_for_criteria_that_were_not_touched() -> None:
    work = replace(assessment(), ratings=(Rating(CRITERIA[1], "not_met"),), feedback=(feedback(CRITERIA[1]),))
    assert work.rating(CRITERIA[1]).level == "not_met"
    assert work.feedback_for(CRITERIA[1]) == feedback(CRITERIA[1])
    untouched = CriterionId("untouched")
    assert work.rating(untouched) == Rating(untouched)
    assert not work.rating(untouched).is_set
    assert work.feedback_for(untouched) == CriterionFeedback(untouched)


def test_a_receipt_is_shown_by_its_first_signs() -> None:
    receipt = builders.receipt(builders.outbox_item())
    assert receipt.short == receipt.sha256[:8].upper()
    assert len(receipt.short) == 8


def test_every_role_asks_for_a_scope_of_its_own() -> None:
    assert set(SCOPES) == set(Role)
    assert len(set(SCOPES.values())) == len(Role)


ONE, TWO = submission_id(1), submission_id(2)
FULL = ChangeSet(
    submissions=frozenset({ONE}),
    assessments=frozenset({ONE}),
    annotations=frozenset({ONE}),
    evidence=frozenset({ONE}),
    inbox=True,
    outbox=True,
    cases=True,
    frame=True,
    comments=True,
)


@pytest.mark.parametrize("part", [f.name for f in dataclasses.fields(ChangeSet) if f.name != "initiator"])
def test_any_change_counts_and_joining_loses_none(part: str) -> None:
    only: Any = replace(ChangeSet(), **{part: getattr(FULL, part)})
    assert bool(only)
    assert only | ChangeSet() == only == ChangeSet() | only
    assert getattr(only | FULL, part) == getattr(FULL, part)


def test_joining_change_sets_unites_their_submissions() -> None:
    other = ChangeSet(assessments=frozenset({TWO}))
    assert (FULL | other).assessments == {ONE, TWO}
    assert (FULL | other).submissions == {ONE}


def test_no_change_is_false_whoever_started_it() -> None:
    assert not ChangeSet()
    assert not ChangeSet(initiator=object())


def test_the_initiator_is_kept_only_where_both_agree() -> None:
    view, other = object(), object()
    assert (ChangeSet(initiator=view) | ChangeSet(initiator=view)).initiator is view
    assert (ChangeSet(initiator=view) | ChangeSet(initiator=other)).initiator is None
    assert ChangeSet(initiator=view) == ChangeSet(initiator=other)
