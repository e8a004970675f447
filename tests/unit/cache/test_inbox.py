from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, evidence, inbox_sql, media_probes, outbox, submissions
from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.first_rows import first_rows
from assessor_app.cache.media_probes import MediaProbe, MediaState
from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionDraft,
    IndependentMark,
    OutboxKind,
    Rating,
)
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Due, EvidenceState, Stage
from assessor_app.errors import StoreDamaged
from tests import builders
from tests.builders import CRITERIA, NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store

S, L, B, R = SubmissionStatus, LocalState, OutboxState, Role
SID = builders.submission_id(1)


def put(txn: Transaction, number: int, status: SubmissionStatus, role: Role, **changes: Any) -> None:
    submissions.put_submission(txn, builders.submission(number, status=status, **changes))
    submissions.put_assignment(txn, builders.assignment(number, role))


def row(txn: Transaction, role: Role, number: int = 1) -> InboxRow | None:
    rows = submissions.inbox_rows(txn, role, [builders.submission_id(number)])
    return rows[0] if rows else None


def queue(txn: Transaction, state: OutboxState, kind: OutboxKind, *, round_number: int = 1) -> None:
    body = canonical_json({"round": round_number})
    item = builders.outbox_item(1, kind=kind, body=body, sha256=sha256_hex(body))
    outbox.enqueue(txn, item)
    if state is not B.QUEUED:
        outbox.move(txn, item.id, B.SENDING)
    if state not in (B.QUEUED, B.SENDING):
        outbox.move(txn, item.id, state, receipt=builders.receipt(item) if state is B.ACKED else None)


def begun(txn: Transaction) -> None:
    assessments.begin(txn, SID, 1)


def rated(txn: Transaction) -> None:
    assessments.set_rating(txn, SID, 1, Rating(CRITERIA[0], "demonstrated"), NOON)


def sent(txn: Transaction) -> None:
    rated(txn)
    assessments.set_state(txn, SID, 1, AssessmentState.FINAL, NOON)


def marked(txn: Transaction) -> None:
    assessments.put_decision_draft(txn, DecisionDraft(SID, 1, marks=(IndependentMark(CRITERIA[0], True),)))


def nothing(_: Transaction) -> None:
    pass


ASSESSOR_CASES = [
    (S.SUBMITTED, nothing, L.NOT_STARTED, 2),
    (S.IN_PRE_ASSESSMENT, nothing, L.NOT_STARTED, 2),
    (S.INCOMPLETE, nothing, L.NOT_STARTED, 3),
    (S.WAITING_ON_ASSESSOR, nothing, L.NOT_STARTED, 1),
    (S.WAITING_ON_ASSESSOR, rated, L.DRAFT, 1),
    (S.WAITING_ON_ASSESSOR, lambda t: assessments.set_overall(t, SID, 1, "x", NOON), L.DRAFT, 1),
    (S.WAITING_ON_ASSESSOR, lambda t: assessments.set_note(t, SID, 1, "x", NOON), L.DRAFT, 1),
    (
        S.WAITING_ON_ASSESSOR,
        lambda t: assessments.set_feedback(t, SID, 1, builders.feedback(), NOON),
        L.DRAFT,
        1,
    ),
    (S.WAITING_ON_ASSESSOR, lambda t: annotation_rows.put(t, builders.annotation(1)), L.DRAFT, 1),
    (S.WAITING_ON_ASSESSOR, begun, L.NOT_STARTED, 1),
    (S.WAITING_ON_ASSESSOR, sent, L.SENT, 2),
    (S.WAITING_ON_APPROVER, rated, L.SENT, 2),
    (S.RETURNED, nothing, L.NOT_STARTED, 1),
    (S.RETURNED, rated, L.DRAFT, 1),
    (S.AWARDED, nothing, L.SENT, 3),
    (S.DENIED, nothing, L.SENT, 3),
    (S.WITHDRAWN, rated, L.DRAFT, 3),
]

