"""The assessor's verbs: rate, write, review, send, take back. One transaction each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, edit_log, evidence_changes, own_words, send_reasons
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    OutboxKind,
    Outcome,
    Rating,
)
from assessor_app.domain.canonical import evidence_digest
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.edits import EditStep, SetRating
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric.award_rule import outcome_of
from assessor_app.rubric.checks import in_the_way, reasons_list
from assessor_app.rubric.learner_reading import piece_names
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services import checking
from assessor_app.services.context import Context
from assessor_app.services.editing import apply_step, begin_editing, redo, undo
from assessor_app.services.judgement import Judgement, judged
from assessor_app.services.queueing import enqueue
from assessor_app.services.reading import pinned, present_assessment
from assessor_app.services.taking_back import take_back
from assessor_app.services.views import Leaving, SendReview
from assessor_app.sync import wire_domain

__all__ = [
    "accept_rubric",
    "redo",
    "review",
    "save_artifact_feedback",
    "save_feedback",
    "save_note",
    "save_overall",
    "save_rating",
    "save_ratings",
    "save_reason",
    "send",
    "take_back",
    "undo",
]


def save_rating(context: Context, submission_id: SubmissionId, rating: Rating) -> ChangeSet:
    """Rate one criterion; an unset rating clears it. Undo takes it back.

    Raises:
        NotAllowed: read-only, or a level or code that the rubric version does not have.
    """
    return save_ratings(context, submission_id, (rating,), "Rate criterion")


def save_ratings(
    context: Context, submission_id: SubmissionId, ratings: Sequence[Rating], label: str
) -> ChangeSet:
    """Rate several criteria in one step; undo takes all of them back.

    Args:
        context: the open profile.
        submission_id: what is rated.
        ratings: one for each criterion.
        label: what was done, shown as "Undo ...".

    Raises:
        NotAllowed: read-only, or a level or code that the rubric version does not have; nothing was changed.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, submission_id)
        present = present_assessment(txn, submission)
        to_look_at = evidence_changes.of(txn, submission_id)
    for rating in ratings:
        _refuse_unknown(rubric, rating)
    pairs = [
        (present.rating(rating.criterion_id), replace(rating, rubric_hash=rubric.hash)) for rating in ratings
    ]
    changed = [
        (before, after)
        for before, after in pairs
        # The same again, under another version of the rubric or from other evidence, confirms it.
        if before != after
        or before.criterion_id in to_look_at
        or (before.rubric_hash or present.rubric_hash or rubric.hash) != rubric.hash
    ]
    if not changed:
        return ChangeSet()
    forward = tuple(SetRating(after) for _, after in changed)
    inverse = tuple(SetRating(before) for before, _ in reversed(changed))
    return apply_step(context, submission_id, EditStep(label, forward, inverse))


