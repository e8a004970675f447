"""Ratings that were given under another version of the rubric, and which of them no longer count.

A rating keeps the hash of the version that it was given under. Where the criterion's text, its levels or what
they do changed since, the rating stays as it was but does not count, until the criterion is rated again:
confirming the same level is such a rating. What only reads differently (an editorial change) asks for
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from assessor_app.domain.assessments import Assessment
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import quoted
from assessor_app.rubric.checks import CheckCode, CheckResult, Field, Place, Severity
from assessor_app.rubric.difference import Change, RubricDifference, difference
from assessor_app.rubric.schema import RubricVersion


def outdated(
    assessment: Assessment, version: RubricVersion, known: Mapping[str, RubricVersion]
) -> dict[CriterionId, tuple[Change, ...]]:
    """The criteria whose rating was given under a version in which they asked for something else.

    Args:
        assessment: the work as it stands; its own hash stands for ratings that have none.
        version: the version that the submission is pinned to now.
        known: other versions that are at hand, by their hash. Of one that is not, nothing can be said: all
            ratings that were given under it are to be looked at again.

    Returns:
        What changed for each such criterion since it was rated; nothing where that cannot be said.
    """
    criteria = {criterion.id for criterion in version.criteria}
    since: dict[str, RubricDifference | None] = {}
    found: dict[CriterionId, tuple[Change, ...]] = {}
    for rating in assessment.ratings:
        given = rating.rubric_hash or assessment.rubric_hash
        if not rating.is_set or rating.criterion_id not in criteria or given in ("", version.hash):
            continue
        if given not in since:
            old = known.get(given)
            since[given] = difference(old, version) if old is not None else None
        changed = since[given]
        if changed is None:
            found[rating.criterion_id] = ()
        elif rating.criterion_id in changed.criteria:
            found[rating.criterion_id] = changed.of_criterion(rating.criterion_id)
    return found


def counted(assessment: Assessment, behind: Collection[CriterionId]) -> Assessment:
    """The work without the ratings that do not count."""
    if not behind:
        return assessment
    return replace(assessment, ratings=tuple(r for r in assessment.ratings if r.criterion_id not in behind))


def findings(
    checks: Sequence[CheckResult],
    assessment: Assessment,
    version: RubricVersion,
    behind: Collection[CriterionId],
) -> tuple[CheckResult, ...]:
    """The findings on work that may have been begun under another version.

    Of an outdated rating they say that the rubric changed, not that there is none; and the change itself
    stands first until it was accepted.
    """
    told = [_explained(check, version, behind) for check in checks]
    if has_changed(assessment, version):
        text = "The rubric changed since this was begun; look at what changed."
        first = CheckResult(CheckCode.RUBRIC_CHANGED, Severity.BLOCK, text, Place(None, Field.RUBRIC))
        told.insert(0, first)
    return tuple(told)


def _explained(check: CheckResult, version: RubricVersion, behind: Collection[CriterionId]) -> CheckResult:
    if check.code is not CheckCode.UNRATED or check.criterion_id is None or check.criterion_id not in behind:
        return check
    text = f"The rubric changed for {quoted(version.criterion(check.criterion_id))}; rate it again."
    return replace(check, code=CheckCode.RUBRIC_CHANGED, text=text)


def has_changed(assessment: Assessment, version: RubricVersion) -> bool:
    """Whether the work was begun under another version, and nobody has accepted the present one since."""
    return assessment.rubric_hash not in ("", version.hash)