APPROVER_CASES = [
    (S.SUBMITTED, nothing, None, 0),
    (S.WAITING_ON_ASSESSOR, nothing, None, 0),
    (S.WAITING_ON_APPROVER, nothing, L.NOT_STARTED, 1),
    (S.WAITING_ON_APPROVER, marked, L.DRAFT, 1),
    (S.WAITING_ON_APPROVER, lambda t: queue(t, B.ACKED, OutboxKind.DECISION), L.SENT, 2),
    (
        S.WAITING_ON_APPROVER,
        lambda t: queue(t, B.ACKED, OutboxKind.DECISION, round_number=0),
        L.NOT_STARTED,
        1,
    ),
    (S.WAITING_ON_APPROVER, lambda t: queue(t, B.ACKED, OutboxKind.RECOMMENDATION), L.NOT_STARTED, 1),
    (S.RETURNED, nothing, L.SENT, 2),
    (S.AWARDED, nothing, L.SENT, 3),
    (S.DENIED, nothing, L.SENT, 3),
    (S.WITHDRAWN, marked, L.DRAFT, 3),
]


@pytest.mark.parametrize(
    ("role", "status", "act", "local_state", "band"),
    [(R.ASSESSOR, *case) for case in ASSESSOR_CASES] + [(R.APPROVER, *case) for case in APPROVER_CASES],
)
def test_where_a_submission_stands(
    store: Store,
    role: Role,
    status: SubmissionStatus,
    act: Callable[[Transaction], None],
    local_state: LocalState | None,
    band: int,
) -> None:
    with store.write() as txn:
        put(txn, 1, status, role)
        act(txn)
    with store.read() as txn:
        found = row(txn, role)
        stored_band = txn.connection.exec_driver_sql("SELECT band FROM inbox_entry").scalar()
    if local_state is None:
        assert found is None
        return
    assert found is not None
    assert (found.local_state, stored_band) == (local_state, band)
    is_open = band == 1
    assert (found.due_at is not None) == is_open
    assert (found.due_kind is not None) == is_open
    assert (found.final_at is None) == (band == 3)


@pytest.mark.parametrize("role", [R.ASSESSOR, R.APPROVER])
@pytest.mark.parametrize(
    ("state", "local_state", "band"),
    [
        (B.QUEUED, L.WAITING_TO_SEND, 2),
        (B.SENDING, L.WAITING_TO_SEND, 2),
        (B.CONFLICT, L.NEEDS_YOU, 0),
        (B.REJECTED, L.NEEDS_YOU, 0),
        (B.BLOCKED, L.NEEDS_YOU, 0),
        (B.ACKED, L.SENT, 2),
    ],
)
def test_what_waits_to_be_sent_is_applied(
    store: Store, role: Role, state: OutboxState, local_state: LocalState, band: int
) -> None:
    approves = role is R.APPROVER
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_APPROVER if approves else S.WAITING_ON_ASSESSOR, role)
        if not approves:
            sent(txn)
        queue(txn, state, OutboxKind.DECISION if approves else OutboxKind.RECOMMENDATION)
        found = row(txn, role)
        assert found is not None
        assert (found.local_state, found.outbox_state) == (local_state, state)
        assert txn.connection.exec_driver_sql("SELECT band FROM inbox_entry").scalar() == band
        assert (found.due_at is None) == (state is B.ACKED)


