"""What follows from the work on a submission as it stands: result, findings, what does not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assessor_app.cache import policy as policy_rows
from assessor_app.cache import submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Submission
from assessor_app.rubric import outdated
from assessor_app.rubric.award_rule import Verdict, evaluate, outcome_of
from assessor_app.rubric.checks import CheckResult
from assessor_app.rubric.difference import Change
from assessor_app.rubric.learner_reading import coach_advice
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import scope_of_submission
from assessor_app.services import checking


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from the work on one submission."""

    verdict: Verdict
    checks: tuple[CheckResult, ...]
    outdated: Mapping[CriterionId, tuple[Change, ...]]
    """Criteria whose rating does not count, with what changed there since; see `rubric.outdated`."""
    advice: str = ""
    """What the issuer adds to the overall comment; see `rubric.learner_reading.coach_advice`."""

    def as_it_leaves(self, assessment: Assessment) -> Assessment:
        """The assessment with what goes along: the advice, and the reasons for what is sent all the same."""
        leaving = checking.with_reasons(assessment, self.checks)
        if not self.advice:
            return leaving
        overall = "\n\n".join(part for part in (leaving.overall.rstrip(), self.advice) if part)
        return replace(leaving, overall=overall)


def judged(
    txn: Transaction,
    submission: Submission,
    rubric: RubricVersion,
    assessment: Assessment,
    marks: Sequence[Annotation],
) -> Judgement:
    """What follows from an assessment.

    Args:
        txn: where earlier versions of the rubric are found.
        submission: what is assessed.
        rubric: the version that it is pinned to.
        assessment: the work as it stands.
        marks: everything that is marked.
    """
    in_scope = scope_of_submission(rubric, submission)
    behind: Mapping[CriterionId, tuple[Change, ...]] = {}
    is_draft = assessment.state is AssessmentState.DRAFT
    if is_draft:
        hashes = {r.rubric_hash or assessment.rubric_hash for r in assessment.ratings} - {"", rubric.hash}
        before = {known: submissions.rubric_with_hash(txn, known) for known in hashes}
        behind = outdated.outdated(assessment, rubric, {h: v for h, v in before.items() if v is not None})
    counts = outdated.counted(assessment, behind)
    verdict = evaluate(rubric, counts.ratings, submission.accommodations, in_scope)
    checks = checking.checks_of(
        txn,
        submission,
        rubric,
        counts,
        verdict,
        marks,
        in_scope=in_scope,
        evidence_links=link_counts(rubric, marks),
    )
    if is_draft:
        checks = outdated.findings(checks, assessment, rubric, behind)
    coach_after = policy_rows.policy(txn).coach_after
    advice = coach_advice(coach_after, submission, outcome_of(verdict.result), rubric.locale)
    return Judgement(verdict, checks, behind, advice)


def link_counts(rubric: RubricVersion, marks: Sequence[Annotation]) -> dict[CriterionId, int]:
    """How many pieces of evidence are tied to each criterion."""
    counts = {criterion.id: 0 for criterion in rubric.criteria}
    for mark in marks:
        for criterion_id in mark.criteria:
            if criterion_id in counts:
                counts[criterion_id] += 1
    return counts
