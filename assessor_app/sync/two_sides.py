"""What was changed here and there: noted as it is refused, completed once the platform told its side."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, conflicts, draft_copies, endings, outbox, submissions
from assessor_app.cache.draft_copies import DraftCopy
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.assessments import Assessment, OutboxItem, OutboxKind, Recommendation
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.drafts import Draft
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.merging import Part, Value, WorkCopy, of_recommendation, parts_of
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.domain.submissions import Submission
from assessor_app.errors import ProtocolBroken
from assessor_app.sync import protocol, wire_domain
from assessor_app.sync.draft_document import document_of, draft_of

_KINDS = {
    OutboxKind.RECOMMENDATION: ConflictKind.RECOMMENDATION,
    OutboxKind.DECISION: ConflictKind.DECISION,
}
_ONE_SIDED = frozenset({"rubric-changed", "evidence-changed"})
"""Refusals for what the work was made from: nobody else wrote anything."""


def note(txn: Transaction, item: OutboxItem, code: str, clock: Clock) -> None:
    """Keep her side, and what both began from, in the transaction that learns of the other side.

    Args:
        txn: a writing transaction.
        item: what the platform refused for what it has by now; its frozen bytes stay where they are.
        code: the platform's code of the refusal.
        clock: for the time.
    """
    kind = _KINDS.get(item.kind)
    if kind is None or code in _ONE_SIDED:
        return
    body = json.loads(item.body)
    round_number, about = body.get("round"), body.get("recommendation_id")
    if type(round_number) is not int:
        return
    is_decision = kind is ConflictKind.DECISION
    conflicts.note(
        txn,
        Conflict(
            id=str(item.id),
            submission_id=item.submission_id,
            round=round_number,
            kind=kind,
            found_at=clock.now(),
            mine=assessments.decision_draft(txn, item.submission_id, round_number)
            if is_decision
            else work_here(txn, item.submission_id, round_number),
            base=_decided_on(txn, item.submission_id, about)
            if is_decision
            else _began_from(txn, item.submission_id, round_number),
        ),
    )
    if not is_decision and _is_overtaken(txn, item, round_number):
        # She has sent anew, whatever was to be compared; nobody could choose as long as that waits.
        conflicts.settle_open(txn, item.submission_id, clock.now())
        outbox.put_aside(txn, item.id)


def _is_overtaken(txn: Transaction, item: OutboxItem, in_round: int) -> bool:
    """Whether she has made a later round final already, which waits behind what was refused just now."""
    last = outbox.last_of_kind(txn, item.submission_id, item.kind)
    waits = last is not None and last.state in (OutboxState.QUEUED, OutboxState.SENDING)
    return last is not None and waits and int(json.loads(last.body)["round"]) > in_round


def make_way(txn: Transaction, item: OutboxItem) -> None:
    """What the platform did not accept stands in the way of nothing that she has made final since."""
    named = json.loads(item.body).get("round")
    if type(named) is int and _is_overtaken(txn, item, named):
        outbox.put_aside(txn, item.id)


def _decided_on(txn: Transaction, submission_id: SubmissionId, about: object) -> WorkCopy | None:
    """The recommendation that a decision is about, where it is still known."""
    sent = submissions.recommendations(txn, submission_id)
    found = next((one for one in sent if one.id == about), None)
    return None if found is None else of_recommendation(found, AssessmentState.FINAL)


def _began_from(txn: Transaction, submission_id: SubmissionId, round_number: int) -> WorkCopy | None:
    """What her machines last agreed on for a round; without that, what was sent in the round before."""
    agreed = agreed_on(txn, submission_id, round_number)
    if agreed is not None:
        return agreed
    sent = submissions.recommendations(txn, submission_id)
    found = next((one for one in sent if one.round == round_number - 1), None)
    return None if found is None else of_recommendation(found, AssessmentState.FINAL)


def agreed_on(txn: Transaction, submission_id: SubmissionId, round_number: int) -> WorkCopy | None:
    """What her machines last agreed on for a round; None where nothing is, or it cannot be read any more."""
    copy = draft_copies.copy_of(txn, submission_id, round_number)
    try:
        return None if copy is None else draft_of(copy.document, submission_id, copy.saved_at).work
    except ProtocolBroken:
        return None


def work_here(txn: Transaction, submission_id: SubmissionId, round_number: int) -> WorkCopy:
    """An assessor's work on a round as it is on this machine."""
    stored = assessments.load(txn, submission_id, round_number)
    begun = stored or Assessment(submission_id, round_number, AssessmentState.DRAFT)
    return WorkCopy(begun, annotation_rows.of_submission(txn, submission_id))


