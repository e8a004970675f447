"""What a sending means for the person's own work, in the transaction that settles it."""

from __future__ import annotations

import json
from dataclasses import replace

from assessor_app.cache import assessments, forgetting, outbox, pre_assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.clock import Clock
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.states import ASSESSABLE, AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission

_STANDS = "What you sent stands, and everything you wrote is kept."
_TOO_LATE = (
    f"The time to take it back was over when this arrived. {_STANDS} The approver can return it to you."
)
_MEANWHILE = f"Somebody decided or returned it meanwhile, so that it could not be taken back. {_STANDS}"
_NOT_GIVEN_BACK = f"It could not be taken back. {_STANDS}"
_NOT_RECUSED = "It could not be given back: its state has changed meanwhile. Nothing was changed here."
_NOT_YOURS = "It could not be given back: it is not with you now. What you wrote is kept on this computer."
_CLOSED = "The team lead has closed this meanwhile. Your words are kept here; ask anew if you still need to."
_NOT_ASKED = "The platform did not take this. Your words are kept here; ask anew if you still need to."
_OWN_WORDS = {
    OutboxKind.WITHDRAWAL: (_MEANWHILE, _NOT_GIVEN_BACK),
    OutboxKind.RECUSAL: (_NOT_RECUSED, _NOT_YOURS),
    OutboxKind.ESCALATION: (_NOT_ASKED, _NOT_ASKED),
    OutboxKind.CASE_ACTION: (_CLOSED, _NOT_ASKED),
}
"""What a conflict, and any other refusal, means for what is not mended and sent again."""
_TO_THE_LEAD = (OutboxKind.ESCALATION, OutboxKind.CASE_ACTION)
"""What is not found is the question, or the platform takes none: the work behind it is there."""
_UPDATE_HERE = 426
_REFUSED = (OutboxState.CONFLICT, OutboxState.REJECTED)


_OF_LEADS = {
    "changed": "Somebody said or did something here meanwhile. Your words are kept; read it, then decide.",
    "state": "Somebody closed this, or opened it again, meanwhile. Your words are kept here.",
    "conflict-of-interest": "This person must not have it, by a conflict or by earlier work on it."
    " Nothing was changed; choose somebody else.",
    "nobody-free": "Nobody else may have this work just now. Nothing was changed.",
    "identity": "The learner would read a name, an e-mail address or a telephone number. Your words are kept;"
    " take it out and send them again.",
}
"""What a refusal means to a lead, by the platform's code."""
_NOT_TAKEN = "The platform did not take this. Your words are kept here; do it anew if it is still needed."
LEADS_PATH = "/v1/cases/"
"""Where a lead's answers and other acts go."""


def refusal_words(item: OutboxItem, status: int, code: str) -> str:
    """What a refusal means where nothing is to be mended and sent again; empty for every other kind.

    Args:
        item: what was sent.
        status: the HTTP status.
        code: the platform's code of the problem.
    """
    if item.path.startswith(LEADS_PATH):
        return _OF_LEADS.get(code, _NOT_TAKEN)
    is_gone = status == 410 or (status == 404 and item.kind not in _TO_THE_LEAD)
    if item.kind not in _OWN_WORDS or is_gone:
        return ""
    if code == "grace-over":
        return _TOO_LATE
    meanwhile, otherwise = _OWN_WORDS[item.kind]
    return meanwhile if status == 409 else otherwise


def settle(txn: Transaction, item: OutboxItem, state: OutboxState, clock: Clock) -> tuple[str, ...]:
    """Let a row's new state take effect on the work that it is about.

    Returns:
        Blob ids that nothing refers to any more; the caller unlinks the files after the commit.
    """
    if item.kind is OutboxKind.RECOMMENDATION and state in _REFUSED:
        _reopen(txn, item, _round_of(item), clock)
    if item.kind is OutboxKind.FINDING and _is_turned_down(txn, item, state):
        # Nobody here knows of it, and it must not stand in the way of the work.
        outbox.put_aside(txn, item.id)
    if item.kind is OutboxKind.PRE_ASSESSMENT and state in _REFUSED:
        refused = pre_assessments.load(txn, item.submission_id)
        pre_assessments.put(txn, replace(refused, state=AssessmentState.DRAFT))
    if item.kind in _OWN_WORDS and state in _REFUSED:
        outbox.put_aside(txn, item.id)
    if item.kind is OutboxKind.WITHDRAWAL and state is OutboxState.ACKED:
        _taken_back(txn, item, clock)
    if item.kind is OutboxKind.RECUSAL and state is OutboxState.ACKED:
        return forgetting.forget(txn, item.submission_id)
    return ()


def taken_back_elsewhere(txn: Transaction, submission: Submission, clock: Clock) -> None:
    """As the platform tells that a round is open: what was sent from here was taken back by another computer.

    Args:
        txn: a writing transaction.
        submission: as the platform has it now.
        clock: for the time.
    """
    if submission.status not in ASSESSABLE:
        return
    sent = outbox.last_of_kind(txn, submission.id, OutboxKind.RECOMMENDATION, in_round=submission.round)
    if sent is not None and sent.state is OutboxState.ACKED:
        _reopen(txn, sent, submission.round, clock)


def _is_turned_down(txn: Transaction, item: OutboxItem, state: OutboxState) -> bool:
    """Whether the platform does not take it; where it takes nothing of this version, all waits alike."""
    now = outbox.get(txn, item.id)
    is_held = state is OutboxState.BLOCKED and now is not None and now.last_status != _UPDATE_HERE
    return state in _REFUSED or is_held


def _reopen(txn: Transaction, item: OutboxItem, round_number: int, clock: Clock) -> None:
    """An assessment that the platform does not have is a draft again, with everything in it."""
    assessment = assessments.load(txn, item.submission_id, round_number)
    if assessment is not None and assessment.state is AssessmentState.FINAL:
        assessments.set_state(txn, item.submission_id, round_number, AssessmentState.DRAFT, clock.now())


def _taken_back(txn: Transaction, item: OutboxItem, clock: Clock) -> None:
    """The platform gave a recommendation back.

    The next pull says the same of the submission, or has said it already; until then the work is open here.
    """
    recommendation_id = json.loads(item.body)["recommendation_id"]
    for sent in outbox.of_submission(txn, item.submission_id):
        if sent.kind is OutboxKind.RECOMMENDATION and sent.path.endswith(f"/{recommendation_id}"):
            _reopen(txn, item, _round_of(sent), clock)
            submission = submissions.get_submission(txn, item.submission_id)
            is_behind = submission is not None and submission.round == _round_of(sent)
            if is_behind and submission is not None:
                _open_again(txn, submission)
    submissions.remove_recommendation(txn, recommendation_id)


def _open_again(txn: Transaction, submission: Submission) -> None:
    if submission.status is SubmissionStatus.WAITING_ON_APPROVER:
        first = submission.round == 1
        before = SubmissionStatus.WAITING_ON_ASSESSOR if first else SubmissionStatus.RETURNED
        submissions.put_submission(txn, replace(submission, status=before))


def _round_of(item: OutboxItem) -> int:
    return int(json.loads(item.body)["round"])
