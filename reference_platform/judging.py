"""Checks of what assessors and approvers send, by the same rubric code that the workstation uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import Outcome, Rating, RuleResult
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.submissions import Accommodation
from assessor_app.domain.wording import has_words
from assessor_app.rubric.award_rule import Scope, evaluate, outcome_of
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import scope_of_answers
from assessor_app.sync.protocol import (
    AccommodationWire,
    DecisionIn,
    FieldProblem,
    OverrideWire,
    RecommendationIn,
    ScoreWire,
    SubmissionWire,
)
from reference_platform.problems import Problem

AUDIENCE_PREFIX = "urn:aw:audience:"
SENT_AUDIENCES = frozenset(
    f"{AUDIENCE_PREFIX}{audience}" for audience in (Audience.APPROVER, Audience.LEARNER)
)


def accommodations_of(wires: Iterable[AccommodationWire]) -> tuple[Accommodation, ...]:
    """The accommodations of a submission as the award rule takes them."""
    return tuple(
        Accommodation(
            effect=wire.effect,
            instruction=wire.instruction,
            criterion_id=CriterionId(wire.criterion_id) if wire.criterion_id else None,
            requirement_id=RequirementId(wire.requirement_id) if wire.requirement_id else None,
        )
        for wire in wires
    )


def answered_requirements(wire: SubmissionWire) -> frozenset[RequirementId]:
    """The requirements that evidence was handed in for: a file, a link or an answer."""
    return frozenset(
        RequirementId(part.requirement_id)
        for part in wire.parts
        if part.artifacts or part.links or any(response.text.strip() for response in part.responses)
    )


def scope_of_wire(wire: SubmissionWire, version: RubricVersion) -> Scope:
    """The criteria that a submission is judged on."""
    return scope_of_answers(version, wire.submission_type, answered_requirements(wire))


def check_recommendation(
    wire: RecommendationIn,
    version: RubricVersion,
    accommodations: Sequence[Accommodation],
    in_scope: Scope = None,
) -> None:
    """Refuse what does not fit the rubric, or draws another conclusion from the ratings than the rule.

    Raises:
        Problem: 422 `validation`, `private-annotation`, `rule-result-differs` or `outcome-against-rule`.
    """
    _refuse([*_score_errors(wire.scores, version), *_feedback_errors(wire, version)])
    if any(annotation.audience.get("id") not in SENT_AUDIENCES for annotation in wire.annotations):
        raise Problem(422, "private-annotation", "An annotation for its author alone is never sent.")
    result = evaluate(version, ratings_of(wire.scores), accommodations, in_scope).result
    if wire.rule_result is not result:
        raise Problem(422, "rule-result-differs", f"By the rule these ratings give {result}.")
    if wire.outcome is not outcome_of(result):
        raise Problem(422, "outcome-against-rule", f"By the rule the outcome is {outcome_of(result)}.")


def check_decision(
    wire: DecisionIn,
    scores: Sequence[ScoreWire],
    version: RubricVersion,
    accommodations: Sequence[Accommodation],
    in_scope: Scope = None,
) -> None:
    """Refuse a decision that does not follow from the ratings as the approver changed them.

    Args:
        wire: the decision.
        scores: the assessor's ratings.
        version: the rubric version.
        accommodations: of the submission.
        in_scope: the criteria that the submission is judged on.

    Raises:
        Problem: 422 `validation` or `outcome-against-rule`.
    """
    errors = _override_errors(wire.overrides, version)
    errors += _unknown((("/criteria", criterion) for criterion in wire.criteria), version)
    marks = (("/independent_marks", mark.criterion_id) for mark in wire.independent_marks)
    errors += _unknown(marks, version)
    if wire.outcome == "return" and not has_words(wire.reason):
        errors.append(FieldProblem(pointer="/reason", message="A return says why."))
    _refuse(errors)
    if wire.outcome == "return":
        return
    ratings = overridden(ratings_of(scores), wire.overrides)
    result = evaluate(version, ratings, accommodations, in_scope).result
    wanted = RuleResult.YES if wire.outcome == "award" else RuleResult.NO
    if result not in (wanted, RuleResult.UNDECIDED):
        rule = Outcome(outcome_of(result))
        raise Problem(422, "outcome-against-rule", f"By the rule these ratings lead to {rule}.")


def ratings_of(scores: Iterable[ScoreWire]) -> tuple[Rating, ...]:
    """Ratings as the award rule takes them."""
    return tuple(
        Rating(CriterionId(score.criterion_id), score.level, score.not_scorable, score.note)
        for score in scores
    )


def overridden(ratings: Sequence[Rating], overrides: Sequence[OverrideWire]) -> tuple[Rating, ...]:
    """The ratings with the approver's in place of the assessor's."""
    levels = {CriterionId(override.criterion_id): override.level for override in overrides}
    kept = [
        replace(rating, level=levels[rating.criterion_id], not_scorable=None)
        if rating.criterion_id in levels
        else rating
        for rating in ratings
    ]
    rated = {rating.criterion_id for rating in ratings}
    kept += [Rating(criterion, level) for criterion, level in levels.items() if criterion not in rated]
    return tuple(kept)


def _score_errors(scores: Sequence[ScoreWire], version: RubricVersion) -> list[FieldProblem]:
    errors = _unknown(((f"/scores/{i}", s.criterion_id) for i, s in enumerate(scores)), version)
    known = {criterion.id for criterion in version.criteria}
    codes = {code.code: code for code in version.not_scorable}
    seen: set[str] = set()
    for index, score in enumerate(scores):
        place = f"/scores/{index}"
        if score.criterion_id in seen:
            errors.append(FieldProblem(pointer=place, message="The criterion is rated twice."))
        seen.add(score.criterion_id)
        if score.level is not None and score.not_scorable is not None:
            errors.append(FieldProblem(pointer=place, message="A level and a code exclude each other."))
        if score.level is not None and score.criterion_id in known:
            errors += _level_errors(f"{place}/level", score.criterion_id, score.level, version)
        if score.not_scorable is not None:
            code = codes.get(score.not_scorable)
            if code is None:
                message = "The rubric has no such code."
                errors.append(FieldProblem(pointer=f"{place}/not_scorable", message=message))
            elif code.requires_note and not has_words(score.note):
                errors.append(FieldProblem(pointer=f"{place}/note", message="This code needs a note."))
    return errors


def _feedback_errors(wire: RecommendationIn, version: RubricVersion) -> list[FieldProblem]:
    feedback = enumerate(wire.feedback.criteria)
    return _unknown(((f"/feedback/criteria/{i}", f.criterion_id) for i, f in feedback), version)


def _override_errors(overrides: Sequence[OverrideWire], version: RubricVersion) -> list[FieldProblem]:
    places = ((f"/overrides/{i}", override.criterion_id) for i, override in enumerate(overrides))
    errors = _unknown(places, version)
    known = {criterion.id for criterion in version.criteria}
    seen: set[str] = set()
    for index, override in enumerate(overrides):
        place = f"/overrides/{index}"
        if override.criterion_id in known:
            errors += _level_errors(f"{place}/level", override.criterion_id, override.level, version)
        if not has_words(override.why):
            errors.append(FieldProblem(pointer=f"{place}/why", message="A changed rating says why."))
        if override.criterion_id in seen:
            errors.append(FieldProblem(pointer=place, message="The criterion is changed twice."))
        seen.add(override.criterion_id)
    return errors


def _level_errors(place: str, criterion: str, level: str, version: RubricVersion) -> list[FieldProblem]:
    if version.level_of(CriterionId(criterion), level) is not None:
        return []
    return [FieldProblem(pointer=place, message="The scale has no such level.")]


def _unknown(places: Iterable[tuple[str, str]], version: RubricVersion) -> list[FieldProblem]:
    known = {criterion.id for criterion in version.criteria}
    return [
        FieldProblem(pointer=place, message="The rubric has no such criterion.")
        for place, criterion in places
        if criterion not in known
    ]


def _refuse(errors: Sequence[FieldProblem]) -> None:
    if errors:
        raise Problem(422, "validation", "The body does not fit the rubric.", errors=errors)
