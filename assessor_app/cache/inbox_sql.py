"""The inbox's rules as plain SQL, shared by the store and by `first_rows`, so that they cannot drift apart.

`refresh` derives where a submission stands in each role's inbox; reading the order is then one indexed scan,
and a row is a few point reads. Nothing here imports SQLAlchemy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from assessor_app.cache.moments import from_us, from_us_or_none
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_groups import NEVER_US, InboxOrder
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus

# CROSS JOIN keeps SQLite to the order that is written; left to itself it reads a whole inbox for one row.
# Each role sends one kind of thing, works on some states, and has one stage's date.
_WORK = """
    SELECT a.submission_id, a.role, a.lease_until_us
    FROM json_each(:ids) t CROSS JOIN assignment a ON a.submission_id = t.value
    UNION ALL
    -- What still waits to be sent stays visible when the assignment is gone.
    SELECT DISTINCT o.submission_id, k.value, NULL
    FROM json_each(:ids) t CROSS JOIN outbox o ON o.submission_id = t.value
    CROSS JOIN json_each('{"recommendation": "assessor", "decision": "approver",
        "pre_assessment": "preassessor"}') k ON k.key = o.kind
    WHERE o.state <> 'acked' AND o.superseded_by IS NULL AND NOT EXISTS (
        SELECT 1 FROM assignment a WHERE a.submission_id = o.submission_id AND a.role = k.value)
        AND NOT EXISTS (SELECT 1 FROM ending e WHERE e.submission_id = o.submission_id AND e.role = k.value)
    UNION ALL
    -- So does what ended and is kept for a while.
    SELECT e.submission_id, e.role, NULL
    FROM json_each(:ids) t CROSS JOIN ending e ON e.submission_id = t.value
    WHERE NOT EXISTS (
        SELECT 1 FROM assignment a WHERE a.submission_id = e.submission_id AND a.role = e.role)
"""

_FACTS = """
    SELECT w.submission_id, w.role, w.lease_until_us, s.status, s.round, s.received_us,
        w.role IN ('approver', 'lead') AS decides,
        CASE w.role
            WHEN 'preassessor' THEN s.status IN ('submitted', 'in_pre_assessment')
            WHEN 'assessor' THEN s.status IN ('waiting_on_assessor', 'returned')
            ELSE s.status = 'waiting_on_approver' END AS is_open,
        s.status IN ('incomplete', 'awarded', 'denied', 'withdrawn') AS is_settled,
        CASE w.role WHEN 'preassessor' THEN s.pre_assessment_due_us
            WHEN 'assessor' THEN s.assessment_due_us ELSE s.decision_due_us END AS due_us,
        CASE w.role WHEN 'preassessor' THEN s.pre_assessment_due_kind
            WHEN 'assessor' THEN s.assessment_due_kind ELSE s.decision_due_kind END AS due_kind,
        (SELECT o.state FROM outbox o WHERE o.submission_id = s.id AND o.superseded_by IS NULL
            AND o.kind = CASE w.role WHEN 'assessor' THEN 'recommendation'
                WHEN 'preassessor' THEN 'pre_assessment' ELSE 'decision' END
            AND (o.state <> 'acked' OR o.round = s.round)
            ORDER BY CASE o.state WHEN 'acked' THEN 2 WHEN 'queued' THEN 1 WHEN 'sending' THEN 1 ELSE 0 END,
            o.seq LIMIT 1) AS outbox_state
    FROM work w CROSS JOIN submission s ON s.id = w.submission_id
"""

_STATES = """
    SELECT f.*, CASE
        WHEN outbox_state IN ('conflict', 'rejected', 'blocked') THEN 'needs_you'
        WHEN outbox_state IN ('queued', 'sending') THEN 'waiting_to_send'
        WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.submission_id = f.submission_id AND o.kind = 'recusal'
            AND o.state IN ('queued', 'sending')) THEN 'waiting_to_send'
        WHEN decides AND is_open AND outbox_state = 'acked' THEN 'sent'
        WHEN decides AND status IN ('returned', 'awarded', 'denied') THEN 'sent'
        WHEN decides THEN iif(EXISTS (SELECT 1 FROM decision_draft d
            WHERE d.submission_id = f.submission_id AND d.round = f.round), 'draft', 'not_started')
        WHEN role = 'preassessor' THEN ifnull((SELECT iif(x.state = 'final', 'sent', 'draft')
            FROM pre_assessment x WHERE x.submission_id = f.submission_id),
            iif(is_open, 'not_started', 'sent'))
        WHEN status IN ('waiting_on_approver', 'awarded', 'denied') THEN 'sent'
        WHEN (SELECT state FROM assessment x WHERE x.submission_id = f.submission_id AND x.round = f.round)
            = 'final' THEN 'sent'
        WHEN EXISTS (SELECT 1 FROM rating x WHERE x.submission_id = f.submission_id AND x.round = f.round)
            OR EXISTS (SELECT 1 FROM criterion_feedback x
                WHERE x.submission_id = f.submission_id AND x.round = f.round)
            OR EXISTS (SELECT 1 FROM assessment x WHERE x.submission_id = f.submission_id
                AND x.round = f.round AND (x.overall <> '' OR x.note_to_approver <> ''))
            OR EXISTS (SELECT 1 FROM annotation x WHERE x.submission_id = f.submission_id) THEN 'draft'
        ELSE 'not_started' END AS local_state
    FROM facts f
    WHERE NOT (decides AND NOT is_open AND NOT is_settled AND status <> 'returned' AND outbox_state IS NULL)
