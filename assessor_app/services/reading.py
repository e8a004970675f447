"""Reads for the windows: one snapshot of the store each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import (
    assessments,
    cases,
    conflicts,
    edit_log,
    endings,
    evidence,
    evidence_changes,
    exported,
    outbox,
    practice_anchors,
    refused_fields,
    submissions,
)
from assessor_app.cache.engine import Transaction
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.assessments import Assessment, OutboxItem, OutboxKind
from assessor_app.domain.ids import ArtifactId, CriterionId, OutboxId, SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import ASSESSABLE, AssessmentState, OutboxState
from assessor_app.domain.submissions import Artifact, Assignment, Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric.checks import Place
from assessor_app.rubric.learner_reading import piece_names
from assessor_app.rubric.outdated import has_changed
from assessor_app.rubric.refused_place import places_of
from assessor_app.rubric.schema import RubricVersion
from assessor_app.rubric.scope import judged_part, scope_of_submission
from assessor_app.services import asking, giving_back, renditions, taking_back
from assessor_app.services.context import Context
from assessor_app.services.judgement import judged
from assessor_app.services.on_device import present
from assessor_app.services.views import OpenedSubmission

_UNSEEN = frozenset({OutboxKind.FINDING})
"""Reports that the program makes by itself: they would point at a name."""


def waiting(context: Context) -> tuple[tuple[OutboxItem, str], ...]:
    """Everything that waits to be sent or was sent, with each submission's code and title.

    When something is tried next is told by this machine's clock, whoever has set it meanwhile.
    """
    set_s = round((context.clock.now() - context.clock.steady_now()).total_seconds())
    with context.store.read() as txn:
        found = []
        for item in outbox.items(txn, open_only=False):
            if item.kind in _UNSEEN:
                continue
            submission = submissions.get_submission(txn, item.submission_id)
            # A lead has questions and reports on it alone.
            about = submission or next(iter(cases.of_submission(txn, item.submission_id)), None)
            shown = item
            if set_s and item.next_try_at is not None:
                shown = replace(item, next_try_at=item.next_try_at + timedelta(seconds=set_s))
            found.append((shown, f"{about.code}, {about.title}" if about else ""))
        return tuple(found)


def exported_times(context: Context) -> Mapping[OutboxId, datetime]:
    """When what still waits was last written into a file of unsent work."""
    with context.store.read() as txn:
        return exported.times(txn)


def waiting_count(context: Context) -> tuple[int, int]:
    """How many things wait to be sent, and how many things need the person."""
    with context.store.read() as txn:
        items = [item for item in outbox.items(txn, open_only=True) if item.kind not in _UNSEEN]
        to_compare = conflicts.open_ids(txn)
    needs = {OutboxState.CONFLICT, OutboxState.REJECTED, OutboxState.BLOCKED}
    needing = {str(item.id) for item in items if item.state in needs}
    return sum(i.state not in needs for i in items), len(needing | to_compare)


def open_submission(context: Context, submission_id: SubmissionId) -> OpenedSubmission:
    """Everything that the assessor's view of a submission shows.

    Raises:
        NotAllowed: the submission or its rubric is not on this machine.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, submission_id)
        assessment = present_assessment(txn, submission)
        marks = annotation_rows.of_submission(txn, submission_id)
        part, outside = judged_part(rubric, scope_of_submission(rubric, submission))
        judgement = judged(txn, submission, rubric, assessment, marks)
        undo_label, redo_label = edit_log.labels(txn, submission_id)
        giving = giving_back.standing_of(txn, submission_id)
        editable = is_editable(submission, assessment) and not giving.waits
        is_changed = editable and has_changed(assessment, rubric)
        return OpenedSubmission(
            submission=submission,
            rubric=part,
            assignment=assignment_of(txn, submission_id, context.role),
            assessment=assessment,
            is_editable=editable,
            annotations=marks,
            evidence=evidence.files(txn, submission_id),
            verdict=judgement.verdict,
            checks=judgement.checks,
            outbox=outbox.of_submission(txn, submission_id),
            recommendations=submissions.recommendations(txn, submission_id),
            decisions=submissions.decisions(txn, submission_id),
            undo_label=undo_label if editable else None,
            redo_label=redo_label if editable else None,
            taking_back=taking_back.standing_of(txn, submission),
            giving_back=giving,
            unread_answers=asking.unread_count(txn, submission_id),
            labels=submissions.label_map(txn),
            outside=outside,
            outdated=judgement.outdated,
            evidence_changes=_pieces_to_look_at(txn, submission, part) if editable else {},
            is_rubric_changed=is_changed,
            rubric_before=submissions.rubric_with_hash(txn, assessment.rubric_hash) if is_changed else None,
            anchors=practice_anchors.of_rubric(txn, rubric.id, rubric.version),
            advice=judgement.advice,
            refused=_refused_places(txn, submission) if editable else (),
            conflict=conflicts.open_of(txn, submission_id),
            has_versions=conflicts.has_settled(txn, submission_id),
            ending=endings.of(txn, submission_id),
        )


