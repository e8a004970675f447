"""One claim, renewal or release at a time. A call whose effect is not known is repeated under its key."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import quote

from pydantic import ValidationError

from assessor_app.clock import Clock
from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome, QueueCount, answer_of
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.sync import protocol
from assessor_app.sync.protocol import Wire
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Answer, Transport, UnknownEffect, expect_ok

TRIES = 2
"""So often a call is made whose effect is not known; the key keeps it from happening twice."""


def queue(transport: Transport) -> tuple[QueueCount, ...]:
    """What can be claimed, by micro-credential.

    Raises:
        Offline, SignInNeeded, PlatformError, ProtocolBroken: there is no answer.
    """
    answer = expect_ok(transport.call("GET", "/v1/queue"))
    try:
        wire = answer.read(protocol.QueueOut)
    except ValidationError:
        raise broken("the queue") from None
    return tuple(
        QueueCount(MicrocredentialId(entry.microcredential_id), entry.title, entry.claimable)
        for entry in wire.entries
    )


def claim_next(
    transport: Transport, microcredential_id: MicrocredentialId, hours: int, clock: Clock
) -> ClaimOutcome:
    """Claim what has waited longest in a queue.

    Raises:
        Offline, SignInNeeded, PlatformError, ProtocolBroken: there is no answer.
    """
    body = protocol.ClaimNextIn(microcredential_id=microcredential_id, lease_hours=hours)
    answer = _call(transport, "POST", "/v1/queue/claims", body, clock)
    if answer.status != 201:
        return ClaimOutcome(_refusal(answer), microcredential_id=microcredential_id)
    given = _assignment(answer)
    return ClaimOutcome(
        ClaimAnswer.DONE, SubmissionId(given.submission_id), microcredential_id, given.lease_until
    )


def renew(transport: Transport, submission_id: SubmissionId, hours: int, clock: Clock) -> ClaimOutcome:
    """Keep a claimed submission for some hours from now.

    Raises:
        Offline, SignInNeeded, PlatformError, ProtocolBroken: there is no answer.
    """
    body = protocol.ClaimIn(lease_hours=hours)
    answer = _call(transport, "PATCH", _path(submission_id), body, clock)
    if answer.status != 200:
        return ClaimOutcome(_refusal(answer), submission_id)
    return ClaimOutcome(ClaimAnswer.DONE, submission_id, lease_until=_assignment(answer).lease_until)


def release(transport: Transport, submission_id: SubmissionId, clock: Clock) -> ClaimOutcome:
    """Give a claimed submission back to its queue.

    Raises:
        Offline, SignInNeeded, PlatformError, ProtocolBroken: there is no answer.
    """
    answer = _call(transport, "DELETE", _path(submission_id), protocol.ReleaseIn(), clock)
    return ClaimOutcome(ClaimAnswer.DONE if answer.status == 200 else _refusal(answer), submission_id)


def _path(submission_id: SubmissionId) -> str:
    return f"/v1/submissions/{quote(submission_id, safe='')}/claim"


def _call(transport: Transport, method: str, path: str, wire: Wire, clock: Clock) -> Answer:
    body = json.dumps(protocol.as_json(wire)).encode()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": clock.new_id(),
        "Content-Digest": f"sha-256=:{digest}:",
    }
    for left in reversed(range(TRIES)):
        try:
            return transport.call(method, path, body=body, headers=headers)
        except UnknownEffect:
            if not left:
                raise
    raise AssertionError("a call ends in an answer or an error")


def _refusal(answer: Answer) -> ClaimAnswer:
    """What a refusal says; what is no refusal of this one thing ends the whole."""
    is_refusal = answer.status in (403, 404, 409, 410, 422) and not answer.is_from_between
    if is_refusal and not answer.refuses_the_person:
        return answer_of(answer.problem_code)
    expect_ok(answer)
    raise broken(f"status {answer.status}")


def _assignment(answer: Answer) -> protocol.AssignmentWire:
    try:
        return answer.read(protocol.AssignmentWire)
    except ValidationError:
        raise broken("a claim") from None
