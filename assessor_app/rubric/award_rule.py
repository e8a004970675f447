"""The award rule: from ratings to yes, no or undecided, with the reasons in sentences.

The rule has three values:

- *No* as soon as it is certain: whatever the open criteria become, the rule cannot be met any more.
- *Yes* only when every criterion that counts is rated and no blocking code stands, wherever it stands.
- *Undecided* otherwise; when all is rated, the approver decides.

A not-scorable code is no score. With the effect *fail* the criterion reaches no level and brings no points.
With *block* its value is unknown: it never makes a yes, and a no only comes from the other criteria. With
*exclude*, or through an approved accommodation, the criterion is taken out of every scope:

- *every* asks for the criteria that are left;
- *count* and *points* keep their minimum. Met by what is left: yes. Out of reach even with the excluded
  criteria at their best: no. In between the rule is silent and the approver decides, because the issuer set
  the minimum for all criteria, and an approved accommodation must neither lower it nor cause a denial;
- a scope of which nothing is left never decides.

A criterion that is not part of the submission (`rubric.scope`) is taken out in the same way; a piece of the
rule that speaks only of such criteria is left aside where other pieces of *all* or *any* can decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from assessor_app.domain.assessments import Outcome, Rating, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    Count,
    Criterion,
    Every,
    Level,
    NotScorableEffect,
    Points,
    RubricVersion,
)
from assessor_app.rubric.validity import best_points, exact, scope_of

Scope = frozenset[CriterionId] | None
"""The criteria that a submission is judged on; None for all."""

MAX_QUOTED_CHARS = 80
"""Longest piece of a criterion's text in a reason, in characters."""
MAX_LISTED = 5
"""Most criteria that a sentence names; the reason itself holds all of them."""


class ReasonCode(StrEnum):
    """What a reason speaks of; stable, for translations and tests."""

    NOT_RATED = "not_rated"
    UNKNOWN_CODE = "unknown_code"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"
    OUT_OF_SCOPE = "out_of_scope"
    EVERY = "every"
    COUNT = "count"
    POINTS = "points"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of why the award rule says what it says."""

    code: ReasonCode
    criteria: tuple[CriterionId, ...]
    """The criteria that the sentence speaks of, in the order of the rubric."""
    text: str
    """The sentence, for the person."""
    result: RuleResult
    """What this part by itself says."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the ratings, and why."""

    result: RuleResult
    reasons: tuple[Reason, ...]
    """Those that carry the result come first."""


class Standing(StrEnum):
    """How a criterion stands before the award rule."""

    RATED = "rated"
    FAILED = "failed"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CriterionState:
    """One criterion with what its rating means to the award rule."""

    criterion: Criterion
    standing: Standing
    level: Level | None = None
    """The level given; set exactly when the standing is RATED."""
    words: str = "not rated"
    """How it stands, in words, such as the level's label."""
    is_unknown: bool = False
    """Whether a rating is there whose code the version does not know; it then counts as open."""
    is_outside: bool = False
    """Whether it is no part of what was submitted; it then stands as excluded."""


def evaluate(
    version: RubricVersion,
    ratings: Sequence[Rating],
    accommodations: Sequence[Accommodation] = (),
    in_scope: Scope = None,
) -> Verdict:
    """What the award rule of a version says to these ratings.

    Args:
        version: a valid version (see `check_version`).
        ratings: one for each criterion at most, else the first counts; ratings of criteria that the version
            does not have are ignored, and codes that it does not have count as not rated.
        accommodations: approved ones of the submission; only those that exclude matter.
        in_scope: the criteria that the submission is judged on, see `rubric.scope`.

    Returns:
        The result with at least one reason.
    """
    states = criterion_states(version, ratings, accommodations, in_scope)
    result, reasons = _judge(version, version.award_rule, states)
    general = _general_reasons(tuple(states.values()))
    if result is RuleResult.YES and any(reason.result is RuleResult.UNDECIDED for reason in general):
        result = RuleResult.UNDECIDED
    ordered = sorted([*general, *reasons], key=lambda reason: reason.result is not result)
    return Verdict(result, tuple(ordered))


def outcome_of(result: RuleResult) -> Outcome:
    """The outcome that follows from a result; nobody chooses it (rule 27)."""
    return {
        RuleResult.YES: Outcome.AWARD,
        RuleResult.NO: Outcome.DENY,
        RuleResult.UNDECIDED: Outcome.UNDECIDED,
    }[result]


