"""Copies of drafts on the platform: hers of this computer sent, hers of her other computers taken up.

One step of a sync. A draft is sent under the version that it was made from, so that nothing is ever replaced
that this computer has not seen; what another computer wrote meanwhile is put together with what is here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from urllib.parse import quote

from pydantic import ValidationError

from assessor_app.cache import conflicts, draft_copies, draft_work, outbox, policy, submissions
from assessor_app.cache.draft_copies import DraftCopy
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.drafts import Draft, own_marks, put_together
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Submission
from assessor_app.errors import ProtocolBroken
from assessor_app.sync import protocol, two_copies
from assessor_app.sync.begun_elsewhere import not_begun
from assessor_app.sync.draft_document import bare_document, document_of, draft_of, told
from assessor_app.sync.draft_gate import CopiesOff, DraftGate
from assessor_app.sync.earlier_round import Found, take_marks
from assessor_app.sync.transport import Answer, Transport

PACE_S = 120.0
"""A draft that is being written is not copied more often than this."""
TRIES = 3
"""So often one draft is put together with what other computers wrote, and sent, within one sync."""
TOO_LARGE = "too-large"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class _Theirs:
    """What the platform holds."""

    draft: Draft
    document: bytes
    etag: str
    saved_at: datetime
    begun_at: datetime | None
    """When the line of versions that it belongs to was begun, where the platform says so."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One submission's draft as it stands here."""

    submission: Submission
    mine: Draft | None
    document: bytes | None
    copy: DraftCopy | None
    standing: draft_copies.Standing
    is_open: bool
    has_conflict: bool


class _Taken(Enum):
    """What became of another computer's copy."""

    IN = auto()
    """It is in what is here now."""
    NOT_NOW = auto()
    """Somebody is writing, or has to choose: later."""


class _NotNow(Exception):
    """The platform cannot take drafts just now: everything else of the sync goes on."""


def back_up(
    store: Store,
    transport: Transport,
    gate: DraftGate,
    *,
    clock: Clock,
    changed: Callable[[ChangeSet], None] = lambda _: None,
    is_writing: Callable[[SubmissionId], bool] = lambda _: False,
) -> None:
    """Copy every draft that has changed, and take up what her other computers copied.

    Args:
        store: the local store.
        transport: the platform.
        gate: whether and how often; told when the platform does not offer it.
        clock: for times and ids.
        changed: told after each transaction that changed somebody's work, from this thread.
        is_writing: whether a text of a submission is being typed just now: nothing is put into it then.

    Raises:
        KnownError: no answer of the platform; what was being sent is asked after the next time.
    """
    gate.is_held = False
    with store.read() as txn:
        if gate.off is CopiesOff.PLATFORM and policy.policy(txn).draft_copies:
            gate.off = None
        elif gate.off is None and not policy.policy(txn).draft_copies:
            gate.off = CopiesOff.PLATFORM
        todo = _todo(txn)
    step = _Step(store, transport, gate, clock, changed, is_writing)
    try:
        for submission_id, seq in todo:
            if gate.off is not None:
                return
            step.one(submission_id, seq)
    except _NotNow:
        return


def keep_own_marks(store: Store, transport: Transport, gate: DraftGate, *, clock: Clock) -> None:
    """Copy what is about to be sent, where marks for herself alone have changed since its last copy.

    They are in nothing that is sent: of them the platform keeps what it had as the rest arrived.

    Args:
        store: the local store.
        transport: the platform.
        gate: whether drafts are copied.
        clock: for times and ids.

    Raises:
        KnownError: no answer of the platform; what was being sent is asked after the next time.
    """
    with store.read() as txn:
        if gate.off is not None or not policy.policy(txn).draft_copies:
            return
        waiting = {item.submission_id for item in outbox.items(txn)}
        changed = [(sid, seq) for sid, seq in draft_copies.changed(txn) if sid in waiting]
        todo = [(sid, seq) for sid, seq in changed if _leaves_marks(_look(txn, sid))]
    step = _Step(store, transport, gate, clock, lambda _: None, lambda _: False)
    for submission_id, seq in todo:
        gate.sent_s.pop(submission_id, None)
        try:
            step.one(submission_id, seq)
        except _NotNow:
            return


