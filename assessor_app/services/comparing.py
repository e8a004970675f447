"""Work that was changed here and on the platform: seen side by side, put together by choice, never sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import (
    assessments,
    conflicts,
    edit_log,
    endings,
    outbox,
    policy,
    submissions,
    sync_state,
)
from assessor_app.cache.engine import Transaction
from assessor_app.cache.stored import pack
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    DecisionDraft,
    OutboxKind,
)
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.ids import AnnotationId, CriterionId, OutboxId, SubmissionId
from assessor_app.domain.merging import (
    Keep,
    Part,
    PartKind,
    WorkCopy,
    choose,
    merge,
    parts_of,
)
from assessor_app.domain.states import ASSESSABLE, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.rubric.learner_reading import piece_names
from assessor_app.services.comparing_parts import decided_parts, in_order, work_parts
from assessor_app.services.comparison import Comparison, Fate, ToCompare
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.services.queueing import enqueue
from assessor_app.services.reading import present_assessment
from assessor_app.sync import protocol, two_copies
from assessor_app.sync.as_written import as_written


def comparable(context: Context) -> tuple[ToCompare, ...]:
    """Everything that is to be compared, oldest first."""
    with context.store.read() as txn:
        if not conflicts.open_ids(txn):
            return ()
        return tuple(_line(txn, conflict) for conflict in conflicts.open_ones(txn))


def _line(txn: Transaction, conflict: Conflict) -> ToCompare:
    about = submissions.get_submission(txn, conflict.submission_id)
    title = f"{about.code}, {about.title}" if about is not None else ""
    return ToCompare(conflict.id, conflict.submission_id, title, conflict.found_at, conflict.kind)


def versions(context: Context, submission_id: SubmissionId) -> tuple[Conflict, ...]:
    """Everything that was ever compared on a submission, or is to be, newest first."""
    with context.store.read() as txn:
        return conflicts.of_submission(txn, submission_id)


def compare(context: Context, conflict_id: str) -> Comparison:
    """Both sides, part by part.

    Raises:
        NotAllowed: it is not on this machine any more.
    """
    with context.store.read() as txn:
        return _comparison(context, txn, _known(txn, conflict_id))


def keep_as_draft(
    context: Context, conflict_id: str, token: str, choices: Mapping[Part, Keep], *, take_back: bool = False
) -> ChangeSet:
    """Let what was put together be her draft; both sides stay readable, and nothing is sent.

    With somebody else the work has nothing to choose: it is asked again if it comes back.

    Args:
        context: the open profile.
        conflict_id: what was compared.
        token: `Comparison.token` of what she saw.
        choices: whose side is kept where; hers wherever nothing is chosen.
        take_back: ask the platform to give back what it has, so that this can be sent instead.

    Raises:
        NotAllowed: one of the sides has changed since, or it is settled already; nothing was changed.
    """
    now = context.clock.now()
    with context.store.write() as txn:
        conflict = _known(txn, conflict_id)
        seen = _comparison(context, txn, conflict)
        if conflict.settled_at is not None or seen.token != token:
            raise NotAllowed(
                "This has changed while you were looking at it",
                "Nothing was changed. Both sides are kept.",
                "Look at it once more, then choose.",
            )
        mine = _mine_now(txn, conflict)
        theirs = conflict.theirs
        if isinstance(mine, WorkCopy) and theirs is not None and theirs.work is not None and seen.can_choose:
            whole = merge(conflict.base, mine, as_written(txn, conflict.submission_id, theirs.work)).merged
            for part in seen.parts:
                if part.part in choices and part.stands is not None:
                    whole = choose(whole, part.difference, choices[part.part])
            _write(context, txn, mine, whole)
        if isinstance(mine, DecisionDraft) and seen.fate is Fate.OPEN:
            _carry_words(txn, mine, seen)
        if isinstance(mine, WorkCopy) and endings.of(txn, conflict.submission_id) is not None:
            _ask_again(context, txn, conflict, mine)
        conflicts.settle(txn, conflict.id, now, mine)
        outbox.put_aside(txn, OutboxId(conflict.id))
        if take_back:
            _take_back(context, txn, conflict, seen)
    only = frozenset({conflict.submission_id})
    return ChangeSet.of_sending(conflict.submission_id) | ChangeSet(annotations=only)


def _ask_again(context: Context, txn: Transaction, conflict: Conflict, mine: WorkCopy) -> None:
    """Both sides once more: she has not chosen, and what she left standing counts nowhere as her choice."""
    submission = submissions.get_submission(txn, conflict.submission_id)
    theirs = conflict.theirs.work if conflict.theirs is not None else None
    if submission is not None and theirs is not None:
        two_copies.keep(txn, submission, conflict.base, mine, theirs, context.clock)


def save_text(target: Path, text: str) -> None:
    """Write her side as a file of plain words: whole or not at all.

    Raises:
        NotWritten: the system refused.
    """
    write_whole(target, (text.encode("utf-8"),))


def _known(txn: Transaction, conflict_id: str) -> Conflict:
    conflict = conflicts.get(txn, conflict_id)
    if conflict is None:
        raise NotAllowed(
            "There is nothing to compare any more",
            "It was settled, or erased together with the submission.",
        )
    return conflict


def _comparison(context: Context, txn: Transaction, conflict: Conflict) -> Comparison:
    submission = submissions.get_submission(txn, conflict.submission_id)
    rubric = submissions.get_rubric(txn, submission.rubric) if submission is not None else None
    mine, theirs = _mine_now(txn, conflict), conflict.theirs
    fate = _fate(conflict, submission)
    is_covered = False
    if isinstance(mine, WorkCopy):
        work = (
            as_written(txn, conflict.submission_id, theirs.work)
            if theirs is not None and theirs.work
            else None
        )
        parts = work_parts(conflict.base, mine, work)
    else:
        is_covered = submission is not None and theirs is not None and _is_covered(txn, conflict, theirs)
        parts = decided_parts(conflict, mine, theirs, is_covered=is_covered)
    is_decision = not isinstance(mine, WorkCopy) and bool(theirs and theirs.decisions)
    return Comparison(
        id=conflict.id,
        submission_id=conflict.submission_id,
        code=submission.code if submission is not None else "",
        title=submission.title if submission is not None else "",
        kind=conflict.kind,
        fate=fate,
        found_at=conflict.found_at,
        rubric=rubric,
        parts=in_order(parts, rubric),
        knows_base=conflict.base is not None,
        status=submission.status if submission is not None else None,
        labels=submissions.label_map(txn),
        names=piece_names(rubric, submission) if rubric is not None and submission is not None else {},
        is_covered=is_covered,
        theirs_known=theirs is not None,
        is_decision=is_decision,
        round_now=submission.round if submission is not None else conflict.round,
        round=conflict.round,
        can_take_back=fate is Fate.SENT and _can_take_back(context, txn, theirs),
        token=sha256_hex(b"\0".join((pack(mine), b"" if theirs is None else pack(theirs)))),
    )


def _fate(conflict: Conflict, submission: Submission | None) -> Fate:
    if conflict.settled_at is not None:
        return Fate.SETTLED
    if submission is None:
        return Fate.OVER
    if conflict.theirs is None:
        return Fate.UNKNOWN
    if conflict.kind is ConflictKind.DECISION:
        return Fate.OPEN if submission.status is SubmissionStatus.WAITING_ON_APPROVER else Fate.OVER
    if submission.status in ASSESSABLE:
        return Fate.OPEN
    return Fate.SENT if submission.status is SubmissionStatus.WAITING_ON_APPROVER else Fate.OVER


def _mine_now(txn: Transaction, conflict: Conflict) -> WorkCopy | DecisionDraft:
    """Her side as it is on this machine now; as it was noted where it is settled or the work is over."""
    if conflict.settled_at is not None:
        return conflict.mine
    if isinstance(conflict.mine, DecisionDraft):
        return assessments.decision_draft(txn, conflict.submission_id, conflict.round)
    submission = submissions.get_submission(txn, conflict.submission_id)
    if submission is None:
        return conflict.mine
    if submission.status in ASSESSABLE:
        work: Assessment | None = present_assessment(txn, submission)
    else:
        work = assessments.load(txn, submission.id, conflict.round)
    if work is None:
        return conflict.mine
    return WorkCopy(work, annotation_rows.of_submission(txn, submission.id))


# ---- what becomes of it ----


def _is_covered(txn: Transaction, conflict: Conflict, theirs: TheirSide) -> bool:
    """Whether the recommendation that stands now is still to be judged without looking at it (rule 26)."""
    if theirs.recommendation is None:
        return False
    draft = assessments.decision_draft(txn, conflict.submission_id, theirs.recommendation.round)
    return draft.revealed_at is None and theirs.status is SubmissionStatus.WAITING_ON_APPROVER


def _write(context: Context, txn: Transaction, before: WorkCopy, after: WorkCopy) -> None:
    """Make the work on this machine so, where it is not."""
    now, assessment = context.clock.now(), before.assessment
    about, in_round = assessment.submission_id, assessment.round
    assessments.begin(
        txn,
        about,
        in_round,
        copy_from_round=in_round - 1 if in_round > 1 else None,
        rubric_hash=after.assessment.rubric_hash,
    )
    old, new = parts_of(before), parts_of(after)
    changed = [part for part in dict.fromkeys((*old, *new)) if old.get(part) != new.get(part)]
    for part in changed:
        value, criterion_id = new.get(part), CriterionId(part.of)
        if part.kind is PartKind.RATING:
            rating = after.assessment.rating(criterion_id)
            assessments.set_rating(txn, about, in_round, rating, now)
        elif part.kind is PartKind.ARTIFACT_FEEDBACK:
            text = ArtifactFeedback(part.of, str(value or ""))
            assessments.set_artifact_feedback(txn, about, in_round, text, now)
        elif part.kind is PartKind.OVERALL:
            assessments.set_overall(txn, about, in_round, str(value or ""), now)
        elif part.kind is PartKind.NOTE_TO_APPROVER:
            assessments.set_note(txn, about, in_round, str(value or ""), now)
        elif isinstance(value, Annotation):
            annotation_rows.put(txn, value)
        elif part.kind is PartKind.ANNOTATION:
            annotation_rows.delete(txn, AnnotationId(part.of))
        else:
            feedback = after.assessment.feedback_for(criterion_id)
            assessments.set_feedback(txn, about, in_round, feedback, now)
    if changed:
        edit_log.close(txn, about)


def _carry_words(txn: Transaction, mine: DecisionDraft, seen: Comparison) -> None:
    """Into another round go her own words, unless she has written some there already; no rating, no mark."""
    if seen.round_now == mine.round:
        return
    there = assessments.decision_draft(txn, mine.submission_id, seen.round_now)
    assessments.put_decision_draft(
        txn,
        replace(
            there,
            reason=there.reason or mine.reason,
            final_feedback=there.final_feedback or mine.final_feedback,
        ),
    )


def _can_take_back(context: Context, txn: Transaction, theirs: TheirSide | None) -> bool:
    sent = theirs.recommendation if theirs is not None else None
    settings = policy.policy(txn)
    if theirs is None or sent is None or sent.sent_at is None or sent.round != theirs.round:
        return False
    now = context.clock.now() + sync_state.clock_lead(txn)
    return settings.grace_minutes > 0 and now < settings.grace_ends_at(sent.sent_at)


def _take_back(context: Context, txn: Transaction, conflict: Conflict, seen: Comparison) -> None:
    submission = submissions.get_submission(txn, conflict.submission_id)
    sent = conflict.theirs.recommendation if conflict.theirs is not None else None
    if not seen.can_take_back or submission is None or sent is None:
        raise NotAllowed(
            "This can no longer be taken back",
            "The time for it is over. Everything you wrote is kept.",
            "The approver can return it to you.",
        )
    enqueue(
        context,
        txn,
        submission,
        OutboxKind.WITHDRAWAL,
        protocol.WithdrawIn(recommendation_id=sent.id),
        path=f"/v1/submissions/{submission.id}/recommendation/withdraw",
    )