def _pieces_to_look_at(
    txn: Transaction, submission: Submission, rubric: RubricVersion
) -> dict[CriterionId, tuple[str, ...]]:
    """What was replaced since each criterion was rated, by name; nothing of what was taken away."""
    names = piece_names(rubric, submission)
    found = evidence_changes.of(txn, submission.id)
    return {
        criterion.id: tuple(names[piece] for piece in found[criterion.id] if piece in names)
        for criterion in rubric.criteria
        if criterion.id in found
    }


def _refused_places(txn: Transaction, submission: Submission) -> tuple[Place, ...]:
    """Where the platform found something wrong in what was sent last for this round."""
    last = outbox.last_of_kind(txn, submission.id, OutboxKind.RECOMMENDATION, in_round=submission.round)
    if last is None or last.state is not OutboxState.REJECTED:
        return ()
    return places_of(refused_fields.of_item(txn, last.id), last.body)


def evidence_source(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> EvidenceSource:
    """Where the worker finds an artifact, in the best form that is here: see `renditions.source_of`.

    Raises:
        EvidenceRefused: the file has not arrived yet, or is damaged on the platform.
    """
    return renditions.source_of(context, submission_id, artifact_id)


def source_at_hand(context: Context, submission_id: SubmissionId, artifact: Artifact) -> EvidenceSource:
    """As `evidence_source`, for an artifact that is known already: the submission is not read for it.

    Raises:
        EvidenceRefused: the file has not arrived yet, is damaged on the platform, or was taken away.
    """
    return renditions.source_of(context, submission_id, artifact.id, known=artifact)


def pinned(txn: Transaction, submission_id: SubmissionId) -> tuple[Submission, RubricVersion]:
    """A submission and the rubric version it is pinned to.

    Raises:
        NotAllowed: one of them is not on this machine.
    """
    submission = present(txn, submission_id)
    rubric = submissions.get_rubric(txn, submission.rubric)
    if rubric is None:
        raise NotAllowed(
            "The rubric of this submission has not arrived yet",
            "It comes with the next sync. Nothing is lost.",
            "Connect and sync, then open it again.",
        )
    return submission, rubric


def assignment_of(txn: Transaction, submission_id: SubmissionId, role: Role) -> Assignment:
    """The assignment in a role; an empty one if the platform has taken it away."""
    return submissions.get_assignment(txn, submission_id, role) or Assignment(submission_id, role)


def present_assessment(txn: Transaction, submission: Submission) -> Assessment:
    """The assessment of the present round; an empty draft, filled from the last round after a return."""
    present = assessments.load(txn, submission.id, submission.round)
    if present is not None:
        return present
    earlier = assessments.load(txn, submission.id, submission.round - 1) if submission.round > 1 else None
    if earlier is None:
        return Assessment(submission.id, submission.round, AssessmentState.DRAFT)
    return Assessment(
        submission_id=submission.id,
        round=submission.round,
        state=AssessmentState.DRAFT,
        ratings=earlier.ratings,
        feedback=earlier.feedback,
        overall=earlier.overall,
        note_to_approver=earlier.note_to_approver,
        artifact_feedback=earlier.artifact_feedback,
        rubric_hash=earlier.rubric_hash,
    )


def is_editable(submission: Submission, assessment: Assessment) -> bool:
    """Whether the assessor may change this round's work now."""
    return submission.status in ASSESSABLE and assessment.state is not AssessmentState.FINAL
