"""What a dry run says: lines for a person, and an object for a script. Names are pseudonyms alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessor_app.domain.assessments import RuleResult
from assessor_app.rubric.award_rule import outcome_of, quoted
from assessor_app.rubric.dry_run import DryRun, TouchedWork
from assessor_app.rubric.schema import RubricVersion

_ORDER = tuple(RuleResult)


def as_lines(report: DryRun, work: Sequence[TouchedWork], draft: RubricVersion) -> Iterator[str]:
    """The findings as a person reads them, without line ends."""
    total = len(report.outcomes)
    yield f"{total} past {_s('assessment', total)}: {len(report.changed)} would come to something else."
    for (before, after), count in sorted(report.counts.items(), key=lambda entry: _rank(entry[0])):
        if before is not after:
            yield f"  {outcome_of(before).value} -> {outcome_of(after).value}: {count}"
    for outcome in report.changed:
        way = " -> ".join(outcome_of(result).value for result in (outcome.before, outcome.after))
        yield f"{outcome.code} (rated under version {outcome.version}): {way}"
        for reason in outcome.reasons:
            yield f"  - {reason.text}"
    yield f"{len(work)} open {_s('submission', len(work))} at a version that the draft changes."
    texts = {criterion.id: quoted(criterion) for criterion in draft.criteria}
    for touched in work:
        names = ", ".join(texts.get(criterion, f"'{criterion}' (gone)") for criterion in touched.criteria)
        rated = f"; rated already: {len(touched.rated)}" if touched.rated else ""
        yield f"{touched.code} (version {touched.version}): {names or 'the award rule'}{rated}"


def as_object(report: DryRun, work: Sequence[TouchedWork]) -> dict[str, object]:
    """The findings as plain data for JSON."""
    return {
        "assessments": len(report.outcomes),
        "changed": [
            {
                "code": outcome.code,
                "version": outcome.version,
                "before": outcome.before.value,
                "after": outcome.after.value,
                "reasons": [
                    {"code": reason.code.value, "criteria": list(reason.criteria), "text": reason.text}
                    for reason in outcome.reasons
                ],
            }
            for outcome in report.changed
        ],
        "counts": [
            {"before": before.value, "after": after.value, "assessments": count}
            for (before, after), count in sorted(report.counts.items(), key=lambda entry: _rank(entry[0]))
        ],
        "open": [
            {
                "code": touched.code,
                "version": touched.version,
                "criteria": list(touched.criteria),
                "rated": list(touched.rated),
                "changes": [change.text for change in touched.changes],
            }
            for touched in work
        ],
    }


def _rank(way: tuple[RuleResult, RuleResult]) -> tuple[int, int]:
    return _ORDER.index(way[0]), _ORDER.index(way[1])


def _s(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
