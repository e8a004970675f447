"""What waits to be sent, sent: the same bytes under the same key until a matching receipt comes back.

Only a receipt that echoes the key, the digest and the submission ends a sending. Every other answer leaves
the work here, in a state that says what is needed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from pydantic import ValidationError

from assessor_app.cache import evidence_files, incidents, outbox, refused_fields
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.assessments import OutboxItem, Receipt
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import KnownError, ProtocolBroken, SignInNeeded
from assessor_app.sync import after_sending, protocol, rebasing, two_sides, wire_domain
from assessor_app.sync.host_health import FIRST_BUSY_S, full_jitter_s
from assessor_app.sync.network_errors import update_needed
from assessor_app.sync.transport import (
    Answer,
    Intercepted,
    NothingSent,
    Transport,
    UnknownEffect,
    retry_after_s,
)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 3600.0
LONGEST_DOUBT_S = 60.0
"""Longest wait after a broken connection: rounds are paced already, and a person may ask for one."""
UNCONFIRMED_TRIES = 3
"""Answers without a proper receipt before the row is set aside and reported."""
POLLS = 20
"""How often the receipt of something received is asked for before it is sent once more."""
UPDATE_STATUSES = (415, 426, 501, 505)
"""What an update, here or there, may mend: queued again at the next start."""
RECEIVED = "Received, waiting for confirmation."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer means for one row of the outbox."""

    state: OutboxState
    sentence: str = ""
    """For the person; empty when there is nothing to say."""
    wait_s: float | None = None
    """Seconds until the next try, when the row goes back to the queue."""
    receipt: Receipt | None = None
    stops_queue: bool = False
    """Whether everything else waits as well."""
    status: int | None = None
    """The HTTP status that said so; None when no answer came."""
    never_left: bool = False
    """Whether the platform cannot have seen anything of it."""
    code: str = ""
    """The platform's word for a refusal."""
    again: OutboxItem | None = None
    """The same bytes under a new key, which take this row's place."""
    request_id: str = ""
    pointers: tuple[str, ...] = ()
    """The fields that a refusal names, as JSON pointers into what was sent."""


_MAY_HAVE_ARRIVED = frozenset({*range(200, 300), 409, 500})
"""After these the receipt is asked for before anything is sent again."""


def push(
    store: Store,
    transport: Transport,
    *,
    clock: Clock,
    moved: Callable[[ChangeSet], None] = lambda _: None,
) -> int:
    """Send what is due, in order per submission; nothing to a platform that has left this version behind.

    Args:
        store: whose outbox is sent.
        transport: the platform.
        clock: for times and waits.
        moved: told after each row's change of state has committed.

    Returns:
        How many rows were confirmed by a receipt.

    Raises:
        KnownError: no answer of the platform; the row went back to the queue first.
    """
    confirmed = 0
    with store.write() as txn:
        # Only one thread sends: what still counts as being sent was left so by a round that broke off.
        outbox.reset_sending(txn)
    while not transport.health.is_left_behind:
        with store.write() as txn:
            item = outbox.next_to_send(txn, clock.steady_now())
            if item is None:
                return confirmed
            outbox.move(txn, item.id, OutboxState.SENDING)
        try:
            verdict = _send(store, transport, item, clock)
        except KnownError as error:
            _settle(store, item, _after_failure(item, error), clock)
            moved(ChangeSet.of_sending(item.submission_id))
            raise
        _settle(store, item, verdict, clock)
        moved(ChangeSet.of_sending(item.submission_id))
        if verdict.state is OutboxState.ACKED:
            confirmed += 1
        if verdict.stops_queue:
            return confirmed
    return confirmed


