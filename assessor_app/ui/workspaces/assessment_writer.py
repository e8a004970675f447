"""What the assessor does, as verbs on the write lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot

from assessor_app.clock import Clock
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, Rating
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import annotating, assessing, own_name, taking_back
from assessor_app.ui.annotate.drafts import AnnotationDraft, MarksEdit
from assessor_app.ui.annotate.words import kind_word
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.not_scorable_choice import NotScorableMarking
from assessor_app.ui.workspaces.verb_writer import VerbWriter


class AssessmentWriter(VerbWriter):
    """Writes the assessment of one submission."""

    own_words_kept = Signal()
    """What is looked for in texts has changed."""

    @Slot(object, object)
    def save_rating(self, rating: Rating, keeper: Keeper) -> None:
        """Keep a rating."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_rating(context, submission_id, rating), keeper)

    @Slot(object)
    def mark_not_scorable(self, marking: NotScorableMarking) -> None:
        """Rate several criteria as not scorable, in one step of undo."""
        submission_id, label = self._submission_id, self.tr("Not scorable")
        self.write(lambda context: assessing.save_ratings(context, submission_id, marking.ratings, label))

    @Slot()
    def accept_rubric(self) -> None:
        """Go by the present version of the rubric from now on."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.accept_rubric(context, submission_id))

    @Slot(object, object)
    def save_feedback(self, feedback: CriterionFeedback, keeper: Keeper) -> None:
        """Keep what is written for one criterion."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_feedback(context, submission_id, feedback), keeper)

    @Slot(object, object)
    def save_artifact_feedback(self, feedback: ArtifactFeedback, keeper: Keeper) -> None:
        """Keep what is written on one piece of evidence."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_artifact_feedback(context, submission_id, feedback), keeper)

    @Slot(str, object)
    def save_overall(self, text: str, keeper: Keeper) -> None:
        """Keep the overall comment."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_overall(context, submission_id, text), keeper)

    @Slot(str, object)
    def save_note(self, text: str, keeper: Keeper) -> None:
        """Keep the note to the approver."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_note(context, submission_id, text), keeper)

    @Slot(object, str, object)
    def save_reason(self, keys: Sequence[str], reason: str, keeper: Keeper) -> None:
        """Keep why findings are sent all the same."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.save_reason(context, submission_id, keys, reason), keeper)

    @Slot(str, object)
    def save_own_words(self, text: str, keeper: Keeper) -> None:
        """Keep the words that name the person, and tell when they are."""
        self.write(lambda context: own_name.set_words(context, text), keeper)
        self.after_saves(self.own_words_kept.emit)

    @Slot(object)
    def create_mark(self, draft: AnnotationDraft) -> None:
        """Keep a new mark; only its author reads it until that is changed."""
        self.edit_marks(MarksEdit(kind_word(draft.kind), drafts=(draft,)))

    @Slot(object)
    def edit_marks(self, edit: MarksEdit) -> None:
        """Keep several changes of marks as one step."""
        submission_id = self._submission_id

        def verb(context: Any) -> ChangeSet:
            made = tuple(_mark_of(draft, submission_id, context.clock) for draft in edit.drafts)
            puts = (*edit.puts, *made)
            return annotating.edit(
                context, submission_id, edit.label, puts=puts, deletes=edit.deletes, goes_on=edit.goes_on
            )

        self.write(verb)

    def undo(self) -> None:
        """Take back the last rating or mark."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.undo(context, submission_id))

    def redo(self) -> None:
        """Do again what was taken back."""
        submission_id = self._submission_id
        self.write(lambda context: assessing.redo(context, submission_id))

    @Slot()
    def take_back(self) -> None:
        """Take back what waits to be sent, or was sent and can still be taken back."""
        submission_id = self._submission_id
        self.write(lambda context: taking_back.take_back(context, submission_id))

    def send(self, done: Callable[[], None], failed: Callable[[], None]) -> None:
        """Make the assessment final and put it among what waits to be sent.

        Args:
            done: called once that is committed.
            failed: called when nothing was sent; the person has been told why.
        """
        submission_id = self._submission_id

        def refused(error: KnownError) -> None:
            self._lanes.trouble.emit(error)
            failed()

        self._lanes.write(
            lambda context: assessing.send(context, submission_id),
            owner=self._view,
            done=lambda _changes: done(),
            failed=refused,
        )

    def after_saves(self, done: Callable[[], None]) -> None:
        """Call `done` once everything asked for until now is committed or refused."""
        self._lanes.write(lambda _context: ChangeSet(), owner=self._view, done=lambda _changes: done())


def _mark_of(draft: AnnotationDraft, submission_id: SubmissionId, clock: Clock) -> Annotation:
    """A new mark; only its author reads it."""
    now = clock.now()
    return Annotation(
        id=draft.id or AnnotationId(clock.new_id()),
        submission_id=submission_id,
        kind=draft.kind,
        anchor=draft.anchor,
        comment=draft.comment,
        audience=Audience.ONLY_ME,
        criteria=draft.criteria,
        colour=draft.colour,
        created_at=now,
        modified_at=now,
        opacity=draft.opacity,
        line_width_pt=draft.line_width_pt,
    )
