"""Verbs on annotations and evidence links; each is one step that undo takes back."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.cache import annotations as annotation_rows
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.edits import DeleteAnnotation, Edit, EditStep, PutAnnotation
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.services.context import Context
from assessor_app.services.editing import apply_step


def put(context: Context, annotation: Annotation, label: str) -> ChangeSet:
    """Add an annotation, or change the one with its id.

    Args:
        context: the open profile.
        annotation: as it shall be; its revision and time of change are set here.
        label: what was done, shown as "Undo ...".

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.read() as txn:
        before = annotation_rows.get(txn, annotation.id)
    inverse: Edit = DeleteAnnotation(annotation.id) if before is None else PutAnnotation(before)
    now = context.clock.now()
    after = replace(
        annotation,
        revision=before.revision + 1 if before else 1,
        created_at=before.created_at if before else now,
        modified_at=now,
    )
    if before is not None and replace(before, revision=after.revision, modified_at=now) == after:
        return ChangeSet()
    return apply_step(context, annotation.submission_id, EditStep(label, (PutAnnotation(after),), (inverse,)))


def delete(context: Context, submission_id: SubmissionId, annotation_id: AnnotationId) -> ChangeSet:
    """Take an annotation away; nothing happens if it is gone already.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.read() as txn:
        before = annotation_rows.get(txn, annotation_id)
    if before is None:
        return ChangeSet()
    step = EditStep("Delete annotation", (DeleteAnnotation(annotation_id),), (PutAnnotation(before),))
    return apply_step(context, submission_id, step)