def test_each_role_sees_its_own_date(store: Store) -> None:
    received = builders.submission().received_at
    with store.write() as txn:
        put(txn, 1, S.IN_PRE_ASSESSMENT, R.PREASSESSOR)
        put(txn, 2, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
        put(txn, 3, S.WAITING_ON_APPROVER, R.APPROVER)
        put(txn, 4, S.WAITING_ON_APPROVER, R.LEAD)
        due = {
            role: row(txn, role, n)
            for n, role in enumerate((R.PREASSESSOR, R.ASSESSOR, R.APPROVER, R.LEAD), 1)
        }
    days = {role: (r.due_at - received).days for role, r in due.items() if r and r.due_at}
    assert days == {R.PREASSESSOR: 1, R.ASSESSOR: 7, R.APPROVER: 20, R.LEAD: 20}
    assert {r.due_kind for r in due.values() if r} == {DueKind.TARGET, DueKind.HARD}


def test_a_row_tells_what_the_list_shows(store: Store, clock: FakeClock) -> None:
    submission = builders.submission(
        1, status=S.RETURNED, round=2, attempt=2, submission_type=SubmissionType.SINGLE_ARTIFACT
    )
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        submissions.put_submission(txn, submission)
        submissions.put_assignment(txn, builders.assignment(1))
        evidence.want(txn, submission, clock)
        evidence.set_state(txn, evidence.files(txn, SID)[0].blob_id, EvidenceState.READY)
        assessments.set_rating(txn, SID, 1, Rating(CRITERIA[3], "demonstrated"), NOON)
        assessments.set_rating(txn, SID, 2, Rating(CRITERIA[0], "demonstrated"), NOON)
        assessments.set_rating(
            txn, SID, 2, Rating(CRITERIA[1], not_scorable="NS-UNREADABLE", note="empty"), NOON
        )
        assessments.set_rating(txn, SID, 2, Rating(CRITERIA[2], note="not yet"), NOON)
    with store.read() as txn:
        assert submissions.inbox_rows(txn, R.ASSESSOR, [SID]) == (
            InboxRow(
                id=SID,
                code="S-0001",
                title=submission.title,
                status=S.RETURNED,
                submission_type=SubmissionType.SINGLE_ARTIFACT,
                due_at=submission.due[1].at,
                due_kind=DueKind.TARGET,
                final_at=submission.due[2].at,
                local_state=L.DRAFT,
                rated=2,
                criteria=4,
                is_resubmission=True,
                is_returned=True,
                lease_until=NOON + timedelta(days=3),
                evidence_ready=1,
                evidence_total=3,
                outbox_state=None,
                received_at=submission.received_at,
                band=1,
                pages=4,
            ),
        )


def test_a_row_tells_how_long_its_recordings_are_once_they_were_tried(store: Store, clock: FakeClock) -> None:
    kinds = ("video/mp4", "audio/mpeg", "image/png")
    files = tuple(builders.artifact(n, media_type=kind) for n, kind in enumerate(kinds, 1))
    made = builders.submission(1)
    made = replace(made, parts=(replace(made.parts[1], artifacts=files),))
    with store.write() as txn:
        submissions.put_submission(txn, made)
        submissions.put_assignment(txn, builders.assignment(1))
        evidence.want(txn, made, clock)
        before = row(txn, R.ASSESSOR)
        blob = evidence.files(txn, SID)[0]
        probe = MediaProbe(MediaState.TRIED, b"", 90_000)
        media_probes.put(txn, blob.sha256, blob.blob_id, probe)
        after = row(txn, R.ASSESSOR)
    assert before is not None
    assert after is not None
    assert (before.recordings, before.recorded_ms) == (2, 0)
    assert (after.recordings, after.recorded_ms) == (2, 90_000)


def test_an_approvers_row_counts_marks(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_APPROVER, R.APPROVER)
        marked(txn)
        found = row(txn, R.APPROVER)
    assert found is not None
    assert (found.rated, found.criteria) == (1, 0)


def test_the_order_of_the_list(store: Store) -> None:
    def due_in(days: float | None) -> tuple[Due, ...]:
        at = NOON + timedelta(days=days or 0)
        return () if days is None else (Due(Stage.ASSESSMENT, at, DueKind.TARGET),)

    with store.write() as txn:
        put(txn, 9, S.AWARDED, R.ASSESSOR, due=due_in(-9))
        put(txn, 8, S.WAITING_ON_APPROVER, R.ASSESSOR, due=due_in(-8))
        put(txn, 7, S.WAITING_ON_ASSESSOR, R.ASSESSOR, due=due_in(None))
        put(txn, 6, S.WAITING_ON_ASSESSOR, R.ASSESSOR, due=due_in(2), received_at=NOON)
        put(txn, 5, S.RETURNED, R.ASSESSOR, due=due_in(2), received_at=NOON - timedelta(days=1))
        put(txn, 4, S.WAITING_ON_ASSESSOR, R.ASSESSOR, due=due_in(-1))
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR, due=due_in(9))
        queue(txn, B.CONFLICT, OutboxKind.RECOMMENDATION)
        put(txn, 3, S.WAITING_ON_APPROVER, R.APPROVER)
    with store.read() as txn:
        ids = submissions.inbox_ids(txn, R.ASSESSOR)
        assert [int(i[-4:], 16) for i in ids] == [1, 4, 5, 6, 7, 8, 9]
        back = submissions.inbox_rows(txn, R.ASSESSOR, ids[::-1])
        assert [r.id for r in back] == list(ids[::-1])
        assert submissions.inbox_rows(txn, R.ASSESSOR, [builders.submission_id(3)]) == ()


