"""What the platform keeps of a round that was sent: marks for herself alone, put together with those here.

Marks go from round to round, and these are in nothing that was sent. What one computer alone changed is
taken; what both changed, each in another way, she compares.
"""

from __future__ import annotations

from enum import Enum, auto

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import draft_copies, draft_work, edit_log
from assessor_app.cache.engine import Transaction
from assessor_app.clock import Clock
from assessor_app.domain.drafts import Draft, beside_earlier_round
from assessor_app.domain.merging import WorkCopy, merge, parts_of
from assessor_app.domain.submissions import Submission
from assessor_app.sync import two_copies
from assessor_app.sync.begun_elsewhere import begins_with
from assessor_app.sync.draft_document import draft_of, told


class Found(Enum):
    """What became of the marks."""

    NOTHING_NEW = auto()
    TAKEN = auto()
    TO_COMPARE = auto()
    NOT_NOW = auto()
    """She is writing: nothing was changed."""


def take_marks(
    txn: Transaction, submission: Submission, theirs: Draft, clock: Clock, *, is_writing: bool
) -> Found:
    """Put the marks that an earlier round's copy still holds together with those that are here.

    Args:
        txn: a writing transaction.
        submission: in its present round, begun here or not.
        theirs: what the platform holds of an earlier round.
        clock: for times and ids.
        is_writing: whether a text of the submission is being typed just now.
    """
    sid = submission.id
    copy = draft_copies.newest(txn, sid)
    base = None if copy is None else draft_of(copy.document, sid)
    begun = WorkCopy(begins_with(txn, submission), annotation_rows.of_submission(txn, sid))
    mine = told(Draft(sid, submission.round, begun), submission.rubric).work
    assert mine is not None
    goes_on = copy is not None and bool(copy.etag)
    began, other = beside_earlier_round(base, mine, theirs, goes_on=goes_on)
    together = merge(began, mine, other)
    if together.differences:
        two_copies.keep(txn, submission, began, mine, other, clock)
        return Found.TO_COMPARE
    here, then = parts_of(mine), parts_of(together.merged)
    if here == then:
        return Found.NOTHING_NEW
    if is_writing:
        return Found.NOT_NOW
    if here.items() - then.items():
        # Whether the other computer had seen this one's is in no message: what gives way stays readable.
        two_copies.keep(txn, submission, began, mine, other, clock, is_over=True)
    draft_work.adopt_marks(txn, sid, together.merged)
    edit_log.close(txn, sid)
    return Found.TAKEN