def leave_uncompared(txn: Transaction, submission: Submission, now: datetime) -> None:
    """She makes it final without having compared: what is open stays on record; no other side counts."""
    for conflict in conflicts.open_of_submission(txn, submission.id):
        forget_their_copy(txn, submission, conflict)
    conflicts.settle_open(txn, submission.id, now)


def forget_their_copy(txn: Transaction, submission: Submission, conflict: Conflict) -> None:
    """What was to be compared is over, and she has not chosen: both began again from what they began from.

    What the other machine copied is in none of her words then. Were it still what both last agreed on, all of
    it would read as put away by her, once this is taken back or refused, or goes on in another round.
    """
    copy = draft_copies.copy_of(txn, submission.id, conflict.round)
    if copy is None or conflict.kind is not ConflictKind.DRAFT:
        return
    blank = WorkCopy(Assessment(submission.id, conflict.round, AssessmentState.DRAFT))
    document = document_of(Draft(submission.id, conflict.round, conflict.base or blank), submission.rubric)
    again = DraftCopy("", sha256_hex(document), copy.saved_at, document)
    draft_copies.put_copy(txn, submission.id, conflict.round, again)


def complete(store: Store, *, clock: Clock, changed: Callable[[ChangeSet], None]) -> None:
    """After a pull: give everything that is open the platform's side as it is known now.

    Where both sides turn out to say the same, nothing needs anybody.
    """
    with store.read() as txn:
        is_quiet = not conflicts.open_ids(txn)
    if is_quiet:
        return
    touched = ChangeSet()
    with store.write() as txn:
        for conflict in conflicts.open_ones(txn):
            has_ended = conflict.theirs is not None and endings.of(txn, conflict.submission_id) is not None
            if conflict.kind is ConflictKind.DRAFT or has_ended:
                # What left this person took the platform's side along: what is known of it stays.
                continue
            theirs = _their_side(txn, conflict)
            if theirs is None:
                continue
            is_news = conflicts.tell(txn, conflict.id, theirs)
            if _says_the_same(txn, conflict, theirs):
                conflicts.settle(txn, conflict.id, clock.now(), conflict.mine)
                outbox.put_aside(txn, OutboxId(conflict.id))
                is_news = True
            if is_news:
                touched |= ChangeSet.of_sending(conflict.submission_id)
    if touched:
        changed(touched)


def _their_side(txn: Transaction, conflict: Conflict) -> TheirSide | None:
    submission = submissions.get_submission(txn, conflict.submission_id)
    if submission is None:
        return None
    sent = submissions.recommendations(txn, submission.id)
    wanted = submission.round if conflict.kind is ConflictKind.DECISION else conflict.round
    found: Recommendation | None = next((one for one in reversed(sent) if one.round == wanted), None)
    decided = tuple(d for d in submissions.decisions(txn, submission.id) if d.round >= conflict.round)
    is_own = found is not None and conflict.kind is ConflictKind.RECOMMENDATION
    return TheirSide(
        submission.status,
        submission.round,
        of_recommendation(found, AssessmentState.FINAL) if is_own and found is not None else None,
        found,
        decided,
    )


def _says_the_same(txn: Transaction, conflict: Conflict, theirs: TheirSide) -> bool:
    """Whether the platform has just what was sent from here."""
    item = outbox.get(txn, OutboxId(conflict.id))
    found = theirs.recommendation
    if item is None or found is None or conflict.kind is not ConflictKind.RECOMMENDATION:
        return False
    told = {"id": found.id, "submission_id": found.submission_id, "sent_at": item.created_at}
    wire, _ = protocol.read(protocol.RecommendationWire, json.loads(item.body) | told)
    return _parts(wire_domain.recommendation(wire)) == _parts(found)


def _parts(sent: Recommendation) -> dict[Part, Value]:
    return parts_of(of_recommendation(sent, AssessmentState.FINAL))