def accept_rubric(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Go by the present version of the rubric from now on; ratings stay, and count as `rubric.outdated` says.

    Raises:
        NotAllowed: read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        _, rubric = pinned(txn, submission_id)
        assessments.set_rubric_hash(txn, submission_id, assessment.round, rubric.hash)
    return ChangeSet.of_writing(submission_id)


def save_feedback(context: Context, submission_id: SubmissionId, feedback: CriterionFeedback) -> ChangeSet:
    """Keep what was written for one criterion.

    Raises:
        NotAllowed: read-only, or a criterion that the rubric version does not have.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        _refuse_unknown(pinned(txn, submission_id)[1], Rating(feedback.criterion_id))
        assessments.set_feedback(txn, submission_id, assessment.round, feedback, context.clock.now())
    return ChangeSet.of_writing(submission_id)


def save_artifact_feedback(
    context: Context, submission_id: SubmissionId, feedback: ArtifactFeedback
) -> ChangeSet:
    """Keep what was written on one piece of evidence, which the learner reads; empty takes it away.

    Raises:
        NotAllowed: read-only, or a piece that the submission does not have.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        submission, _ = pinned(txn, submission_id)
        if not any(feedback.source_id in part.piece_ids for part in submission.parts):
            raise NotAllowed(
                "This piece is not part of the submission any more",
                "The submission has changed on the platform. What you wrote elsewhere is kept.",
            )
        assessments.set_artifact_feedback(txn, submission_id, assessment.round, feedback, context.clock.now())
    return ChangeSet.of_writing(submission_id)


def save_overall(context: Context, submission_id: SubmissionId, text: str) -> ChangeSet:
    """Keep the overall comment, which the learner reads.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        assessments.set_overall(txn, submission_id, assessment.round, text, context.clock.now())
    return ChangeSet.of_writing(submission_id)


def save_note(context: Context, submission_id: SubmissionId, text: str) -> ChangeSet:
    """Keep the note that only the approver reads.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        assessments.set_note(txn, submission_id, assessment.round, text, context.clock.now())
    return ChangeSet.of_writing(submission_id)


def save_reason(context: Context, submission_id: SubmissionId, keys: Sequence[str], reason: str) -> ChangeSet:
    """Keep why findings are sent all the same; the approver reads it at the end of the note.

    Args:
        context: the open profile.
        submission_id: what is to be sent.
        keys: `CheckResult.key` of the findings that the reason is for.
        reason: empty takes the reason away.

    Raises:
        NotAllowed: the assessment is read-only.
    """
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        kept = send_reasons.of_round(txn, submission_id, assessment.round)
        kept = {key: told for key, told in kept.items() if key not in keys}
        if reason.strip():
            kept |= dict.fromkeys(keys, " ".join(reason.split()))
        send_reasons.put(txn, submission_id, assessment.round, kept)
    return ChangeSet(assessments=frozenset({submission_id}))


def review(context: Context, submission_id: SubmissionId) -> SendReview:
    """The last page before sending: the outcome, what is in the way, and everything that leaves.

    Raises:
        NotAllowed: the submission is not on this machine.
    """
    with context.store.read() as txn:
        submission, rubric = pinned(txn, submission_id)
        assessment = present_assessment(txn, submission)
        marks = annotation_rows.of_submission(txn, submission_id)
        judgement = judged(txn, submission, rubric, assessment, marks)
        own = own_words.get(txn)
    verdict = judgement.verdict
    return SendReview(
        outcome=outcome_of(verdict.result),
        verdict=verdict,
        checks=judgement.checks,
        leaving=_leaving(submission, rubric, assessment, marks, judgement),
        can_send=not in_the_way(judgement.checks),
        own_words=own,
    )


def send(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Make the assessment final and put it among what waits to be sent, in one transaction.

    Raises:
        NotAllowed: a blocking check stands, or the assessment is read-only.
    """
    now = context.clock.now()
    with context.store.write() as txn:
        assessment = begin_editing(txn, submission_id)
        submission, rubric = pinned(txn, submission_id)
        marks = annotation_rows.of_submission(txn, submission_id)
        judgement = judged(txn, submission, rubric, assessment, marks)
        verdict, in_way = judgement.verdict, in_the_way(judgement.checks)
        if in_way:
            raise NotAllowed("This cannot be sent yet", in_way[0].text, "Complete it; everything is kept.")
        body = wire_domain.recommendation_body(
            judgement.as_it_leaves(assessment),
            marks,
            submission.rubric,
            evidence_digest=evidence_digest(submission),
            outcome=outcome_of(verdict.result),
            rule_result=verdict.result,
        )
        assessments.set_state(txn, submission_id, assessment.round, AssessmentState.FINAL, now)
        enqueue(context, txn, submission, OutboxKind.RECOMMENDATION, body)
        edit_log.close(txn, submission_id)
    return ChangeSet.of_sending(submission_id)


def _refuse_unknown(rubric: RubricVersion, rating: Rating) -> None:
    try:
        rubric.criterion(rating.criterion_id)
        known = rating.level is None or rubric.level_of(rating.criterion_id, rating.level) is not None
    except KeyError:
        known = False
    codes = {code.code for code in rubric.not_scorable}
    both = rating.level is not None and rating.not_scorable is not None
    if not known or both or (rating.not_scorable is not None and rating.not_scorable not in codes):
        raise NotAllowed(
            "This level is not in the rubric",
            "The submission was made for another version of the rubric. Nothing was changed.",
        )


def _leaving(
    submission: Submission,
    rubric: RubricVersion,
    assessment: Assessment,
    marks: tuple[Annotation, ...],
    judgement: Judgement,
) -> tuple[Leaving, ...]:
    outcome, reasons = outcome_of(judgement.verdict.result), reasons_list(judgement.checks)
    leaving = [Leaving("approver", "Recommendation", _OUTCOME_WORDS[outcome])]
    names = piece_names(rubric, submission)
    for criterion in rubric.criteria:
        rating, feedback = assessment.rating(criterion.id), assessment.feedback_for(criterion.id)
        level = rubric.level_of(criterion.id, rating.level) if rating.level else None
        if rating.is_set:
            label = level.label if level else rating.not_scorable or ""
            words = "\n".join(part for part in (label, rating.note) if part)
            leaving.append(Leaving("approver", f"Rating: {criterion.text}", words))
        text = "\n".join(
            part
            for part in (feedback.text, _seen(feedback, names), feedback.missing, feedback.next_step)
            if part
        )
        if text:
            leaving.append(Leaving("learner", f"Feedback: {criterion.text}", text))
    pieces = checking.pieces_of(submission)
    leaving += [
        Leaving("learner", f"Feedback: {pieces.get(told.source_id, 'A response')}", told.text)
        for told in assessment.artifact_feedback
        if told.text
    ]
    if assessment.overall:
        leaving.append(Leaving("learner", "Overall comment", assessment.overall))
    if judgement.advice:
        leaving.append(Leaving("learner", "At the end of the overall comment", judgement.advice))
    if assessment.note_to_approver:
        leaving.append(Leaving("approver", "Note", assessment.note_to_approver))
    if reasons:
        leaving.append(Leaving("approver", "At the end of the note", reasons))
    leaving += [
        Leaving(mark.audience.value, f"Mark on page {mark.anchor.page + 1}", mark.comment)
        for mark in marks
        if mark.audience is not Audience.ONLY_ME
    ]
    return tuple(leaving)


def _seen(feedback: CriterionFeedback, names: Mapping[str, str]) -> str:
    looked = [names[source] for source in feedback.looked_in if source in names]
    return feedback.seen or (f"Looked in: {', '.join(looked)}. Not found." if looked else "")


_OUTCOME_WORDS = {Outcome.AWARD: "Award", Outcome.DENY: "Deny", Outcome.UNDECIDED: "Left to the approver"}
