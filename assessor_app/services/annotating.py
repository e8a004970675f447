"""Verbs on annotations and evidence links; each is one step that undo takes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from assessor_app.cache import annotations as annotation_rows
from assessor_app.domain.annotations import Annotation, AnnotationKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.edits import DeleteAnnotation, Edit, EditStep, PutAnnotation
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.services.context import Context
from assessor_app.services.editing import JOINED_WITHIN, apply_step


def put(context: Context, annotation: Annotation, label: str) -> ChangeSet:
    """Add an annotation, or change the one with its id.

    Args:
        context: the open profile.
        annotation: as it shall be; its revision and time of change are set here.
        label: what was done, shown as "Undo ...".

    Raises:
        NotAllowed: the assessment is read-only.
    """
    return edit(context, annotation.submission_id, label, puts=(annotation,))


def edit(
    context: Context,
    submission_id: SubmissionId,
    label: str,
    *,
    puts: Iterable[Annotation] = (),
    deletes: Iterable[AnnotationId] = (),
    goes_on: bool = False,
) -> ChangeSet:
    """Add, change and take away annotations in one step, which one undo takes back.

    What is so already, or gone already, is left out; nothing happens if nothing remains.

    Args:
        context: the open profile.
        submission_id: whose evidence they stand on.
        label: what was done, shown as "Undo ...".
        puts: annotations as they shall be; their revisions and times of change are set here.
        deletes: ids to take away.
        goes_on: whether the same typing goes on, however long the person rested.

    Raises:
        NotAllowed: the assessment is read-only; nothing was changed.
    """
    now = context.clock.now()
    forward: list[Edit] = []
    inverse: list[Edit] = []
    with context.store.read() as txn:
        for annotation in puts:
            before = annotation_rows.get(txn, annotation.id)
            after = _revised(annotation, before, now)
            if after is not None:
                forward.append(PutAnnotation(after))
                inverse.append(DeleteAnnotation(annotation.id) if before is None else PutAnnotation(before))
        for annotation_id in deletes:
            before = annotation_rows.get(txn, annotation_id)
            if before is not None:
                forward.append(DeleteAnnotation(annotation_id))
                inverse.append(PutAnnotation(before))
    if not forward:
        return ChangeSet()
    # Taken back in the opposite order, as everything is.
    step = EditStep(label, tuple(forward), tuple(reversed(inverse)))
    within = None if goes_on else JOINED_WITHIN
    return apply_step(context, submission_id, step, _typed_on, within)


def _typed_on(earlier: EditStep, later: EditStep) -> EditStep | None:
    """One step for a comment that is typed on, so that undo does not go back syllable by syllable."""
    if earlier.label != later.label or len(earlier.forward) != 1 or len(later.forward) != 1:
        return None
    typed, first, now, start = earlier.forward[0], earlier.inverse[0], later.forward[0], later.inverse[0]
    if not (isinstance(typed, PutAnnotation) and isinstance(now, PutAnnotation) and start == typed):
        return None
    states = [typed.annotation, now.annotation]
    if isinstance(first, PutAnnotation):
        states.append(first.annotation)
    elif now.annotation.kind is not AnnotationKind.FREE_TEXT:
        # Of other marks the comment is a second thought; a free text is made by typing it.
        return None
    is_typed = typed.annotation.comment != now.annotation.comment
    is_comment_alone = len({_without_words(state) for state in states}) == 1
    return EditStep(later.label, later.forward, earlier.inverse) if is_typed and is_comment_alone else None


def _without_words(annotation: Annotation) -> Annotation:
    """The annotation but for what typing changes: its words, and the room that a free text takes for them."""
    anchor = annotation.anchor
    if annotation.kind is AnnotationKind.FREE_TEXT:
        anchor = replace(anchor, rects=())
    return replace(annotation, anchor=anchor, comment="", revision=0, modified_at=annotation.created_at)


def _revised(annotation: Annotation, before: Annotation | None, now: datetime) -> Annotation | None:
    """The annotation with its next revision; None when nothing about it changes."""
    if before is None:
        return replace(annotation, revision=1, created_at=now, modified_at=now)
    after = replace(annotation, revision=before.revision + 1, created_at=before.created_at, modified_at=now)
    is_same = replace(before, revision=after.revision, modified_at=now) == after
    return None if is_same else after


def delete(context: Context, submission_id: SubmissionId, annotation_id: AnnotationId) -> ChangeSet:
    """Take an annotation away; nothing happens if it is gone already.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    return edit(context, submission_id, "Delete mark", deletes=(annotation_id,))