def _send(store: Store, transport: Transport, item: OutboxItem, clock: Clock) -> Verdict:
    if item.attempts > 0 and (item.last_status is None or item.last_status in _MAY_HAVE_ARRIVED):
        known = _ask_receipt(transport, item)
        if known is not None:
            return Verdict(OutboxState.ACKED, receipt=known)
        if item.last_status == 202 and item.attempts < POLLS:
            return Verdict(OutboxState.QUEUED, RECEIVED, _backoff_s(item), status=202)
    digest = base64.b64encode(bytes.fromhex(item.sha256)).decode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(item.id),
        "Content-Digest": f"sha-256=:{digest}:",
    }
    if item.kind.method == "PUT":
        headers["If-None-Match"] = "*"
    answer = transport.call(item.kind.method, item.path, body=item.body, headers=headers)
    chance = partial(full_jitter_s, clock)
    verdict = judge(answer, item, clock.now(), pause_s=transport.health.pause_s(), chance=chance)
    if answer.status in _PRECONDITION and item.kind.method == "PUT" and not answer.is_from_between:
        verdict = _rebased(store, transport, item, clock, verdict)
    return replace(
        verdict,
        status=answer.status,
        code=answer.problem_code,
        request_id=answer.request_id,
        pointers=answer.pointers if verdict.state is OutboxState.REJECTED else (),
    )


def _rebased(store: Store, transport: Transport, item: OutboxItem, clock: Clock, refused: Verdict) -> Verdict:
    """What it means that a precondition did not hold: the same again under a new key, or a conflict.

    Once only: what was sent anew already and is refused again needs the person.
    """
    found = rebasing.look(transport, item)
    if found.ground is rebasing.Ground.ARRIVED and found.receipt is not None:
        return _confirmed(found.receipt, item, _backoff_s(item))
    if found.ground is rebasing.Ground.UNKNOWN:
        return Verdict(OutboxState.QUEUED, "", _backoff_s(item))
    with store.read() as txn:
        is_first = not outbox.is_sent_anew(txn, item)
    if found.ground is rebasing.Ground.SAME and is_first:
        return Verdict(OutboxState.CONFLICT, again=rebasing.again(item, clock))
    return refused


def take_answer(store: Store, outbox_id: OutboxId, answer: Answer, clock: Clock) -> Verdict | None:
    """Settle a waiting row by an answer that came as a file, in one transaction.

    Returns:
        What the answer means; None where it leaves the row waiting, or the row is being sent just now.
    """
    with store.write() as txn:
        item = outbox.get(txn, outbox_id)
        if item is None or item.state not in (OutboxState.QUEUED, OutboxState.BLOCKED):
            return None
        verdict = judge(answer, item, clock.now())
        pointers = answer.pointers if verdict.state is OutboxState.REJECTED else ()
        verdict = replace(verdict, status=answer.status, code=answer.problem_code, pointers=pointers)
        if verdict.state is OutboxState.QUEUED or (verdict.receipt is None) != (answer.status >= 300):
            return None
        if item.state is OutboxState.BLOCKED:
            outbox.move(txn, item.id, OutboxState.QUEUED)
        outbox.move(txn, item.id, OutboxState.SENDING)
        forgotten = _apply(txn, item, verdict, clock)
    evidence_files.unlink(store, forgotten)
    return verdict


def _ask_receipt(transport: Transport, item: OutboxItem) -> Receipt | None:
    answer = transport.call("GET", f"/v1/receipts/{item.id}")
    return matching_receipt(answer, item) if answer.status == 200 else None


def matching_receipt(answer: Answer, item: OutboxItem) -> Receipt | None:
    """The receipt in an answer if it proves that exactly this row arrived, else None."""
    try:
        wire = answer.read(protocol.ReceiptWire)
    except (ValidationError, ProtocolBroken):
        return None
    receipt = wire_domain.receipt(wire)
    if (receipt.key, receipt.sha256, receipt.submission_id) != (item.id, item.sha256, item.submission_id):
        return None
    return receipt