def excluded_criteria(
    version: RubricVersion, accommodations: Sequence[Accommodation]
) -> frozenset[CriterionId]:
    """The criteria that approved accommodations take out: by themselves or with their whole requirement."""
    excluding = [a for a in accommodations if a.effect is AccommodationEffect.EXCLUDE]
    criteria = {a.criterion_id for a in excluding if a.criterion_id is not None}
    requirements = {
        a.requirement_id for a in excluding if a.requirement_id is not None and a.criterion_id is None
    }
    return frozenset(
        criterion.id
        for requirement in version.requirements
        for criterion in requirement.criteria
        if criterion.id in criteria or requirement.id in requirements
    )


def taken_out(
    version: RubricVersion, accommodations: Sequence[Accommodation], in_scope: Scope = None
) -> frozenset[CriterionId]:
    """The criteria with nothing to rate: by an accommodation, or because they are no part of it."""
    outside = () if in_scope is None else (c.id for c in version.criteria if c.id not in in_scope)
    return excluded_criteria(version, accommodations).union(outside)


def criterion_states(
    version: RubricVersion,
    ratings: Sequence[Rating],
    accommodations: Sequence[Accommodation] = (),
    in_scope: Scope = None,
) -> Mapping[CriterionId, CriterionState]:
    """How each criterion of the version stands, in the order of the version."""
    by_criterion: dict[CriterionId, Rating] = {}
    for rating in ratings:
        by_criterion.setdefault(rating.criterion_id, rating)
    excluded = excluded_criteria(version, accommodations)
    states: dict[CriterionId, CriterionState] = {}
    for criterion in version.criteria:
        if in_scope is not None and criterion.id not in in_scope:
            states[criterion.id] = CriterionState(
                criterion, Standing.EXCLUDED, words="not part of this submission", is_outside=True
            )
        elif criterion.id in excluded:
            states[criterion.id] = CriterionState(
                criterion, Standing.EXCLUDED, words="taken out by an accommodation"
            )
        else:
            rating = by_criterion.get(criterion.id, Rating(criterion.id))
            states[criterion.id] = _state(version, criterion, rating)
    return states


def _state(version: RubricVersion, criterion: Criterion, rating: Rating) -> CriterionState:
    if not rating.is_set:
        return CriterionState(criterion, Standing.OPEN)
    unknown = CriterionState(criterion, Standing.OPEN, words="rated with an unknown code", is_unknown=True)
    if rating.not_scorable is None:
        level = version.scale_of(criterion).level(rating.level or "")
        return unknown if level is None else CriterionState(criterion, Standing.RATED, level, level.label)
    code = next((code for code in version.not_scorable if code.code == rating.not_scorable), None)
    if code is None or rating.level is not None:
        return unknown
    standing = {
        NotScorableEffect.FAIL: Standing.FAILED,
        NotScorableEffect.BLOCK: Standing.BLOCKED,
        NotScorableEffect.EXCLUDE: Standing.EXCLUDED,
    }[code.effect]
    return CriterionState(criterion, standing, words=f"not scorable ({code.label})")


def _general_reasons(states: Sequence[CriterionState]) -> list[Reason]:
    """What keeps a yes away whatever the rule is, and what was taken out."""
    unrated = [s for s in states if s.standing is Standing.OPEN and not s.is_unknown]
    unknown = [s for s in states if s.is_unknown]
    blocked = [s for s in states if s.standing is Standing.BLOCKED]
    excluded = [s for s in states if s.standing is Standing.EXCLUDED and not s.is_outside]
    outside = [s for s in states if s.is_outside]
    reasons = []
    if unrated:
        text = f"Not rated yet: {_names(unrated)}."
        reasons.append(Reason(ReasonCode.NOT_RATED, _ids(unrated), text, RuleResult.UNDECIDED))
    if unknown:
        text = f"Rated with a code that this rubric version does not have; rate again: {_names(unknown)}."
        reasons.append(Reason(ReasonCode.UNKNOWN_CODE, _ids(unknown), text, RuleResult.UNDECIDED))
    if blocked:
        text = f"The approver decides, because of: {_standings(blocked)}."
        reasons.append(Reason(ReasonCode.BLOCKED, _ids(blocked), text, RuleResult.UNDECIDED))
    if excluded:
        text = f"Taken out, so not counted: {_names(excluded)}."
        reasons.append(Reason(ReasonCode.EXCLUDED, _ids(excluded), text, RuleResult.YES))
    if outside:
        text = f"Not part of this submission, so not counted: {_names(outside)}."
        reasons.append(Reason(ReasonCode.OUT_OF_SCOPE, _ids(outside), text, RuleResult.YES))
    return reasons


