from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.cache import evidence, evidence_files, text_pages
from assessor_app.cache.engine import Store
from assessor_app.domain.canonical import evidence_digest
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Artifact, Due, EvidenceState, Rendition, Stage, Submission
from tests import builders
from tests.builders import NOON, FakeClock

SID = builders.submission_id(1)
SUBMISSION = builders.submission(1)
E = EvidenceState


def with_artifacts(*artifacts: Artifact, of: Submission = SUBMISSION) -> Submission:
    parts = tuple(replace(part, artifacts=artifacts if part.artifacts else ()) for part in of.parts)
    return replace(of, parts=parts)


def test_each_file_and_each_pdf_copy_is_wanted(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        assert evidence.want(txn, SUBMISSION, clock) == ()
        wanted = evidence.files(txn, SID)
        assert evidence_files.missing_count(txn) == 3
    assert [(f.artifact_id, f.is_rendition, f.media_type) for f in wanted] == [
        ("art-11", False, "application/pdf"),
        ("art-12", False, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("art-12", True, "application/pdf"),
    ]
    assert {(f.state, f.failures, f.submission_id) for f in wanted} == {(E.WANTED, 0, SID)}
    copy = builders.artifact(12, rendition=True).renditions[0]
    assert (wanted[2].sha256, wanted[2].size_bytes) == (copy.sha256, copy.size_bytes)
    assert len({f.blob_id for f in wanted}) == 3


def test_what_was_captured_behind_a_link_is_wanted_but_no_part_of_what_is_judged(
    store: Store, clock: FakeClock
) -> None:
    shot = replace(builders.artifact(9), filename="Snapshot.pdf")
    parts = tuple(
        replace(part, links=tuple(replace(link, snapshot=shot) for link in part.links))
        for part in SUBMISSION.parts
    )
    captured = replace(SUBMISSION, parts=parts)
    with store.write() as txn:
        evidence.want(txn, captured, clock)
        assert [f.artifact_id for f in evidence.files(txn, SID)][-1] == "art-9"
    assert evidence_digest(captured) == evidence_digest(SUBMISSION)


def test_a_copy_that_is_no_pdf_is_not_fetched(store: Store, clock: FakeClock) -> None:
    odd = replace(builders.artifact(1), renditions=(Rendition("text/html", "0" * 64, 5, "Other"),))
    with store.write() as txn:
        evidence.want(txn, with_artifacts(odd), clock)
        assert [f.is_rendition for f in evidence.files(txn, SID)] == [False]


def test_wanting_again_changes_nothing(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        evidence.want(txn, SUBMISSION, clock)
        before, key = evidence.files(txn, SID), evidence.submission_key(txn, SID)
        evidence.set_state(txn, before[0].blob_id, E.READY)
        assert evidence.want(txn, SUBMISSION, clock) == ()
        after = evidence.files(txn, SID)
        assert after == (replace(before[0], state=E.READY), *before[1:])
        assert evidence.submission_key(txn, SID) == key


def test_changed_and_dropped_files_are_told(store: Store, clock: FakeClock) -> None:
    first, second = builders.artifact(1), builders.artifact(2)
    changed = builders.artifact(1, content=b"another version")
    with store.write() as txn:
        evidence.want(txn, with_artifacts(first, second), clock)
        old = {f.artifact_id: f.blob_id for f in evidence.files(txn, SID)}
        text_pages.put(txn, old[first.id], 0, "text", "[]")
        gone = evidence.want(txn, with_artifacts(changed), clock)
        assert gone == tuple(sorted(old.values()))
        (left,) = evidence.files(txn, SID)
        assert (left.sha256, left.state) == (changed.sha256, E.WANTED)
        assert left.blob_id not in old.values()
        assert text_pages.have(txn, old[first.id]) == frozenset()
        assert evidence.get(txn, old[first.id]) is None


def test_a_submission_has_one_random_key(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        with pytest.raises(LookupError):
            evidence.submission_key(txn, SID)
        evidence.want(txn, SUBMISSION, clock)
        evidence.want(txn, builders.submission(2), clock)
        keys = {evidence.submission_key(txn, builders.submission_id(n)) for n in (1, 2)}
    assert [len(key) for key in keys] == [32, 32]


def test_what_is_due_first_is_fetched_first(store: Store, clock: FakeClock) -> None:
    def due(number: int, stage: Stage, days: int, status: SubmissionStatus) -> Submission:
        dates = (Due(stage, NOON + timedelta(days=days), DueKind.TARGET),)
        made = builders.submission(number, status=status, due=dates)
        return with_artifacts(builders.artifact(number), of=made)

    wanted = [
        with_artifacts(builders.artifact(1), of=builders.submission(1, due=())),
        due(2, Stage.ASSESSMENT, 5, SubmissionStatus.WAITING_ON_ASSESSOR),
        due(3, Stage.DECISION, 3, SubmissionStatus.WAITING_ON_APPROVER),
        due(4, Stage.ASSESSMENT, 4, SubmissionStatus.RETURNED),
        due(5, Stage.DECISION, 1, SubmissionStatus.RETURNED),
    ]
    order = []
    with store.write() as txn:
        for submission in wanted:
            evidence.want(txn, submission, clock)
        while (file := evidence.next_wanted(txn)) is not None:
            order.append(file.submission_id)
            evidence.set_state(txn, file.blob_id, E.READY)
    assert order == [builders.submission_id(n) for n in (3, 4, 2, 1, 5)]


def test_a_new_date_changes_the_order(store: Store, clock: FakeClock) -> None:
    sooner = replace(SUBMISSION, due=(Due(Stage.ASSESSMENT, NOON, DueKind.HARD),))
    with store.write() as txn:
        evidence.want(txn, builders.submission(2), clock)
        evidence.want(txn, SUBMISSION, clock)
        evidence.want(txn, sooner, clock)
        file = evidence.next_wanted(txn)
    assert file is not None
    assert file.submission_id == SID


def test_partial_files_go_on_and_damaged_ones_rest(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        evidence.want(txn, with_artifacts(builders.artifact(1)), clock)
        (file,) = evidence.files(txn, SID)
        evidence.set_state(txn, file.blob_id, E.PARTIAL, failures=2)
        assert evidence.next_wanted(txn) == replace(file, state=E.PARTIAL, failures=2)
        evidence.set_state(txn, file.blob_id, E.WANTED)
        assert evidence.next_wanted(txn) == replace(file, failures=2)
        evidence.set_state(txn, file.blob_id, E.DAMAGED, failures=3)
        assert evidence.next_wanted(txn) is None
        assert evidence_files.missing_count(txn) == 0
        assert evidence.get(txn, file.blob_id) == replace(file, state=E.DAMAGED, failures=3)


def test_fetching_looks_at_wanted_files_alone(store: Store) -> None:
    with store.read() as txn:
        plan = txn.connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT blob_id FROM evidence_file WHERE state IN ('wanted', 'partial')"
            " ORDER BY due_us, evidence_file.rowid LIMIT 1"
        ).fetchall()
    assert len(plan) == 1
    assert "ix_evidence_file_wanted" in plan[0][3]


def test_shredding_takes_the_key_and_the_text(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        evidence.want(txn, SUBMISSION, clock)
        evidence.want(txn, builders.submission(2), clock)
        blob_ids = sorted(f.blob_id for f in evidence.files(txn, SID))
        text_pages.put(txn, blob_ids[0], 0, "text", "[]")
        assert list(evidence.shred(txn, SID)) == blob_ids
        with pytest.raises(LookupError):
            evidence.submission_key(txn, SID)
        assert evidence.files(txn, SID) == ()
        assert text_pages.have(txn, blob_ids[0]) == frozenset()
        assert len(evidence.files(txn, builders.submission_id(2))) == 3
    assert (store.folder / "store.db-wal").stat().st_size == 0


def test_a_file_lies_under_its_blob_id_only(store: Store) -> None:
    assert evidence.path_of(store, "0190-abc") == store.evidence_folder / "0190-abc"