def _leaves_marks(look: _Look | None) -> bool:
    if look is None or look.mine is None or not look.is_open or not draft_work.is_final(look.mine):
        return False
    copy = look.copy
    known = draft_of(copy.document, look.submission.id) if copy is not None and copy.etag else None
    return own_marks(told(look.mine, look.submission.rubric)) != own_marks(known)


def _todo(txn: Transaction) -> list[tuple[SubmissionId, int | None]]:
    """What other computers copied first, then what changed here, the newest edits last."""
    mine, seen = draft_copies.changed(txn), draft_copies.known_etags(txn)
    numbers = dict(mine)
    news = [sid for sid, etag in draft_copies.offered(txn).items() if etag not in seen.get(sid, ())]
    return [(sid, numbers.get(sid)) for sid in news] + [one for one in mine if one[0] not in news]


class _Step:
    """The drafts of one sync, one after the other."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        gate: DraftGate,
        clock: Clock,
        changed: Callable[[ChangeSet], None],
        is_writing: Callable[[SubmissionId], bool],
    ) -> None:
        self._store, self._transport, self._gate, self._clock = store, transport, gate, clock
        self._changed, self._is_writing = changed, is_writing

    def one(self, submission_id: SubmissionId, seq: int | None) -> None:
        """Bring one draft and its copy together."""
        with self._store.read() as txn:
            look = _look(txn, submission_id)
            if seq is None:
                seq = dict(draft_copies.changed(txn)).get(submission_id)
        if look is None or not look.is_open or look.has_conflict:
            self._settle_closed(submission_id, look, seq)
            return
        theirs, is_as_seen = self._news(look), look.standing.sending is None
        for _ in range(TRIES):
            if theirs is not None and self._take(submission_id, theirs) is _Taken.NOT_NOW:
                return
            if self._gate.off is not None:
                return
            if theirs is not None or not is_as_seen:
                with self._store.read() as txn:
                    look = _look(txn, submission_id)
                    seq = dict(draft_copies.changed(txn)).get(submission_id)
            if look is None or not self._is_to_be_sent(look, seq):
                return
            theirs = self._send(look, seq)
            if theirs is None:
                return

    def _settle_closed(self, submission_id: SubmissionId, look: _Look | None, seq: int | None) -> None:
        """Where nothing can be copied now: forget the change if there is nothing that could get lost."""
        if seq is None or (look is not None and (look.is_open or look.document is not None)):
            return
        with self._store.write() as txn:
            draft_copies.clear_change(txn, submission_id, seq)

    def _news(self, look: _Look) -> _Theirs | None:
        """What the platform holds, where that may be something else than this computer last agreed on."""
        standing, copy = look.standing, look.copy
        known = copy.etag if copy is not None else ""
        if standing.sending is None and standing.offered_etag in (None, known):
            return None
        theirs = self._fetch(look.submission)
        if standing.sending is not None:
            arrived = theirs is not None and theirs.document == standing.sending
            with self._store.write() as txn:
                draft_copies.note_sending(txn, look.submission.id, None)
                if arrived and theirs is not None:
                    _agree(txn, look.submission, theirs)
            if arrived:
                return None
        return theirs if theirs is not None and theirs.etag != known else None

    def _take(self, submission_id: SubmissionId, theirs: _Theirs) -> _Taken:
        """Put another computer's copy together with what is here, as one transaction; undo ends there."""
        with self._store.write() as txn:
            look = _look(txn, submission_id)
            if look is None or not look.is_open or look.has_conflict:
                return _Taken.NOT_NOW
            if theirs.draft.round > look.submission.round or draft_work.is_final(look.mine):
                return _Taken.NOT_NOW
            if theirs.draft.round < look.submission.round:
                done = self._take_marks(txn, look, theirs)
            else:
                done = self._take_round(txn, look, theirs)
            if done is None:
                self._gate.is_held = True
                return _Taken.NOT_NOW
            taken, changes = done
            _agree(txn, look.submission, theirs)
        if changes:
            self._changed(changes)
        return taken

    def _take_marks(self, txn: Transaction, look: _Look, theirs: _Theirs) -> tuple[_Taken, ChangeSet] | None:
        """What is left of a round that was sent: marks for herself alone. None while she is writing."""
        sid = look.submission.id
        is_writing = self._is_writing(sid)
        found = take_marks(txn, look.submission, theirs.draft, self._clock, is_writing=is_writing)
        if found is Found.NOT_NOW:
            return None
        if found is Found.TO_COMPARE:
            return _Taken.NOT_NOW, ChangeSet.of_sending(sid)
        if found is Found.NOTHING_NEW:
            return _Taken.IN, ChangeSet()
        draft_copies.note_continued(txn, sid, theirs.saved_at)
        return _Taken.IN, ChangeSet(annotations=frozenset({sid}), inbox=True)

    def _take_round(self, txn: Transaction, look: _Look, theirs: _Theirs) -> tuple[_Taken, ChangeSet] | None:
        """The same round on both: put together, or kept side by side. None while she is writing."""
        submission = look.submission
        mine = None if look.mine is None else told(look.mine, submission.rubric)
        base = _both_began_from(look.copy, theirs, submission.id)
        if mine is None and theirs.draft.work is not None:
            mine, base = not_begun(txn, submission, theirs.begun_at, base)
        together = put_together(base, mine, theirs.draft)
        if together.differences:
            assert mine is not None
            assert mine.work is not None
            began = base.work if base is not None else None
            two_copies.keep(txn, submission, began, mine.work, theirs.draft.work, self._clock)
            return _Taken.NOT_NOW, ChangeSet.of_sending(submission.id)
        merged = together.draft
        if (mine is None and merged.is_empty) or document_of(merged, submission.rubric) == look.document:
            return _Taken.IN, ChangeSet()
        if self._is_writing(submission.id):
            return None
        draft_work.adopt(txn, look.mine, merged, theirs.saved_at)
        draft_copies.note_continued(txn, submission.id, theirs.saved_at)
        only = frozenset({submission.id})
        return _Taken.IN, ChangeSet(assessments=only, annotations=only, inbox=True)

    def _is_to_be_sent(self, look: _Look, seq: int | None) -> bool:
        sid, copy = look.submission.id, look.copy
        if look.document is None and copy is None:
            self._clear(sid, seq)
            return False
        is_same = copy is not None and bool(copy.etag) and look.document == copy.document
        is_nothing = copy is None and (look.mine is None or look.mine.is_empty)
        if is_same or is_nothing or look.document is None:
            self._clear(sid, seq)
            return False
        if len(look.document) > protocol.MAX_UPLOAD_BYTES:
            self._refuse(sid, TOO_LARGE)
            return False
        last_s = self._gate.sent_s.get(sid)
        return last_s is None or self._clock.monotonic_s() - last_s >= PACE_S

    def _send(self, look: _Look, seq: int | None) -> _Theirs | None:
        """Send a draft; gives what the platform holds instead, if it refuses it for that."""
        sid, document = look.submission.id, look.document
        assert document is not None
        with self._store.write() as txn:
            draft_copies.note_sending(txn, sid, document)
        key, digest = self._clock.new_id(), hashlib.sha256(document).digest()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Content-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
        }
        etag = look.copy.etag if look.copy is not None else ""
        headers |= {"If-Match": etag} if etag else {"If-None-Match": "*"}
        answer = self._transport.call("PUT", _path(sid), body=document, headers=headers)
        saved_at, kept = _confirmed(answer, key, digest.hex(), sid), answer.headers.get("etag", "")
        if saved_at is not None and kept:
            self._gate.sent_s[sid] = self._clock.monotonic_s()
            with self._store.write() as txn:
                made = DraftCopy(kept, digest.hex(), saved_at, document)
                draft_copies.put_copy(txn, sid, look.submission.round, made)
                draft_copies.note_sending(txn, sid, None)
                draft_copies.note_offer(txn, sid, kept, saved_at)
                draft_copies.note_refused(txn, sid, "")
                if seq is not None:
                    draft_copies.clear_change(txn, sid, seq)
            return None
        return self._not_taken(look, answer)

    def _not_taken(self, look: _Look, answer: Answer) -> _Theirs | None:
        self._stop_if_not_now(answer)
        sid = look.submission.id
        with self._store.write() as txn:
            draft_copies.note_sending(txn, sid, None)
        if answer.status in (412, 428):
            theirs = self._fetch(look.submission)
            if theirs is None:
                with self._store.write() as txn:
                    draft_copies.withdraw_offer(txn, sid)
            return theirs
        self._refuse(sid, answer.problem_code or str(answer.status))
        return None

    def _fetch(self, submission: Submission) -> _Theirs | None:
        """What the platform holds; None where it holds nothing for this person."""
        answer = self._transport.call("GET", _path(submission.id))
        if answer.status == 404 and answer.problem_code == "no-draft":
            return None
        self._stop_if_not_now(answer)
        if answer.status != 200:
            return None
        try:
            wire, _ = protocol.read(protocol.DraftWire, answer.data())
            document = bare_document(wire)
            draft = draft_of(document, submission.id, wire.saved_at)
        except (ValidationError, ProtocolBroken):
            # Nothing is ever put in the place of what could not be read.
            self._refuse(submission.id, UNREADABLE)
            raise _NotNow from None
        return _Theirs(draft, document, answer.headers.get("etag", ""), wire.saved_at, wire.begun_at)

    def _stop_if_not_now(self, answer: Answer) -> None:
        """End the step where the platform does not know the path, or cannot answer for now.

        Raises:
            _NotNow: so it is.
        """
        is_unknown = answer.status in (404, 405) and not answer.is_from_between
        if answer.status == 501 or (is_unknown and answer.problem_code != "no-draft"):
            self._gate.off = CopiesOff.NOT_OFFERED
            raise _NotNow
        if answer.is_from_between or answer.status in (408, 423, 425, 429) or answer.status >= 500:
            raise _NotNow

    def _refuse(self, submission_id: SubmissionId, code: str) -> None:
        with self._store.write() as txn:
            draft_copies.note_refused(txn, submission_id, code)

    def _clear(self, submission_id: SubmissionId, seq: int | None) -> None:
        if seq is not None:
            with self._store.write() as txn:
                draft_copies.clear_change(txn, submission_id, seq)


