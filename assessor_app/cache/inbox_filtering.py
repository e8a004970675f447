"""The order of what fits a filter: most layers as SQL, the rest on the few facts that it reads anyway."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from assessor_app.cache import inbox_sql
from assessor_app.cache.engine import Transaction
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, Show, has_words
from assessor_app.domain.inbox_groups import Days, InboxOrder
from assessor_app.domain.roles import Role

_SHOWN = {
    Show.ALL: "1",
    Show.TO_DO: "i.band <= 1",
    Show.IN_PROGRESS: "i.band < 3 AND i.local_state = 'draft'",
    Show.RETURNED: "i.band <= 1 AND f.is_returned",
    Show.DONE: "i.band = 2",
    Show.SETTLED: "i.band = 3",
}
_KINDS = {
    Kind.NEW: "NOT f.is_resubmission AND NOT f.is_returned",
    Kind.RESUBMISSION: "f.is_resubmission",
    Kind.RETURNED: "f.is_returned",
}
# The three rules of `domain.at_risk`; a test holds both equal.
_AT_RISK = """
    i.band = 1 AND (i.due_us IS NULL OR i.due_us >= :now_us) AND (
        ifnull(f.final_us <= :soon_us, 0)
        OR ifnull(i.lease_until_us <= :soon_us AND i.lease_until_us < i.due_us, 0)
        OR ifnull(i.local_state = 'not_started' AND i.due_us <= :soon_us, 0))
"""
_ALL_HERE = """
    NOT EXISTS (SELECT 1 FROM evidence_file e WHERE e.submission_id = i.submission_id AND e.state <> 'ready')
"""
_HAS_RECORDINGS = "f.recordings > 0"
_OF_MICROCREDENTIALS = "f.microcredential_id IN (SELECT value FROM json_each(:microcredentials))"


def order(txn: Transaction, role: Role, wanted: InboxFilter, days: Days, soon_us: int) -> InboxOrder:
    """The order of a role's inbox as far as it fits a filter.

    Args:
        txn: a transaction.
        role: whose inbox.
        wanted: the filter.
        days: the person's days.
        soon_us: end of the next business day, for what is at risk.
    """
    if not wanted.layers:
        return txn.inbox_order(role)
    txn.settle()
    connection = txn.driver
    values = {
        "role": role.value,
        "now_us": days.now_us,
        "soon_us": soon_us,
        "microcredentials": json.dumps(wanted.microcredentials),
    }
    tests = " AND ".join(f"({test})" for test in _tests(wanted, days))
    ordered = f"""SELECT i.submission_id, i.band, i.due_order, f.code, f.title
        FROM inbox_entry i CROSS JOIN submission_fact f ON f.submission_id = i.submission_id
        WHERE i.role = :role AND {tests}
        ORDER BY i.band, i.due_order, i.received_us, i.submission_id"""
    values = {name: value for name, value in values.items() if f":{name}" in tests or name == "role"}
    if wanted.text:
        rows: Iterable[Any] = connection.execute(ordered, values)
        fitting = [row[:3] for row in rows if has_words(wanted.text, row[3], row[4])]
        ids, bands, dues = zip(*fitting, strict=True) if fitting else ((), (), ())
    else:
        ids, bands, dues = inbox_sql.columns(connection, ordered, values)
    return InboxOrder(ids, bands, dues, inbox_sql.count(connection, role))


# From one to the next by the index: there are few of them, and thousands of submissions.
_MICROCREDENTIALS = """
    WITH RECURSIVE one(id) AS (
        SELECT min(microcredential_id) FROM submission_fact WHERE microcredential_id > ''
        UNION ALL
        SELECT (SELECT min(f.microcredential_id) FROM submission_fact f WHERE f.microcredential_id > one.id)
        FROM one WHERE one.id IS NOT NULL)
    SELECT one.id,
        (SELECT f.title FROM submission_fact f WHERE f.microcredential_id = one.id LIMIT 1) AS title
    FROM one WHERE one.id IS NOT NULL ORDER BY title, one.id
"""


def microcredentials(txn: Transaction) -> tuple[tuple[MicrocredentialId, str], ...]:
    """The micro-credentials of what is on this machine with their titles, by title."""
    rows = txn.connection.exec_driver_sql(_MICROCREDENTIALS)
    return tuple((MicrocredentialId(row[0]), row[1]) for row in rows)


def _tests(wanted: InboxFilter, days: Days) -> list[str]:
    tests = [_SHOWN[wanted.show]]
    if wanted.microcredentials:
        tests.append(_OF_MICROCREDENTIALS)
    if wanted.due:
        ends = dict(days.bounds)
        starts = dict(zip(ends, (0, *ends.values()), strict=False))
        ranges = " OR ".join(f"i.due_order >= {starts[g]} AND i.due_order < {ends[g]}" for g in wanted.due)
        tests.append(f"i.band = 1 AND ({ranges})")
    if wanted.kinds:
        tests.append(" OR ".join(f"({_KINDS[kind]})" for kind in wanted.kinds))
    flags = (
        (wanted.at_risk, _AT_RISK),
        (wanted.all_here, _ALL_HERE),
        (wanted.has_recordings, _HAS_RECORDINGS),
    )
    return tests + [test for is_on, test in flags if is_on]
