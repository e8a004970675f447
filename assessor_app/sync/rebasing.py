"""A write whose precondition did not hold (412, 428): does it still say what is true there?

Only a write that the platform has never seen may go again under a new key, and only if the round, the rubric
version and the evidence that it names are still those of the submission. The bytes stay as they were frozen.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from enum import Enum, auto

from pydantic import ValidationError

from assessor_app.clock import Clock
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import evidence_digest
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.errors import ProtocolBroken
from assessor_app.sync import protocol, wire_domain
from assessor_app.sync.transport import Answer, Transport

_OPEN = {
    OutboxKind.RECOMMENDATION: (SubmissionStatus.WAITING_ON_ASSESSOR, SubmissionStatus.RETURNED),
    OutboxKind.DECISION: (SubmissionStatus.WAITING_ON_APPROVER,),
    OutboxKind.PRE_ASSESSMENT: (SubmissionStatus.IN_PRE_ASSESSMENT,),
}
"""Where a kind of write is still wanted. No other kind is ever sent under a new key."""


class Ground(Enum):
    """What stands under the write now."""

    SAME = auto()
    """Nothing that it was made from has changed."""
    CHANGED = auto()
    ARRIVED = auto()
    """It is there already: the receipt proves it."""
    UNKNOWN = auto()
    """The platform did not say."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found."""

    ground: Ground
    receipt: Answer | None = None
    """The receipt, where there is one."""


def look(transport: Transport, item: OutboxItem) -> Look:
    """Ask the platform whether it has seen a write, and if not, what stands under it now.

    Raises:
        KnownError: no answer came.
    """
    known = transport.call("GET", f"/v1/receipts/{item.id}")
    if known.status == 200:
        return Look(Ground.ARRIVED, known)
    if known.status != 404 or not known.problem_code:
        return Look(Ground.UNKNOWN)
    now = transport.call("GET", f"/v1/submissions/{item.submission_id}")
    if now.status in (403, 404, 410) and now.problem_code:
        return Look(Ground.CHANGED)
    if now.status != 200:
        return Look(Ground.UNKNOWN)
    try:
        wire = now.read(protocol.SubmissionWire)
        present = wire_domain.submission(wire, item.base_rev)
    except (ValidationError, ProtocolBroken):
        return Look(Ground.UNKNOWN)
    return Look(Ground.SAME if _stands(item, present) else Ground.CHANGED)


def _stands(item: OutboxItem, present: Submission) -> bool:
    body = json.loads(item.body)
    named = {
        "round": present.round,
        "rubric_hash": present.rubric.hash,
        "evidence_digest": evidence_digest(present),
    }
    is_open = present.status in _OPEN.get(item.kind, ())
    return is_open and all(body[name] == value for name, value in named.items() if name in body)


def again(item: OutboxItem, clock: Clock) -> OutboxItem:
    """The same bytes under a new key, as a new record where the platform has one by that id."""
    place, _, last = item.path.rpartition("/")
    return replace(
        item,
        id=OutboxId(clock.new_id()),
        path=f"{place}/{clock.new_id()}" if _is_uuid(last) else item.path,
        state=OutboxState.QUEUED,
        attempts=0,
        created_at=clock.now(),
        next_try_at=None,
        last_status=None,
        last_error="",
    )


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