def test_what_waits_to_be_sent_stays_visible_without_the_assignment(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
        queue(txn, B.BLOCKED, OutboxKind.RECOMMENDATION)
        submissions.remove_assignment(txn, SID, R.ASSESSOR)
        found = row(txn, R.ASSESSOR)
        assert found is not None
        assert (found.local_state, found.lease_until) == (L.NEEDS_YOU, None)
        assert submissions.inbox_ids(txn, R.APPROVER) == ()


def test_an_assignment_that_arrives_first_shows_when_the_submission_does(store: Store) -> None:
    with store.write() as txn:
        submissions.put_assignment(txn, builders.assignment(1))
    with store.write() as txn:
        assert submissions.inbox_ids(txn, R.ASSESSOR) == ()
        submissions.put_submission(txn, builders.submission(1))
    with store.read() as txn:
        assert submissions.inbox_ids(txn, R.ASSESSOR) == (SID,)


ACTS: dict[str, Callable[[Transaction, int], None]] = {
    "status": lambda t, n: submissions.put_submission(
        t, builders.submission(n % 3, status=list(S)[n % len(S)])
    ),
    "round": lambda t, n: submissions.put_submission(t, builders.submission(n % 3, round=1 + n % 2)),
    "assign": lambda t, n: submissions.put_assignment(t, builders.assignment(n % 3, list(R)[n % 4])),
    "unassign": lambda t, n: submissions.remove_assignment(t, builders.submission_id(n % 3), list(R)[n % 4]),
    "remove": lambda t, n: submissions.remove_submission(t, builders.submission_id(n % 3), "gone"),
    "erase": lambda t, n: submissions.erase_earlier_numbers(t, builders.submission_id(n % 3)),
    "rate": lambda t, n: assessments.set_rating(
        t, builders.submission_id(n % 3), 1, Rating(CRITERIA[n % 4], "demonstrated" if n % 2 else None), NOON
    ),
    "feedback": lambda t, n: assessments.set_feedback(
        t, builders.submission_id(n % 3), 1, CriterionFeedback(CRITERIA[0], "x" * (n % 2)), NOON
    ),
    "mark": lambda t, n: annotation_rows.put(t, builders.annotation(n, of=builders.submission(n % 3))),
    "unmark": lambda t, n: annotation_rows.delete(t, builders.annotation(n).id),
    "draft": lambda t, n: assessments.put_decision_draft(
        t, DecisionDraft(builders.submission_id(n % 3), 1, reason="x" * (n % 2))
    ),
    "queue": lambda t, n: (
        outbox.enqueue(
            t,
            builders.outbox_item(
                t.connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() or 0,
                submission_number=n % 3,
                kind=list(OutboxKind)[n % 2],
            ),
        )
        if not _has(t, n)
        else None
    ),
    "send": lambda t, n: _send(t, n),
    "restart": lambda t, _: _restart(t),
}


def _has(txn: Transaction, number: int) -> bool:
    return bool(outbox.of_submission(txn, builders.submission_id(number % 3)))


def _restart(txn: Transaction) -> None:
    outbox.reset_sending(txn)


def _send(txn: Transaction, number: int) -> None:
    item = outbox.next_to_send(txn, NOON)
    if item is not None:
        outbox.move(txn, item.id, B.SENDING)
        new = (B.ACKED, B.CONFLICT, B.BLOCKED, B.QUEUED)[number % 4]
        outbox.move(txn, item.id, new, receipt=builders.receipt(item) if new is B.ACKED else None)


@settings(max_examples=25)
@given(
    acts=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 40)), max_size=25),
    commit_every=st.integers(1, 4),
)
def test_the_kept_places_are_what_the_tables_say(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]], commit_every: int
) -> None:
    store = open_store(tmp_path_factory.mktemp("inbox"))
    for start in range(0, len(acts), commit_every):
        with store.write() as txn:
            for name, number in acts[start : start + commit_every]:
                ACTS[name](txn, number)
    query = "SELECT * FROM inbox_entry ORDER BY submission_id, role"
    with store.write() as txn:
        kept = txn.connection.exec_driver_sql(query).fetchall()
        txn.connection.exec_driver_sql("DELETE FROM inbox_entry")
        everything = [builders.submission_id(n) for n in range(3)]
        inbox_sql.refresh(txn.connection.connection.driver_connection, everything)
        assert txn.connection.exec_driver_sql(query).fetchall() == kept
    with store.read() as txn:
        for role in R:
            rows = submissions.inbox_rows(txn, role, submissions.inbox_ids(txn, role))
            assert first_rows(store.folder, DATABASE_KEY, role) == rows
    store.close()


