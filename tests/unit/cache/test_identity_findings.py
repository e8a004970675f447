"""What the identity guard found is kept for the checks, and goes with the submission's key."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from assessor_app.cache import evidence, identity_findings, submissions
from assessor_app.cache.engine import Store
from assessor_app.cache.models import EvidenceRecord
from assessor_app.domain.cases import FindingKind
from assessor_app.domain.identity import IdentityRecord
from assessor_app.domain.submissions import EvidenceState
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import dump

SID, OTHER = builders.submission_id(1), builders.submission_id(2)
FOUND = IdentityRecord("b-1", "a" * 64, 1, ("ana ruiz", "ruiz"), (FindingKind.PDF_PROPERTIES,))


def test_words_of_a_submission_are_those_of_all_its_evidence_and_of_no_other(store: Store) -> None:
    with store.write() as txn:
        identity_findings.put(txn, SID, FOUND)
        identity_findings.put(txn, SID, replace(FOUND, source_id="b-2", words=("lincoln elementary school",)))
        identity_findings.put(txn, OTHER, replace(FOUND, words=("somebody else",)))
    with store.read() as txn:
        assert identity_findings.words_of(txn, SID) == {"ana ruiz", "ruiz", "lincoln elementary school"}
        assert identity_findings.get(txn, SID, "b-1") == FOUND
        assert identity_findings.get(txn, SID, "unknown") == IdentityRecord("unknown", "")


def test_a_file_is_looked_through_once_and_again_for_other_bytes_or_by_a_newer_scan(
    store: Store, clock: FakeClock
) -> None:
    with store.write() as txn:
        for number in (1, 2):
            submission = builders.submission(number)
            submissions.put_submission(txn, submission)
            evidence.want(txn, submission, clock)
        assert identity_findings.not_scanned(txn, 1) == []
        txn.connection.execute(sa.update(EvidenceRecord).values(state=EvidenceState.READY.value))
        files = {file.blob_id: file for sid in (SID, OTHER) for file in evidence.files(txn, sid)}
        assert {blob for _, blob in identity_findings.not_scanned(txn, 1)} == set(files)
        assert {sid for sid, _ in identity_findings.not_scanned(txn, 1, {SID})} == {SID}
        for file in files.values():
            record = IdentityRecord(file.blob_id, file.sha256, 1)
            identity_findings.put(txn, file.submission_id, record)
        assert identity_findings.not_scanned(txn, 1) == []
        assert len(identity_findings.not_scanned(txn, 2)) == len(files)
        one = next(iter(files.values()))
        identity_findings.put(txn, one.submission_id, IdentityRecord(one.blob_id, "b" * 64, 1))
        assert identity_findings.not_scanned(txn, 1) == [(one.submission_id, one.blob_id)]


def test_what_was_found_goes_with_the_submissions_key(store: Store) -> None:
    with store.write() as txn:
        identity_findings.put(txn, SID, FOUND)
    with store.write() as txn:
        evidence.shred(txn, SID)
    assert dump(store)["identity_finding"] == []


def test_effects_say_what_and_where_in_order(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        for number, what in enumerate((identity_findings.UNCOVERED, identity_findings.COVERED_AGAIN)):
            identity_findings.note_effect(txn, f"e-{number}", SID, NOON, what, "b-1")
    with store.read() as txn:
        assert identity_findings.effects_of(txn, SID) == [("uncovered", "b-1"), ("covered again", "b-1")]
        assert identity_findings.effects_of(txn, OTHER) == []
