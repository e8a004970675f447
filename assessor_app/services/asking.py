"""Questions and reports to the team lead: asking, asking on, reading answers; offline as well."""

from __future__ import annotations

import json

from assessor_app.cache import cases, outbox, unsent_questions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.cases import Case, CaseKind, CaseState
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.services.context import Context
from assessor_app.services.on_device import present
from assessor_app.services.queueing import enqueue
from assessor_app.services.views import Saying, Thread
from assessor_app.sync import protocol

ASKED = (CaseKind.QUESTION, CaseKind.INTEGRITY, CaseKind.FAULT)
"""What somebody who judges can open."""


def ask(
    context: Context,
    submission_id: SubmissionId,
    kind: CaseKind,
    text: str,
    *,
    criterion_id: str | None = None,
    source_id: str | None = None,
) -> ChangeSet:
    """Ask the team lead something, or report it.

    Args:
        context: the open profile.
        submission_id: what it is about.
        kind: question, integrity concern, or fault of a file or link.
        text: the words; the team lead reads them.
        criterion_id: the criterion that it is about.
        source_id: the piece of evidence that it is about.

    Raises:
        NotAllowed: there are no words, or the submission is not on this machine.
    """
    _need_words(text)
    if kind not in ASKED:
        raise ValueError(f"nobody asks {kind}")
    with context.store.write() as txn:
        submission = present(txn, submission_id)
        body = protocol.EscalationIn.model_validate(
            {
                "id": context.clock.new_id(),
                "submission_id": submission_id,
                "kind": kind,
                "text": text.strip(),
                "criterion_id": criterion_id,
                "source_id": source_id,
            }
        )
        enqueue(context, txn, submission, OutboxKind.ESCALATION, body, path="/v1/escalations")
        unsent_questions.put(txn, submission_id, "")
    return _changed(submission_id)


def ask_on(context: Context, submission_id: SubmissionId, case_id: str, text: str) -> ChangeSet:
    """Add words to a question or report that the platform has.

    Raises:
        NotAllowed: there are no words, or the submission is not on this machine.
    """
    _need_words(text)
    with context.store.write() as txn:
        submission = present(txn, submission_id)
        body = protocol.CaseActionIn(action="answer", text=text.strip())
        path = f"/v1/escalations/{case_id}/words"
        enqueue(context, txn, submission, OutboxKind.CASE_ACTION, body, path=path)
        unsent_questions.put(txn, submission_id, "")
    return _changed(submission_id)


def threads(context: Context, submission_id: SubmissionId) -> tuple[Thread, ...]:
    """What was asked and answered about a submission, the newest question first, with what still waits."""
    with context.store.read() as txn:
        submission = present(txn, submission_id)
        known = [case for case in cases.of_submission(txn, submission_id) if case.kind in ASKED]
        sent = outbox.every_of_kinds(txn, submission_id, (OutboxKind.ESCALATION, OutboxKind.CASE_ACTION))
        unread = cases.unread_of(txn, submission_id)
    return _threads(submission, known, sent, unread)


def unsent(context: Context, submission_id: SubmissionId) -> str:
    """What was typed to the team lead and not sent yet."""
    with context.store.read() as txn:
        return unsent_questions.get(txn, submission_id)


def keep_unsent(context: Context, submission_id: SubmissionId, text: str) -> ChangeSet:
    """Keep what is being typed to the team lead; it leaves only when it is sent.

    Returns:
        No change at all: nothing that is shown elsewhere depends on it.

    Raises:
        NotAllowed: the submission is not on this machine.
    """
    with context.store.write() as txn:
        present(txn, submission_id)
        unsent_questions.put(txn, submission_id, text)
    return ChangeSet()


def read_answers(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Note that every answer about a submission was shown."""
    with context.store.write() as txn:
        if not cases.mark_read(txn, submission_id):
            return ChangeSet()
    return ChangeSet(submissions=frozenset({submission_id}), inbox=True, cases=True)


def unread_count(txn: Transaction, submission_id: SubmissionId) -> int:
    """How many answers about a submission were not shown yet."""
    return sum(cases.unread_of(txn, submission_id).values())


def _threads(
    submission: Submission,
    known: list[Case],
    sent: tuple[OutboxItem, ...],
    unread: dict[str, int],
) -> tuple[Thread, ...]:
    by_id = {case.id: case for case in known}
    waiting: dict[str, list[Saying]] = {case_id: [] for case_id in by_id}
    for item in sent:
        body = json.loads(item.body)
        if item.kind is OutboxKind.ESCALATION:
            if body["id"] not in by_id:
                by_id[body["id"]] = _case_of(submission, item, body)
                waiting[body["id"]] = [_saying(item, body["text"])]
            continue
        case_id = item.path.split("/")[3]
        case = by_id.get(case_id)
        if case is not None and not _has_arrived(case, item):
            waiting.setdefault(case_id, []).append(_saying(item, body["text"]))
    made = [Thread(case, tuple(waiting[case_id]), unread.get(case_id, 0)) for case_id, case in by_id.items()]
    return tuple(sorted(made, key=lambda thread: (thread.case.opened_at, thread.case.id), reverse=True))


def _case_of(submission: Submission, item: OutboxItem, body: dict[str, str]) -> Case:
    """A question that the platform has not handed back yet, as it will be."""
    return Case(
        id=body["id"],
        kind=CaseKind(body["kind"]),
        state=CaseState.OPEN,
        submission_id=submission.id,
        code=submission.code,
        opened_at=item.created_at,
        title=submission.title,
        criterion_id=body.get("criterion_id"),
        source_id=body.get("source_id"),
    )


def _saying(item: OutboxItem, text: str) -> Saying:
    is_refused = item.state in (OutboxState.CONFLICT, OutboxState.REJECTED, OutboxState.BLOCKED)
    return Saying(
        text=text,
        at=item.created_at,
        is_sent=item.state is OutboxState.ACKED,
        trouble=item.last_error if is_refused else "",
    )


def _has_arrived(case: Case, item: OutboxItem) -> bool:
    """Whether what was sent is among the entries that the platform has handed out."""
    return item.receipt is not None and any(entry.at >= item.receipt.received_at for entry in case.entries)


def _need_words(text: str) -> None:
    if not text.strip():
        raise NotAllowed("There is nothing to send yet", "The team lead needs a few words.")


def _changed(submission_id: SubmissionId) -> ChangeSet:
    return ChangeSet(submissions=frozenset({submission_id}), inbox=True, outbox=True, cases=True)