"""

_PLACES = """
    SELECT s.*, CASE
        WHEN local_state = 'needs_you' THEN 0
        WHEN is_settled THEN 3
        WHEN is_open AND local_state IN ('not_started', 'draft') THEN 1
        ELSE 2 END AS band,
        NOT is_settled AND local_state <> 'sent' AND (is_open OR outbox_state IS NOT NULL) AS is_due
    FROM states s
"""

_REFRESH = f"""
WITH work AS ({_WORK}), facts AS MATERIALIZED ({_FACTS}), states AS MATERIALIZED ({_STATES}),
places AS ({_PLACES})
INSERT INTO inbox_entry (submission_id, role, band, due_order, received_us, due_us, due_kind, lease_until_us,
    local_state, outbox_state)
SELECT submission_id, role, band, iif(is_due, ifnull(due_us, {NEVER_US}), {NEVER_US}), received_us,
    iif(is_due, due_us, NULL), iif(is_due, due_kind, NULL), lease_until_us, local_state, outbox_state
FROM places
"""

_ORDER = "ORDER BY band, due_order, received_us, submission_id"

_COLUMNS = """
SELECT json_group_array(submission_id), json_group_array(band), json_group_array(due_order) FROM ({})
"""

ORDERED_IDS = f"SELECT submission_id, band, due_order FROM inbox_entry WHERE role = :role {_ORDER}"

_PLACES_OF = """
SELECT i.band, i.due_order, i.received_us, i.submission_id
FROM json_each(:ids) t CROSS JOIN inbox_entry i ON i.submission_id = t.value AND i.role = :role
"""

ID_BEFORE = """
SELECT submission_id FROM inbox_entry
WHERE role = :role AND band = :band AND due_order = :due_order
    AND (received_us, submission_id) < (:received_us, :id)
ORDER BY received_us DESC, submission_id DESC LIMIT 1
"""

_ROW = """
SELECT s.id, s.code, s.title, s.status, s.submission_type, i.due_us, i.due_kind,
    iif(s.status IN ('incomplete', 'awarded', 'denied', 'withdrawn'), NULL, s.final_us), i.local_state,
    iif(i.role IN ('approver', 'lead'),
        (SELECT d.mark_count FROM decision_draft d WHERE d.submission_id = s.id AND d.round = s.round),
        (SELECT count(*) FROM rating r WHERE r.submission_id = s.id AND r.round = s.round
            AND (r.level IS NOT NULL OR r.not_scorable IS NOT NULL))),
    -- What a single artifact is judged on is not known to SQL.
    iif(s.submission_type = 'single_artifact', NULL,
        (SELECT v.criteria_count FROM rubric_version v
            WHERE v.id = s.rubric_id AND v.version = s.rubric_version)),
    s.is_resubmission, s.is_returned, i.lease_until_us,
    (SELECT count(*) FROM evidence_file e WHERE e.submission_id = s.id AND e.state = 'ready'),
    (SELECT count(*) FROM evidence_file e WHERE e.submission_id = s.id),
    i.outbox_state, s.received_us, i.band,
    (SELECT f.pages FROM submission_fact f WHERE f.submission_id = s.id),
    (SELECT f.recordings FROM submission_fact f WHERE f.submission_id = s.id),
    (SELECT sum(m.duration_ms) FROM media_probe m WHERE m.submission_id = s.id),
    (SELECT group_concat(o.kind) FROM outbox o WHERE o.submission_id = s.id
        AND o.kind IN ('recusal', 'withdrawal') AND o.state IN ('queued', 'sending')),
    (SELECT sum(c.unread) FROM team_case c WHERE c.submission_id = s.id),
    (SELECT e.reason FROM ending e WHERE e.submission_id = s.id AND e.role = i.role)
