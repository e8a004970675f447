"""What somebody wrote, out of what was sent: without what the program had added by itself as it left."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.cache import policy, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import Outcome
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.rubric.learner_reading import coach_advice

REASONS = "Sent all the same, because:"
"""Begins what the program adds to a note as it leaves."""


def as_written(txn: Transaction, submission_id: SubmissionId, work: WorkCopy) -> WorkCopy:
    """What the platform has, without the issuer's advice and the list of reasons at its ends."""
    assessment = work.assessment
    submission = submissions.get_submission(txn, submission_id)
    rubric = submissions.get_rubric(txn, submission.rubric) if submission is not None else None
    overall, note = assessment.overall, assessment.note_to_approver
    if submission is not None and rubric is not None:
        coach_after = policy.policy(txn).coach_after
        advice = coach_advice(coach_after, submission, Outcome.DENY, rubric.locale)
        if advice and overall.endswith(advice):
            overall = overall.removesuffix(advice).rstrip()
    head, found, _ = note.rpartition(REASONS)
    if found and (not head or head.endswith("\n\n")):
        note = head.rstrip()
    return replace(work, assessment=replace(assessment, overall=overall, note_to_approver=note))
