"""A dry run for the issuer: what a draft of a rubric would have made of ratings that were given before.

    report = dry_run(draft, past)
    report.changed           # assessments whose result would be another one, with the reasons
    touched(draft, open_work)  # work at an earlier version that the draft would judge otherwise

Ratings are carried over by the ids of criteria and the codes of levels, which are stable over versions.
Nothing is decided anew by it: work stays with the version that it was submitted under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.submissions import Accommodation
from assessor_app.rubric.award_rule import Reason, Scope, Verdict, evaluate
from assessor_app.rubric.difference import Change, Effect, RubricDifference, difference
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import scope_of_answers


@dataclass(frozen=True, slots=True)
class RatedWork:
    """Ratings of one submission under the version that it was submitted under."""

    code: str
    """A pseudonymous name, such as a submission's code; never a person's."""
    version: RubricVersion
    ratings: tuple[Rating, ...] = ()
    accommodations: tuple[Accommodation, ...] = ()
    answered: frozenset[RequirementId] | None = None
    """For a single artifact the requirements that it holds evidence for; None for a portfolio."""

    def in_scope(self, version: RubricVersion) -> Scope:
        """The criteria of a version that the submission is judged on."""
        if self.answered is None:
            return None
        return scope_of_answers(version, SubmissionType.SINGLE_ARTIFACT, self.answered)

    def criteria_in(self, version: RubricVersion) -> frozenset[CriterionId]:
        """The same as a set, also for a portfolio."""
        scope = self.in_scope(version)
        return frozenset(criterion.id for criterion in version.criteria) if scope is None else scope

    def verdict(self, version: RubricVersion) -> Verdict:
        """What a version's rule says to the ratings."""
        return evaluate(version, self.ratings, self.accommodations, self.in_scope(version))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one assessment comes to, now and by the draft."""

    code: str
    version: int
    """The version that it was rated under."""
    before: RuleResult
    after: RuleResult
    reasons: tuple[Reason, ...]
    """Why the draft says what it says; those that carry the result, first."""

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a draft makes of past ratings."""

    outcomes: tuple[Outcome, ...]
    """One for each assessment, in the order given."""

    @property
    def changed(self) -> tuple[Outcome, ...]:
        """Those that come to something else."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_changed)

    @property
    def undecided(self) -> tuple[Outcome, ...]:
        """Those that were decided by the rule and no longer are."""
        return tuple(outcome for outcome in self.changed if outcome.after is RuleResult.UNDECIDED)

    @property
    def counts(self) -> Mapping[tuple[RuleResult, RuleResult], int]:
        """How many go from which result to which; only those that occur."""
        counts: dict[tuple[RuleResult, RuleResult], int] = {}
        for outcome in self.outcomes:
            way = (outcome.before, outcome.after)
            counts[way] = counts.get(way, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class TouchedWork:
    """Open work whose ratings the draft would touch."""

    code: str
    version: int
    criteria: tuple[CriterionId, ...]
    """The criteria that changed, in the order of the draft, then those that are gone."""
    rated: tuple[CriterionId, ...]
    """Those of them that are rated already."""
    changes: tuple[Change, ...]
    """The changes that touch ratings; also those of the award rule, which are no criterion's own."""


def dry_run(draft: RubricVersion, past: Iterable[RatedWork]) -> DryRun:
    """What the draft's rule says to ratings of the past.

    Args:
        draft: a valid version (see `check_version`), mostly not published yet.
        past: finished work, each with the version that it was rated under.
    """
    return DryRun(tuple(_outcome(draft, work) for work in past))


def touched(draft: RubricVersion, open_work: Iterable[RatedWork]) -> tuple[TouchedWork, ...]:
    """The open work for which the draft would change a rating, or what follows from ratings.

    Args:
        draft: a valid version.
        open_work: work that is not decided, with the ratings that are known so far.
    """
    by_version: dict[tuple[str, int, str], RubricDifference] = {}
    found = []
    for work in open_work:
        key = (work.version.id, work.version.version, work.version.hash)
        if key not in by_version:
            by_version[key] = difference(work.version, draft)
        changed = by_version[key]
        inside = work.criteria_in(work.version) | work.criteria_in(draft)
        changes = tuple(
            change
            for change in changed.changes
            if change.effect is Effect.RATINGS and (not change.criteria or inside & set(change.criteria))
        )
        if changes:
            criteria = tuple(criterion for criterion in changed.criteria if criterion in inside)
            given = {rating.criterion_id for rating in work.ratings if rating.is_set}
            rated = tuple(criterion for criterion in criteria if criterion in given)
            found.append(TouchedWork(work.code, work.version.version, criteria, rated, changes))
    return tuple(found)


def _outcome(draft: RubricVersion, work: RatedWork) -> Outcome:
    before, after = work.verdict(work.version), work.verdict(draft)
    reasons = tuple(reason for reason in after.reasons if reason.result is after.result)
    return Outcome(work.code, work.version.version, before.result, after.result, reasons)
