"""The pre-assessor's verbs: check what is there, write, send, take back. One transaction each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assessor_app.cache import endings, evidence, outbox, pre_assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.endings import Ending
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.pre_assessments import IndicatorCheck, PreAssessment, PreAssessmentOutcome
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Assignment, EvidenceFile, Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric import completion
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.context import Context
from assessor_app.services.queueing import enqueue
from assessor_app.services.reading import assignment_of, pinned
from assessor_app.sync import wire_domain

OPEN = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.IN_PRE_ASSESSMENT})
"""States of a submission in which the pre-assessor's work is open."""


@dataclass(frozen=True, slots=True)
class OpenedPreAssessment:
    """Everything that the pre-assessor's view of one submission shows."""

    submission: Submission
    rubric: RubricVersion
    assignment: Assignment
    work: PreAssessment
    outcome: PreAssessmentOutcome | None
    """What follows from the checks so far; None while it is open."""
    findings: tuple[completion.CompletionFinding, ...]
    """What keeps it from being sent."""
    is_editable: bool
    evidence: tuple[EvidenceFile, ...]
    outbox: tuple[OutboxItem, ...]
    labels: dict[SubmissionStatus, str]
    ending: Ending | None = None
    """Why it is not this person's work any more; None while it is."""


def open_submission(context: Context, submission_id: SubmissionId) -> OpenedPreAssessment:
    """Everything that the pre-assessor's view of a submission shows.

    Raises:
        NotAllowed: the submission or its rubric is not on this machine.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, submission_id)
        work = pre_assessments.load(txn, submission_id)
        return OpenedPreAssessment(
            submission=submission,
            rubric=rubric,
            assignment=assignment_of(txn, submission_id, Role.PREASSESSOR),
            work=work,
            outcome=completion.outcome_of(rubric, work),
            findings=completion.findings(rubric, work),
            is_editable=_is_editable(submission, work),
            evidence=evidence.files(txn, submission_id),
            outbox=outbox.of_submission(txn, submission_id),
            labels=submissions.label_map(txn),
            ending=endings.of(txn, submission_id),
        )


def save_check(context: Context, submission_id: SubmissionId, check: IndicatorCheck) -> ChangeSet:
    """Keep what was found for one completion indicator.

    Raises:
        NotAllowed: read-only, or an indicator that the rubric version does not have.
    """

    def change(rubric: RubricVersion, work: PreAssessment) -> PreAssessment:
        if check.id not in {indicator.id for indicator in completion.indicators(rubric)}:
            raise NotAllowed(
                "This indicator is not in the rubric",
                "The submission was made for another version of the rubric. Nothing was changed.",
            )
        return replace(work, checks=work.with_check(check))

    return _edit(context, submission_id, change)


def save_feedback(context: Context, submission_id: SubmissionId, text: str) -> ChangeSet:
    """Keep the feedback, which the learner reads.

    Raises:
        NotAllowed: read-only.
    """
    return _edit(context, submission_id, lambda _, work: replace(work, feedback=text))


def send(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Make the pre-assessment final and put it among what waits to be sent, in one transaction.

    Raises:
        NotAllowed: something still misses, or it is read-only.
    """
    with context.store.write() as txn:
        submission, rubric, work = _begin(txn, submission_id)
        missing = completion.findings(rubric, work)
        outcome = completion.outcome_of(rubric, work)
        if missing or outcome is None:
            text = missing[0].text if missing else "The rubric has no completion indicators."
            raise NotAllowed("This cannot be sent yet", text, "Complete it; everything is kept.")
        asked = {indicator.id for indicator in completion.indicators(rubric)}
        body = wire_domain.pre_assessment_body(work, submission.rubric, outcome, asked)
        final = replace(work, state=AssessmentState.FINAL, updated_at=context.clock.now())
        pre_assessments.put(txn, final)
        enqueue(context, txn, submission, OutboxKind.PRE_ASSESSMENT, body)
    return ChangeSet.of_sending(submission_id)


def take_back(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Take back what waits and was never tried; the work is a draft again.

    Raises:
        NotAllowed: it has left, or may have.
    """
    with context.store.write() as txn:
        waiting = [
            item
            for item in outbox.of_submission(txn, submission_id)
            if item.kind is OutboxKind.PRE_ASSESSMENT and item.state is OutboxState.QUEUED
        ]
        if not waiting or not outbox.withdraw_queued(txn, waiting[-1].id):
            raise NotAllowed(
                "This can no longer be taken back",
                "It has left this computer, or may have. Everything you wrote is kept.",
            )
        reopen(txn, submission_id)
    return ChangeSet.of_sending(submission_id)


def reopen(txn: Transaction, submission_id: SubmissionId) -> None:
    """Make a pre-assessment a draft again, with everything in it."""
    pre_assessments.put(txn, replace(pre_assessments.load(txn, submission_id), state=AssessmentState.DRAFT))


def _edit(
    context: Context,
    submission_id: SubmissionId,
    change: Callable[[RubricVersion, PreAssessment], PreAssessment],
) -> ChangeSet:
    with context.store.write() as txn:
        _, rubric, work = _begin(txn, submission_id)
        pre_assessments.put(txn, replace(change(rubric, work), updated_at=context.clock.now()))
    return ChangeSet.of_writing(submission_id)


def _begin(txn: Transaction, submission_id: SubmissionId) -> tuple[Submission, RubricVersion, PreAssessment]:
    submission, rubric = pinned(txn, submission_id)
    work = pre_assessments.load(txn, submission_id)
    if not _is_editable(submission, work):
        raise NotAllowed(
            "This pre-assessment is read-only now",
            "It was sent, or the submission has gone on. What you wrote before is kept.",
        )
    return submission, rubric, work


def _is_editable(submission: Submission, work: PreAssessment) -> bool:
    return submission.status in OPEN and work.state is AssessmentState.DRAFT