def judge(
    answer: Answer,
    item: OutboxItem,
    now: datetime,
    *,
    pause_s: float = 0.0,
    chance: Callable[[float], float] = lambda longest_s: longest_s,
) -> Verdict:
    """What an answer of the platform means for the row that was sent (table in the reliability page).

    Args:
        answer: the answer.
        item: the row.
        now: the present.
        pause_s: how long the platform is left alone, for reasons that it gave already.
        chance: makes a wait of chance out of the longest, where many clients would come back together.
    """
    status, queued = answer.status, OutboxState.QUEUED
    backoff_s = _backoff_s(item)
    told_s = retry_after_s(answer, now.timestamp())
    wait_s = told_s or backoff_s
    if status == 202:
        return Verdict(queued, RECEIVED, wait_s)
    if 200 <= status < 300:
        return _confirmed(answer, item, backoff_s)
    if status == 429:
        longest_s = min(FIRST_BUSY_S * 2.0 ** min(item.attempts, 6), LONGEST_WAIT_S)
        wait_s = pause_s or told_s or chance(longest_s)
        return Verdict(queued, "The platform is busy; it is sent a little later.", wait_s, stops_queue=True)
    if status in (408, 423, 425) or (status == 409 and answer.problem_code == "in-flight"):
        return Verdict(queued, "", wait_s)
    if status in (501, 505):
        sentence = "The platform needs an update before it can take this. Your work is kept."
        return Verdict(OutboxState.BLOCKED, sentence)
    if status == 500:
        tried = "The platform made a mistake, several times now; it is tried again by itself."
        return Verdict(queued, tried if item.attempts >= 3 else "It is tried again by itself.", wait_s)
    if status > 500:
        sentence = "The platform is not available right now; we keep trying." if item.attempts >= 3 else ""
        wait_s = pause_s or told_s or chance(backoff_s)
        return Verdict(queued, sentence, wait_s, stops_queue=True)
    return _refusal(answer, item, backoff_s)


def _confirmed(answer: Answer, item: OutboxItem, backoff_s: float) -> Verdict:
    """Success counts with a receipt that fits, and only then."""
    receipt = matching_receipt(answer, item)
    if receipt is not None:
        return Verdict(OutboxState.ACKED, receipt=receipt)
    sentence = "The platform's answer could not be confirmed. Your work is safe here; we keep trying."
    if item.attempts + 1 >= UNCONFIRMED_TRIES:
        sentence = (
            "The platform's answer could not be confirmed. Your work is safe here; ask support to look."
        )
        return Verdict(OutboxState.BLOCKED, sentence)
    return Verdict(OutboxState.QUEUED, sentence, backoff_s)


def _refusal(answer: Answer, item: OutboxItem, backoff_s: float) -> Verdict:
    status, code = answer.status, answer.problem_code
    if status == 400 and code == "digest-mismatch" and item.attempts < UNCONFIRMED_TRIES:
        return Verdict(OutboxState.QUEUED, "", backoff_s)
    if answer.is_from_between or status == 405 or (status in (404, 410) and not code):
        # Not the platform's own words: something between answered, or a platform without this place.
        is_this_alone = item.attempts >= UNCONFIRMED_TRIES
        sentence = _TURNED_AWAY if is_this_alone else "The platform cannot be reached."
        stops = not code and not is_this_alone
        return Verdict(OutboxState.QUEUED, sentence, backoff_s, stops_queue=stops)
    if status in (415, 426):
        return Verdict(OutboxState.BLOCKED, f"{update_needed(answer).next_step} Your work is kept.")
    if answer.refuses_the_person:
        sentence = "Your access to the platform has changed. Your work is kept; contact the team lead."
        return Verdict(OutboxState.QUEUED, sentence, LONGEST_DOUBT_S, stops_queue=True)
    if status == 422 and code == "key-reused":
        return Verdict(OutboxState.BLOCKED, "This needs a look by support. Your work is kept.")
    if status == 413:
        return Verdict(OutboxState.REJECTED, _too_large(item, answer.limit_bytes))
    if status == 409 and code == "evidence-changed":
        return Verdict(OutboxState.CONFLICT, _OTHER_EVIDENCE)
    own_words = after_sending.refusal_words(item, status, code)
    if own_words:
        return Verdict(OutboxState.CONFLICT, own_words)
    needs_update = (OutboxState.BLOCKED, "The workstation needs an update to send this. Your work is kept.")
    told = _GONE.get(code) if status in (404, 410) else None
    state, sentence = told or _REFUSALS.get(status, needs_update)
    return Verdict(state, sentence)


