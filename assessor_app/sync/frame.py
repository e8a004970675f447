"""What the issuer and the team hand out beside submissions: applied in the transaction of its page."""

from __future__ import annotations

from assessor_app.cache import cases, comment_bank, matches, policy, practice_anchors, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.codec import from_json
from assessor_app.domain.ids import BankEntryId, SubmissionId
from assessor_app.sync import protocol, wire_domain
from assessor_app.sync.protocol import ChangeType
from assessor_app.sync.wire_base import Wire

FRAME_TYPES = frozenset(
    {
        ChangeType.POLICY,
        ChangeType.CALENDAR,
        ChangeType.CASE,
        ChangeType.PRACTICE_ANCHOR,
        ChangeType.TEAM_COMMENT,
        ChangeType.SIMILARITY,
    }
)
"""The changes that `put` and `remove` know."""


def put(txn: Transaction, wire: Wire, rev: int) -> ChangeSet:
    """Store a record as it is now.

    Raises:
        ValueError: it contradicts itself.
    """
    if isinstance(wire, protocol.PolicyWire):
        submissions.put_label_map(txn, dict(wire.labels))
        policy.put_policy(txn, wire_domain.policy(wire))
        return ChangeSet(inbox=True, frame=True)
    if isinstance(wire, protocol.CalendarWire):
        policy.put_calendar(txn, wire_domain.calendar(wire))
        return ChangeSet(inbox=True, frame=True)
    if isinstance(wire, protocol.CaseWire):
        cases.put(txn, wire_domain.case(wire, rev))
        return ChangeSet(submissions=frozenset({SubmissionId(wire.submission_id)}), inbox=True, cases=True)
    if isinstance(wire, protocol.PracticeAnchorWire):
        practice_anchors.put(txn, from_json(PracticeAnchor, wire.model_dump(mode="json")))
    if isinstance(wire, protocol.SimilarityWire):
        matches.put(txn, wire_domain.similarity(wire))
        return _matched(wire.submission_id)
    if isinstance(wire, protocol.TeamCommentWire):
        comment_bank.put_team(txn, wire_domain.team_comment(wire))
        return ChangeSet(comments=True)
    return ChangeSet(frame=True)


def remove(txn: Transaction, kind: ChangeType, record_id: str) -> ChangeSet:
    """Take away a record that the platform no longer hands out."""
    if kind is ChangeType.CASE:
        cases.remove(txn, record_id)
        return ChangeSet(cases=True)
    if kind is ChangeType.PRACTICE_ANCHOR:
        practice_anchors.remove(txn, record_id)
    if kind is ChangeType.SIMILARITY:
        matches.remove(txn, record_id)
        return _matched(record_id)
    if kind is ChangeType.TEAM_COMMENT:
        comment_bank.remove_team(txn, BankEntryId(record_id))
        return ChangeSet(comments=True)
    return ChangeSet(frame=True)


def _matched(submission_id: str) -> ChangeSet:
    return ChangeSet(submissions=frozenset({SubmissionId(submission_id)}), cases=True)