def _judge(
    version: RubricVersion, rule: AwardRule, states: Mapping[CriterionId, CriterionState]
) -> tuple[RuleResult, list[Reason]]:
    """Three-valued logic after Kleene; exact here, because no rule says yes to less."""
    if isinstance(rule, (AllOf, AnyOf)):
        inside = [inner for inner in rule.rules if not _is_outside(version, inner, states)]
        judged = [_judge(version, inner, states) for inner in inside or rule.rules]
        results = {result for result, _ in judged}
        reasons = [reason for _, inner in judged for reason in inner]
        decisive = RuleResult.NO if isinstance(rule, AllOf) else RuleResult.YES
        if isinstance(rule, AnyOf) and len(rule.rules) > 1:
            reasons = [replace(reason, text=f"One way to reach it: {reason.text}") for reason in reasons]
        if decisive in results:
            return decisive, reasons
        return (RuleResult.UNDECIDED if RuleResult.UNDECIDED in results else results.pop()), reasons
    scope = [states[criterion.id] for criterion in scope_of(version, rule.scope)]
    if all(state.standing is Standing.EXCLUDED for state in scope):
        text = "No criterion is left to judge by here, because all were taken out; the approver decides."
        return RuleResult.UNDECIDED, [
            Reason(ReasonCode.NOTHING_LEFT, _ids(scope), text, RuleResult.UNDECIDED)
        ]
    if isinstance(rule, Points):
        reason = _points(version, rule, scope)
    elif isinstance(rule, Count):
        reason = _count(version, rule, scope)
    else:
        reason = _every(version, rule, scope)
    return reason.result, [reason]


def _is_outside(
    version: RubricVersion, rule: AwardRule, states: Mapping[CriterionId, CriterionState]
) -> bool:
    """Whether a rule speaks only of criteria that are no part of the submission."""
    if isinstance(rule, (AllOf, AnyOf)):
        return all(_is_outside(version, inner, states) for inner in rule.rules)
    return all(states[criterion.id].is_outside for criterion in scope_of(version, rule.scope))


def _reaches(version: RubricVersion, state: CriterionState, level_code: str | None) -> RuleResult:
    """Whether one criterion that is not excluded reaches the level: undecided while open or blocked."""
    if state.level is None:
        return RuleResult.NO if state.standing is Standing.FAILED else RuleResult.UNDECIDED
    if level_code is None:
        return RuleResult.YES if state.level.meets else RuleResult.NO
    codes = [level.code for level in version.scale_of(state.criterion).levels]
    return RuleResult.YES if codes.index(state.level.code) >= codes.index(level_code) else RuleResult.NO


def _who(rule: Every, scope: Sequence[CriterionState]) -> str:
    if not rule.scope:
        return "Every criterion"
    return quoted(scope[0].criterion) if len(scope) == 1 else f"Each of {_these(len(scope))}"


def _every(version: RubricVersion, rule: Every, scope: Sequence[CriterionState]) -> Reason:
    counted = [state for state in scope if state.standing is not Standing.EXCLUDED]
    reached = {state.criterion.id: _reaches(version, state, rule.level) for state in counted}
    missed = [state for state in counted if reached[state.criterion.id] is RuleResult.NO]
    waiting = [state for state in counted if reached[state.criterion.id] is RuleResult.UNDECIDED]
    text = f"{_who(rule, scope)} must reach {_level_words(version, rule.level, scope)}"
    if missed:
        return Reason(
            ReasonCode.EVERY, _ids(missed), f"{text}; not yet: {_standings(missed)}.", RuleResult.NO
        )
    if waiting:
        text = f"{text}; open: {_standings(waiting)}."
        return Reason(ReasonCode.EVERY, _ids(waiting), text, RuleResult.UNDECIDED)
    return Reason(ReasonCode.EVERY, _ids(counted), f"{text}, and does.", RuleResult.YES)