_TURNED_AWAY = (
    "Something between this computer and the platform turns this away, several times now. Your work is safe"
    " here and is tried again by itself; ask IT."
)
"""The platform was found before each try: whatever it is does not stand in the way of everything."""
_PRECONDITION = frozenset({412, 428})
_NOT_ACCEPTED = (
    OutboxState.REJECTED,
    "The platform did not accept this. Your work is open again; look at it and send once more.",
)
_CHANGED = (
    OutboxState.CONFLICT,
    "This changed on the platform meanwhile. Yours is kept; look at both and decide.",
)
_OTHER_EVIDENCE = (
    "The evidence was replaced before this arrived. Your work is open again; look at what changed, then send."
)
_WITHDRAWN = (
    OutboxState.BLOCKED,
    "This submission was withdrawn. Your work is kept on this computer.",
)
_ERASED = (OutboxState.BLOCKED, "The learner's data were erased. The next sync takes them off this computer.")
_NOT_THERE = (
    OutboxState.BLOCKED,
    "The platform does not have what this belongs to. Your work is kept on this computer.",
)
_GONE = {"withdrawn": _WITHDRAWN, "erased": _ERASED}
"""Endings by the platform's own code: nothing is called withdrawn that was only not found."""
_REFUSALS = {
    400: _NOT_ACCEPTED,
    403: (
        OutboxState.BLOCKED,
        "You are no longer assigned to this submission. Your work is kept on this computer.",
    ),
    404: _NOT_THERE,
    409: _CHANGED,
    410: _WITHDRAWN,
    412: _CHANGED,
    422: _NOT_ACCEPTED,
    428: _CHANGED,
}
"""What a refusal of the platform means, and the sentence for it."""


def _too_large(item: OutboxItem, limit_bytes: int | None) -> str:
    """What to do about something that the platform finds too large."""
    size = f"What you send has {_megabytes(len(item.body))} MB"
    limit = f"; this platform takes {_megabytes(limit_bytes)} MB" if limit_bytes else ", more than it takes"
    return f"{size}{limit}. Your work is open again: take out marks or shorten texts, then send once more."


def _megabytes(size_bytes: int) -> str:
    """Whole megabytes, with tenths below ten."""
    megabytes = size_bytes / 1024**2
    return f"{megabytes:.1f}".removesuffix(".0") if megabytes < 10 else f"{megabytes:.0f}"


def _backoff_s(item: OutboxItem) -> float:
    """1, 2, 4 ... seconds, at most an hour; after weeks of tries as well."""
    return min(FIRST_WAIT_S * 2.0 ** min(item.attempts, 12), LONGEST_WAIT_S)


def _after_failure(item: OutboxItem, error: KnownError) -> Verdict:
    """What it means that no answer of the platform came."""
    if isinstance(error, SignInNeeded | NothingSent | Intercepted):
        return Verdict(OutboxState.QUEUED, never_left=True)
    sentence = "Checking whether it arrived." if isinstance(error, UnknownEffect) else f"{error.title}."
    return Verdict(OutboxState.QUEUED, sentence, min(_backoff_s(item), LONGEST_DOUBT_S))


def _settle(store: Store, item: OutboxItem, verdict: Verdict, clock: Clock) -> None:
    with store.write() as txn:
        forgotten = _apply(txn, item, verdict, clock)
    evidence_files.unlink(store, forgotten)


def _apply(txn: Transaction, item: OutboxItem, verdict: Verdict, clock: Clock) -> tuple[str, ...]:
    """Let a verdict take effect on a row that is being sent; gives the files that nothing refers to now."""
    next_try = None
    if verdict.wait_s is not None:
        next_try = clock.steady_now() + timedelta(seconds=verdict.wait_s)
    outbox.move(
        txn,
        item.id,
        verdict.state,
        status=verdict.status,
        error=verdict.sentence,
        next_try_at=next_try,
        receipt=verdict.receipt,
        never_left=verdict.never_left,
        request_id=verdict.request_id,
    )
    refused_fields.put(txn, item.id, verdict.pointers)
    if verdict.sentence:
        what = f"{item.kind}.{verdict.state}"
        incidents.note(txn, incidents.Incident(clock.now(), what, verdict.sentence, verdict.status))
    if verdict.stops_queue and next_try is not None:
        outbox.hold(txn, next_try)
    if verdict.again is not None:
        # The old row stays on record, and the new one takes its place: for the work nothing changes.
        outbox.enqueue(txn, verdict.again)
        return ()
    if verdict.state is OutboxState.CONFLICT:
        two_sides.note(txn, item, verdict.code, clock)
    if verdict.state is OutboxState.REJECTED:
        two_sides.make_way(txn, item)
    return after_sending.settle(txn, item, verdict.state, clock)