def test_first_rows_are_the_stores_own(store: Store) -> None:
    with store.write() as txn:
        for number in range(1, 8):
            put(txn, number, list(S)[number % len(S)], R.ASSESSOR)
        ids = submissions.inbox_ids(txn, R.ASSESSOR)
        rows = submissions.inbox_rows(txn, R.ASSESSOR, ids)
    assert len(rows) == 7
    assert first_rows(store.folder, DATABASE_KEY, R.ASSESSOR) == rows
    assert first_rows(store.folder, DATABASE_KEY, R.ASSESSOR, limit=3) == rows[:3]
    assert first_rows(store.folder, DATABASE_KEY, R.APPROVER) == ()


def test_first_rows_without_a_store(tmp_path: Path) -> None:
    assert first_rows(tmp_path, DATABASE_KEY, R.ASSESSOR) == ()
    assert list(tmp_path.iterdir()) == []


def test_first_rows_wait_for_an_upgrade(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
        txn.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert first_rows(store.folder, DATABASE_KEY, R.ASSESSOR) == ()


def test_first_rows_of_another_key(store: Store) -> None:
    with pytest.raises(StoreDamaged):
        first_rows(store.folder, bytes(32), R.ASSESSOR)


def test_first_rows_of_a_damaged_table(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
        page = txn.connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_inbox_entry_order'"
        ).scalar_one()
    store.close()
    file = store.folder / "store.db"
    data = bytearray(file.read_bytes())
    data[(page - 1) * 4096 + 2000] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreDamaged):
        first_rows(store.folder, DATABASE_KEY, R.ASSESSOR)


def test_first_rows_load_nothing_heavy(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
    code = (
        "import sys; from pathlib import Path; from assessor_app.cache.first_rows import first_rows;"
        "from assessor_app.domain.roles import Role;"
        f"folder, key = Path({str(store.folder)!r}), bytes.fromhex({DATABASE_KEY.hex()!r});"
        "rows = first_rows(folder, key, Role.ASSESSOR);"
        "heavy = {'sqlalchemy', 'alembic', 'pydantic', 'requests', 'PySide6', 'cryptography', 'keyring'};"
        "print(len(rows), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "1 []"


def test_an_assessment_of_an_earlier_round_does_not_count(store: Store) -> None:
    with store.write() as txn:
        put(txn, 1, S.WAITING_ON_ASSESSOR, R.ASSESSOR)
        sent(txn)
        submissions.put_submission(txn, replace(builders.submission(1), status=S.RETURNED, round=2))
        found = row(txn, R.ASSESSOR)
    assert found is not None
    assert (found.local_state, found.rated) == (L.NOT_STARTED, 0)


def test_reading_the_inbox_is_one_scan_and_point_reads(store: Store) -> None:
    def plan(statement: str, **values: object) -> list[str]:
        with store.read() as txn:
            connection = txn.connection.connection.driver_connection
            assert connection is not None
            rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        return [row[3] for row in rows]

    assert plan(inbox_sql.ORDERED_IDS, role="assessor") == [
        "SEARCH inbox_entry USING COVERING INDEX ix_inbox_entry_order (role=?)"
    ]
    place = inbox_sql.Place(1, 2, 3, SID)._asdict()
    assert plan(inbox_sql.ID_BEFORE, role="assessor", **place) == [
        "SEARCH inbox_entry USING COVERING INDEX ix_inbox_entry_order "
        "(role=? AND band=? AND due_order=? AND (received_us,submission_id)<(?,?))"
    ]
    by_id = plan(inbox_sql.ROWS_BY_ID, role="assessor", ids="[]")
    assert [line.split(" USING")[0] for line in by_id[:3]] == [
        "SCAN t VIRTUAL TABLE INDEX 1:",
        "SEARCH i",
        "SEARCH s",
    ]
    assert "(submission_id=? AND role=?)" in by_id[1]
    assert not [line for line in by_id[1:] if line.startswith("SCAN ")]