def _count(version: RubricVersion, rule: Count, scope: Sequence[CriterionState]) -> Reason:
    excluded = [state for state in scope if state.standing is Standing.EXCLUDED]
    counted = [state for state in scope if state.standing is not Standing.EXCLUDED]
    reached = [_reaches(version, state, rule.level) for state in counted]
    sure, waiting = reached.count(RuleResult.YES), reached.count(RuleResult.UNDECIDED)
    parts = [f"{sure} {'does' if sure == 1 else 'do'}"]
    if waiting:
        parts.append(f"{waiting} {'is' if waiting == 1 else 'are'} open")
    if excluded:
        parts.append(f"{len(excluded)} {'is' if len(excluded) == 1 else 'are'} taken out")
    level = _level_words(version, rule.level, scope)
    text = f"At least {rule.minimum} of {_these(len(scope))} must reach {level}; {', '.join(parts)}."
    result = _between(Fraction(sure), Fraction(sure + waiting + len(excluded)), Fraction(rule.minimum))
    if result is RuleResult.UNDECIDED and sure + waiting < rule.minimum:
        text += " What was taken out could have made the difference, so the approver decides."
    return Reason(ReasonCode.COUNT, _ids(scope), text, result)


def _points(version: RubricVersion, rule: Points, scope: Sequence[CriterionState]) -> Reason:
    sure = sum(
        (exact(s.criterion.weight) * exact(s.level.points or 0.0) for s in scope if s.level), Fraction(0)
    )
    waiting = _best_sum(version, scope, {Standing.OPEN, Standing.BLOCKED})
    excluded = _best_sum(version, scope, {Standing.EXCLUDED})
    minimum = exact(rule.minimum)
    result = _between(sure, sure + waiting + excluded, minimum)
    text = f"At least {_number(minimum)} points are needed; {_number(sure)} are reached"
    text += f", up to {_number(waiting)} are open." if waiting else "."
    if result is RuleResult.UNDECIDED and sure + waiting < minimum:
        text += " What was taken out could have made the difference, so the approver decides."
    return Reason(ReasonCode.POINTS, _ids(scope), text, result)


def _best_sum(version: RubricVersion, scope: Sequence[CriterionState], standings: set[Standing]) -> Fraction:
    return sum((best_points(version, s.criterion) for s in scope if s.standing in standings), Fraction(0))


def _between(worst: Fraction, best: Fraction, minimum: Fraction) -> RuleResult:
    if worst >= minimum:
        return RuleResult.YES
    return RuleResult.NO if best < minimum else RuleResult.UNDECIDED


def _level_words(version: RubricVersion, level_code: str | None, scope: Sequence[CriterionState]) -> str:
    """The level to reach in words: "Demonstrated or higher", or "a passing level" where scales differ."""
    phrases = set()
    for state in scope:
        levels = version.scale_of(state.criterion).levels
        wanted = next(
            level for level in levels if (level.meets if level_code is None else level.code == level_code)
        )
        phrases.add(wanted.label if wanted is levels[-1] else f"{wanted.label} or higher")
    return (
        phrases.pop()
        if len(phrases) == 1
        else "a passing level"
        if level_code is None
        else "the level asked for"
    )


def _these(count: int) -> str:
    return "1 criterion" if count == 1 else f"{count} criteria"


def quoted(criterion: Criterion) -> str:
    """A criterion's text in quotation marks, without its full stop, and cut where it is long."""
    text = " ".join(criterion.text.split()).rstrip(".")
    return f"'{text if len(text) <= MAX_QUOTED_CHARS else text[: MAX_QUOTED_CHARS - 1].rstrip() + '…'}'"


def _names(states: Sequence[CriterionState]) -> str:
    return _listed([quoted(state.criterion) for state in states])


def _standings(states: Sequence[CriterionState]) -> str:
    return _listed([f"{quoted(state.criterion)} is {state.words}" for state in states])


def _listed(pieces: Sequence[str]) -> str:
    shown = ", ".join(pieces[:MAX_LISTED])
    return shown if len(pieces) <= MAX_LISTED else f"{shown} and {len(pieces) - MAX_LISTED} more"


def _number(value: Fraction) -> str:
    return f"{float(value):g}"


def _ids(states: Sequence[CriterionState]) -> tuple[CriterionId, ...]:
    return tuple(state.criterion.id for state in states)