"""

ROWS_BY_ID = f"""{_ROW}
FROM json_each(:ids) t
CROSS JOIN inbox_entry i ON i.submission_id = t.value AND i.role = :role
CROSS JOIN submission s ON s.id = i.submission_id
ORDER BY t.key
"""

FIRST_ROWS = f"""{_ROW}
FROM (SELECT * FROM inbox_entry WHERE role = :role {_ORDER} LIMIT :limit) i
CROSS JOIN submission s ON s.id = i.submission_id
{_ORDER.replace("received_us", "i.received_us")}
"""


class Place(NamedTuple):
    """Where a submission stands in an inbox; places sort as the inbox does."""

    band: int
    due_order: int
    received_us: int
    id: SubmissionId


def refresh(connection: Any, submission_ids: Iterable[str]) -> None:
    """Derive the inbox places of some submissions from the tables that they follow from.

    Args:
        connection: a `sqlcipher3` connection inside a transaction.
        submission_ids: those that changed.
    """
    ids = json.dumps(list(submission_ids))
    connection.execute(
        "DELETE FROM inbox_entry WHERE submission_id IN (SELECT value FROM json_each(:ids))", {"ids": ids}
    )
    connection.execute(_REFRESH, {"ids": ids})


def whole_order(connection: Any, role: Role) -> InboxOrder:
    """The order of the list of a role's inbox."""
    ids, bands, dues = columns(connection, ORDERED_IDS, {"role": role.value})
    return InboxOrder(ids, bands, dues, len(ids))


def places_of(connection: Any, role: Role, ids: Iterable[str]) -> list[Place]:
    """Where some submissions stand in a role's inbox, in no order; those not in it are left out."""
    rows = connection.execute(_PLACES_OF, {"role": role.value, "ids": json.dumps(list(ids))})
    return [Place(*row) for row in rows]


def id_before(connection: Any, role: Role, place: Place) -> SubmissionId | None:
    """What stands right before a place, of all with its band and its due order; None for the first."""
    row = connection.execute(ID_BEFORE, {"role": role.value, **place._asdict()}).fetchone()
    return None if row is None else SubmissionId(row[0])


def columns(connection: Any, ordered: str, values: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """Id, band and due date of what a statement gives, each as one tuple in its order.

    Each column comes as one text: a hundred thousand rows would be as many objects for the collector.

    Args:
        connection: a `sqlcipher3` connection.
        ordered: a statement that gives submission_id, band and due_order, ordered.
        values: its parameters.
    """
    row = connection.execute(_COLUMNS.format(ordered), values).fetchone()
    return tuple(tuple(json.loads(column)) for column in row)


def count(connection: Any, role: Role) -> int:
    """How many submissions a role's inbox holds."""
    row = connection.execute("SELECT count(*) FROM inbox_entry WHERE role = :role", {"role": role.value})
    return int(row.fetchone()[0])


def rows_by_id(connection: Any, role: Role, ids: Sequence[SubmissionId]) -> tuple[InboxRow, ...]:
    """The rows of some submissions in the given order; those that are not in the inbox are left out."""
    rows = connection.execute(ROWS_BY_ID, {"role": role.value, "ids": json.dumps(list(ids))})
    return tuple(_inbox_row(row) for row in rows.fetchall())


def top_rows(connection: Any, role: Role, limit: int) -> tuple[InboxRow, ...]:
    """The first rows of a role's inbox."""
    rows = connection.execute(FIRST_ROWS, {"role": role.value, "limit": limit})
    return tuple(_inbox_row(row) for row in rows.fetchall())


def _inbox_row(row: Sequence[Any]) -> InboxRow:
    return InboxRow(
        id=SubmissionId(row[0]),
        code=row[1],
        title=row[2],
        status=SubmissionStatus(row[3]),
        submission_type=SubmissionType(row[4]),
        due_at=from_us_or_none(row[5]),
        due_kind=None if row[6] is None else DueKind(row[6]),
        final_at=from_us_or_none(row[7]),
        local_state=LocalState(row[8]),
        rated=row[9] or 0,
        criteria=row[10] or 0,
        is_resubmission=bool(row[11]),
        is_returned=bool(row[12]),
        lease_until=from_us_or_none(row[13]),
        evidence_ready=row[14],
        evidence_total=row[15],
        outbox_state=None if row[16] is None else OutboxState(row[16]),
        received_at=from_us(row[17]),
        band=row[18],
        pages=row[19] or 0,
        recordings=row[20] or 0,
        recorded_ms=row[21] or 0,
        is_given_back="recusal" in (row[22] or ""),
        is_taken_back="withdrawal" in (row[22] or ""),
        unread_answers=row[23] or 0,
        ending=None if row[24] is None else EndingReason(row[24]),
    )