def _look(txn: Transaction, submission_id: SubmissionId) -> _Look | None:
    submission = submissions.get_submission(txn, submission_id)
    if submission is None:
        return None
    mine = draft_work.gather(txn, submission)
    return _Look(
        submission,
        mine,
        None if mine is None else document_of(mine, submission.rubric),
        draft_copies.copy_of(txn, submission_id, submission.round),
        draft_copies.standing_of(txn, submission_id),
        draft_work.is_open(txn, submission),
        bool(conflicts.open_of(txn, submission_id)),
    )


def _both_began_from(copy: DraftCopy | None, theirs: _Theirs, submission_id: SubmissionId) -> Draft | None:
    """What this computer copied last, where whoever wrote theirs had it; None where that is not known.

    With sending, the platform lets go of what every computer had copied: what comes after a taking back was
    written by somebody who may never have had it, and leaves nothing out on purpose.
    """
    if copy is None:
        return None
    is_older = not copy.etag if theirs.begun_at is None else copy.saved_at < theirs.begun_at
    return None if is_older else draft_of(copy.document, submission_id)


def _agree(txn: Transaction, submission: Submission, theirs: _Theirs) -> None:
    made = DraftCopy(theirs.etag, sha256_hex(theirs.document), theirs.saved_at, theirs.document)
    draft_copies.put_copy(txn, submission.id, submission.round, made)
    draft_copies.note_offer(txn, submission.id, theirs.etag, theirs.saved_at)


def _confirmed(answer: Answer, key: str, sha256: str, submission_id: SubmissionId) -> datetime | None:
    """When the platform took exactly these bytes; None where an answer does not prove it."""
    if answer.status != 201:
        return None
    try:
        receipt, _ = protocol.read(protocol.ReceiptWire, answer.data())
    except (ValidationError, ProtocolBroken):
        return None
    is_proof = (receipt.key, receipt.sha256, receipt.submission_id) == (key, sha256, submission_id)
    return receipt.received_at if is_proof else None


def _path(submission_id: SubmissionId) -> str:
    return f"/v1/submissions/{quote(submission_id, safe='')}/draft"
