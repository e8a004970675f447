"""The platform's answers to a file of unsent work, read in: each settles its row as over the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assessor_app.cache import outbox, sealing
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import EvidenceRefused
from assessor_app.services.context import Context
from assessor_app.sync import push
from assessor_app.sync.transport import Answer
from assessor_app.sync.wire_base import as_json
from assessor_app.sync.wire_sealed import NotAsWritten, RowAnswer, UnsentAnswers, answers_of
from assessor_app.vault.envelope import LARGEST_FILE_BYTES, Content, EnvelopeRefused, unseal

_REASONS = {
    "too-large": "It is far too large for that.",
    "not-sealed": "It is another kind of file.",
    "newer": "It was written by a newer platform than this workstation knows.",
    "foreign": "It was written for another profile or another computer.",
    "damaged": "It is damaged: copy it again from where it was made.",
    "forged": "It does not come from the platform of this profile.",
}
_SETTLED = (OutboxState.ACKED, OutboxState.CONFLICT, OutboxState.REJECTED)
_ASKED_AGAIN = frozenset({412, 424, 428})
"""Refusals that say nothing of the row itself: the next sending looks for itself."""


class AnswersRefused(EvidenceRefused):
    """A file of answers that cannot be used; nothing was changed."""


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """What a file of answers did here."""

    confirmed: int
    """Rows that are sent now."""
    refused: int
    """Rows that the platform did not take, each with its sentence."""
    known: int
    """Rows that were settled before."""
    waiting: int
    """Rows that go on waiting."""
    changes: ChangeSet


def read_answers(context: Context, file: Path) -> AnswersReport:
    """Settle what the platform's answers say; what is being sent just now gets its answer that way.

    Raises:
        AnswersRefused: the file cannot be read, or is not the platform's answer to this profile.
    """
    answers = _open(context, file)
    confirmed = refused = known = 0
    touched = set()
    for answer in answers.answers:
        with context.store.read() as txn:
            item = outbox.get(txn, OutboxId(answer.key))
        if item is None or item.sha256 != answer.sha256:
            continue
        if item.state in _SETTLED:
            known += 1
            continue
        if answer.status in _ASKED_AGAIN:
            continue
        verdict = push.take_answer(context.store, item.id, _as_answer(answer), context.clock)
        if verdict is None:
            continue
        touched.add(item.submission_id)
        confirmed += verdict.state is OutboxState.ACKED
        refused += verdict.state is not OutboxState.ACKED
    waiting = len(answers.answers) - confirmed - refused - known
    changes = ChangeSet(submissions=frozenset(touched), inbox=bool(touched), outbox=bool(touched))
    return AnswersReport(confirmed, refused, known, waiting, changes)


def _open(context: Context, file: Path) -> UnsentAnswers:
    with context.store.read() as txn:
        sealed = sealing.load(txn)
    try:
        with file.open("rb") as opened:
            untrusted = opened.read(LARGEST_FILE_BYTES + 1)
    except OSError:
        raise _refused("It cannot be read there.") from None
    if sealed is None or sealed.platform_signing is None:
        raise _refused(_REASONS["foreign"])
    try:
        payload = unseal(Content.ANSWERS, untrusted, sealed.keys).proven(sealed.platform_signing)
        answers = answers_of(payload)
    except EnvelopeRefused as error:
        raise _refused(_REASONS[error.reason]) from None
    except NotAsWritten:
        raise _refused(_REASONS["damaged"]) from None
    if answers.actor_id != sealed.actor_id:
        raise _refused(_REASONS["foreign"])
    return answers


def _as_answer(answer: RowAnswer) -> Answer:
    """What would have come over the wire."""
    problem = {"code": answer.code, "errors": [{"pointer": each} for each in answer.pointers]}
    body = problem if answer.receipt is None else as_json(answer.receipt)
    return Answer(answer.status, {"content-type": "application/json"}, json.dumps(body).encode())


def _refused(reason: str) -> AnswersRefused:
    return AnswersRefused(
        "These receipts cannot be read", f"{reason} Nothing was changed.", "Choose the file again."
    )
