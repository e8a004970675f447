"""Work that was sent and came back, on a computer that did not send it: what was sent is where it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, conflicts, draft_work, outbox, submissions
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.conflicts import Conflict, ConflictKind
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.merging import WorkCopy, merge, of_recommendation, parts_of
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Submission
from assessor_app.sync import two_copies, two_sides
from assessor_app.sync.as_written import as_written


def take_up(store: Store, *, clock: Clock, changed: Callable[[ChangeSet], None] = lambda _: None) -> None:
    """Let the next round begin with what was sent, where a comparison that has ended stood in the way."""
    with store.read() as txn:
        is_quiet = not _returned(txn, None)
    if is_quiet:
        return
    with store.write() as txn:
        changes = take_up_within(txn, clock)
    if changes:
        changed(changes)


def take_up_within(
    txn: Transaction, clock: Clock, *, among: Iterable[SubmissionId] | None = None
) -> ChangeSet:
    """Let the next round begin with what was sent, from whatever computer it was sent.

    In the transaction that brings it: a round that she begins before goes on from older words. What was sent
    from this computer is here already and is left alone, and so is a round that was begun.

    Args:
        txn: a writing transaction.
        clock: for times and ids.
        among: what is looked at; None for everything.
    """
    changes = ChangeSet()
    for submission_id, found in _returned(txn, among).items():
        has_both = _begin_with(txn, *found, clock)
        only = frozenset({submission_id})
        changes |= ChangeSet(assessments=only, annotations=only, inbox=True)
        if has_both:
            changes |= ChangeSet.of_sending(submission_id)
    return changes


def _returned(
    txn: Transaction, among: Iterable[SubmissionId] | None
) -> dict[SubmissionId, tuple[Submission, WorkCopy]]:
    found = {sid: _sent_elsewhere(txn, sid) for sid in submissions.returned_ids(txn, among)}
    return {sid: one for sid, one in found.items() if one is not None}


def _sent_elsewhere(txn: Transaction, submission_id: SubmissionId) -> tuple[Submission, WorkCopy] | None:
    """What another computer of hers sent in the last round, where nothing speaks against going on from it."""
    submission = submissions.get_submission(txn, submission_id)
    if submission is None or submissions.get_assignment(txn, submission_id, Role.ASSESSOR) is None:
        return None
    last = submission.round - 1
    if not all(_is_behind(one, last) for one in conflicts.open_of_submission(txn, submission_id)):
        # What was sent is one of the two sides that she is asked about: nothing is put in the other's place.
        return None
    here = assessments.load(txn, submission_id, last)
    is_here = here is not None and here.state is AssessmentState.FINAL
    if is_here or assessments.load(txn, submission_id, submission.round) is not None:
        return None
    sent = submissions.recommendations(txn, submission_id)
    found = next((one for one in reversed(sent) if one.round == last), None)
    if found is None:
        return None
    return submission, as_written(txn, submission_id, of_recommendation(found, AssessmentState.DRAFT))


def _is_behind(conflict: Conflict, last: int) -> bool:
    """Whether the other side went on to what was sent in the last round, while she has not compared yet."""
    if conflict.kind is ConflictKind.RECOMMENDATION:
        return conflict.round < last
    return conflict.kind is ConflictKind.DRAFT and conflict.round <= last


def _begin_with(txn: Transaction, submission: Submission, sent: WorkCopy, clock: Clock) -> bool:
    """Put what was sent in the place of the last round; True where there is something else to compare now.

    Then hers of this computer stands where both differ, until she has compared, as for any two copies. What
    was to be compared already is over: its other side is an earlier version of what was sent.
    """
    sid, last = submission.id, sent.assessment.round
    behind = conflicts.open_of_submission(txn, sid)
    here = _last_here(txn, sid, last)
    marks = annotation_rows.of_submission(txn, sid)
    known = {mark.id for mark in sent.annotations}
    # Marks for herself alone are never sent: they are no part of the comparison, and stay.
    own = tuple(mark for mark in marks if mark.id not in known and mark.audience is Audience.ONLY_ME)
    theirs = replace(sent, annotations=(*sent.annotations, *own))
    mine, base = WorkCopy(replace(here, round=last), marks), _began_from(txn, here, own)
    if behind:
        # What was copied last may be their side, which is not in hers as long as she has not chosen.
        base = behind[-1].base
        _let_go(txn, submission, behind, mine, clock)
    merged = merge(base, mine, theirs)
    begun, differs = merged.merged, bool(merged.differences)
    is_draft = here.state is AssessmentState.DRAFT
    if is_draft and set(parts_of(mine).items()) - set(parts_of(begun).items()):
        # The other computer may never have seen what this one copied last: what gives way stays readable.
        two_copies.keep(txn, submission, base, mine, theirs, clock, is_over=True)
    if differs:
        # Both sides are copies of the round that begins: what she chooses goes on there.
        now = submission.round
        began = None if base is None else _in_round(base, now)
        two_copies.keep(txn, submission, began, _in_round(mine, now), _in_round(theirs, now), clock)
    at = sent.assessment.updated_at or submission.received_at
    draft_work.put_work(txn, theirs, at)
    assessments.set_state(txn, sid, last, AssessmentState.FINAL, at)
    if parts_of(begun) != parts_of(theirs):
        # What is here alone is in nothing that was sent: it begins the next round, and is copied with it.
        draft_work.put_work(txn, _in_round(begun, submission.round), clock.now())
    return differs or bool(behind)


def _last_here(txn: Transaction, submission_id: SubmissionId, last: int) -> Assessment:
    """Her work as it is shown here: of the last round, or of the latest before it that she began here."""
    for number in range(last, 0, -1):
        here = assessments.load(txn, submission_id, number)
        if here is not None:
            return here
    return Assessment(submission_id, last, AssessmentState.DRAFT)


def _began_from(txn: Transaction, here: Assessment, own: tuple[Annotation, ...]) -> WorkCopy | None:
    """What both computers had: of a draft what was last agreed on, of a round that was sent all of it."""
    if here.state is AssessmentState.DRAFT:
        return two_sides.agreed_on(txn, here.submission_id, here.round)
    sent = submissions.recommendations(txn, here.submission_id)
    found = next((one for one in reversed(sent) if one.round == here.round), None)
    if found is None:
        return None
    began = as_written(txn, here.submission_id, of_recommendation(found, AssessmentState.FINAL))
    return replace(began, annotations=(*began.annotations, *own))


def _let_go(
    txn: Transaction, submission: Submission, behind: tuple[Conflict, ...], mine: WorkCopy, clock: Clock
) -> None:
    """Comparisons with what the other side no longer says: both sides stay readable."""
    for one in behind:
        two_sides.forget_their_copy(txn, submission, one)
        conflicts.settle(txn, one.id, clock.now(), mine)
        outbox.put_aside(txn, OutboxId(one.id))


def _in_round(work: WorkCopy, number: int) -> WorkCopy:
    return replace(work, assessment=replace(work.assessment, round=number))
