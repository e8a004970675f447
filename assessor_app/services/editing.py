"""Edits that can be undone: applied, logged with their inverse, and taken back, in one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, edit_log, evidence_changes
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.edits import DeleteAnnotation, Edit, EditStep, PutAnnotation, SetRating
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import NotAllowed
from assessor_app.services import giving_back
from assessor_app.services.context import Context
from assessor_app.services.reading import is_editable, pinned, present_assessment


def begin_editing(txn: Transaction, submission_id: SubmissionId) -> Assessment:
    """The stored assessment of the present round, made if there is none yet.

    Raises:
        NotAllowed: it was sent, or is not this person's turn; nothing was changed.
    """
    submission, _ = pinned(txn, submission_id)
    is_given_back = giving_back.standing_of(txn, submission_id).waits
    stored = assessments.load(txn, submission_id, submission.round)
    if is_given_back or not is_editable(submission, stored or present_assessment(txn, submission)):
        raise NotAllowed(
            "This assessment is read-only now",
            "It was sent, or somebody else's turn has come. What you wrote before is kept.",
            "It opens again if the approver returns it.",
        )
    if stored is not None:
        return stored
    earlier = submission.round - 1 if submission.round > 1 else None
    return assessments.begin(
        txn,
        submission_id,
        submission.round,
        copy_from_round=earlier,
        rubric_hash=submission.rubric.hash,
    )


Join = Callable[[EditStep, EditStep], EditStep | None]
"""From the latest step and the one that follows to one step for both; None when they are two."""
JOINED_WITHIN = timedelta(seconds=10)
"""Whoever rests for longer has begun something new."""


def apply_step(
    context: Context,
    submission_id: SubmissionId,
    step: EditStep,
    join: Join | None = None,
    within: timedelta | None = JOINED_WITHIN,
) -> ChangeSet:
    """Apply a step's edits and log it.

    Args:
        context: the open profile.
        submission_id: what is edited.
        step: the edits with their inverse.
        join: lets the step continue the latest one if that was done just now.
        within: how long ago just now may be; None for any time.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    now = context.clock.now()
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        apply_edits(txn, assessment, step.forward, now)
        rated = [edit.rating.criterion_id for edit in step.forward if isinstance(edit, SetRating)]
        evidence_changes.looked_at(txn, submission_id, rated)
        before = edit_log.latest(txn, submission_id) if join is not None else None
        joined = None
        if join is not None and before is not None and (within is None or now - before[1] <= within):
            joined = join(before[0], step)
        if joined is not None:
            edit_log.replace_latest(txn, submission_id, joined, now)
        else:
            edit_log.append(txn, submission_id, step, now)
    return changes_of(submission_id)


def undo(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Take back the last step; nothing happens if there is none.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        step = edit_log.undo(txn, submission_id, assessment.round)
        if step is not None:
            apply_edits(txn, assessment, step.inverse, context.clock.now())
    return changes_of(submission_id) if step else ChangeSet()


def redo(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Do again what was taken back last; nothing happens if there is none.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        step = edit_log.redo(txn, submission_id, assessment.round)
        if step is not None:
            apply_edits(txn, assessment, step.forward, context.clock.now())
    return changes_of(submission_id) if step else ChangeSet()


def apply_edits(txn: Transaction, assessment: Assessment, edits: tuple[Edit, ...], at: datetime) -> None:
    """Make each edit so, in order."""
    for edit in edits:
        if isinstance(edit, PutAnnotation):
            annotation_rows.put(txn, edit.annotation)
        elif isinstance(edit, DeleteAnnotation):
            annotation_rows.delete(txn, edit.annotation_id)
        else:
            assessments.set_rating(txn, assessment.submission_id, assessment.round, edit.rating, at)


def changes_of(submission_id: SubmissionId) -> ChangeSet:
    """What an edit of ratings or annotations touches."""
    only = frozenset({submission_id})
    return ChangeSet(assessments=only, annotations=only, inbox=True)
