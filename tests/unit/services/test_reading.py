"""What the windows are given to show."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assessor_app.cache import evidence, evidence_files, outbox
from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.inbox_filter import InboxFilter
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.domain.submissions import Assignment, EvidenceFile, EvidenceState
from assessor_app.errors import EvidenceRefused
from assessor_app.services import annotating, inbox_reading, judgement, reading
from assessor_app.services.context import Context
from assessor_app.vault.sealed_file import SealedReader
from tests import builders
from tests.builders import CRITERIA, FakeClock

SUB = builders.submission()
PLAIN, WORD = ArtifactId("art-11"), ArtifactId("art-12")


def want(context: Context) -> dict[tuple[str, bool], EvidenceFile]:
    with context.store.write() as txn:
        evidence.want(txn, SUB, context.clock)
        return {(f.artifact_id, f.is_rendition): f for f in evidence.files(txn, SUB.id)}


def fetch(context: Context, file: EvidenceFile, data: bytes) -> None:
    with evidence_files.writer(context.store, file, clock=FakeClock(seed=3)) as writer:
        writer.write(data)
        writer.finish(expected_size=file.size_bytes, expected_sha256=file.sha256)
    with context.store.write() as txn:
        evidence.set_state(txn, file.blob_id, EvidenceState.READY)


def test_an_untouched_submission_opens_as_an_empty_draft(assessor: Context) -> None:
    opened = reading.open_submission(assessor, SUB.id)
    assert (opened.submission, opened.rubric) == (SUB, builders.rubric_version())
    assert opened.assessment.state is AssessmentState.DRAFT
    assert not opened.assessment.ratings
    assert opened.is_editable
    assert (opened.undo_label, opened.redo_label) == (None, None)
    assert opened.checks
    assert opened.assignment.lease_until is not None
    with assessor.store.read() as txn:
        # Looking leaves no trace.
        assert reading.present_assessment(txn, SUB).updated_at is None


def test_an_assignment_that_was_taken_away_shows_as_an_empty_one(approver: Context) -> None:
    with approver.store.read() as txn:
        assert reading.assignment_of(txn, SUB.id, Role.LEAD) == Assignment(SUB.id, Role.LEAD)


def test_the_inbox_and_its_rows(assessor: Context) -> None:
    overview = inbox_reading.overview(assessor, InboxFilter())
    assert (overview.order.ids, overview.order.total, overview.labels) == ((SUB.id,), 1, {})
    assert overview.titles == {SUB.microcredential_id: SUB.title}
    (row,) = inbox_reading.rows(assessor, [SUB.id])
    assert (row.code, row.rated, row.criteria) == (SUB.code, 0, 4)


def test_evidence_links_count_for_their_criteria(assessor: Context) -> None:
    annotating.put(assessor, builders.annotation(1), "Highlight")
    annotating.put(assessor, builders.annotation(2, criteria=(CRITERIA[0], "gone")), "Highlight")
    marks = reading.open_submission(assessor, SUB.id).annotations
    counts = judgement.link_counts(builders.rubric_version(), marks)
    assert counts == {CRITERIA[0]: 2, CRITERIA[1]: 0, CRITERIA[2]: 0, CRITERIA[3]: 0}


def test_what_waits_is_counted_apart_from_what_needs_the_person(assessor: Context) -> None:
    def item(number: int) -> OutboxItem:
        return builders.outbox_item(number, submission_number=number)

    with assessor.store.write() as txn:
        for number in (1, 2, 3):
            outbox.enqueue(txn, item(number))
        outbox.move(txn, item(2).id, OutboxState.SENDING)
        outbox.move(txn, item(2).id, OutboxState.CONFLICT)
        outbox.move(txn, item(3).id, OutboxState.SENDING)
        outbox.move(txn, item(3).id, OutboxState.ACKED, receipt=builders.receipt(item(3)))
    assert reading.waiting_count(assessor) == (1, 1)
    assert [(i.id, title) for i, title in reading.waiting(assessor)] == [
        (item(1).id, f"{SUB.code}, {SUB.title}"),
        (item(2).id, ""),
        (item(3).id, ""),
    ]


def test_the_platforms_copy_of_an_office_file_comes_first(assessor: Context) -> None:
    files = want(assessor)
    fetch(assessor, files[WORD, False], b"%PDF-1.7 evidence 12")
    assert reading.evidence_source(assessor, SUB.id, WORD).media_type.endswith("wordprocessingml.document")
    fetch(assessor, files[WORD, True], b"%PDF-1.7 copy 12")
    source = reading.evidence_source(assessor, SUB.id, WORD)
    assert (source.media_type, source.name) == ("application/pdf", "Artifact 12.docx")
    with SealedReader(source.path, file_key=source.file_key, size_bytes=source.size_bytes) as reader:
        assert reader.read_at(0, 100) == b"%PDF-1.7 copy 12"
    assert reading.open_submission(assessor, SUB.id).artifact_is_ready(WORD)
    assert not reading.open_submission(assessor, SUB.id).artifact_is_ready(PLAIN)


def test_evidence_that_is_not_here_says_why(assessor: Context) -> None:
    files = want(assessor)
    with pytest.raises(EvidenceRefused, match="not on this computer yet"):
        reading.evidence_source(assessor, SUB.id, PLAIN)
    with assessor.store.write() as txn:
        evidence.set_state(txn, files[PLAIN, False].blob_id, EvidenceState.DAMAGED, failures=3)
    with pytest.raises(EvidenceRefused, match="damaged on the platform"):
        reading.evidence_source(assessor, SUB.id, PLAIN)


def test_a_click_finds_its_file_without_the_submission_being_read(assessor: Context) -> None:
    files = want(assessor)
    artifacts = {artifact.id: artifact for part in SUB.parts for artifact in part.files}
    with pytest.raises(EvidenceRefused, match="not on this computer yet"):
        reading.source_at_hand(assessor, SUB.id, artifacts[WORD])
    fetch(assessor, files[WORD, True], b"%PDF-1.7 copy 12")
    found = reading.evidence_source(assessor, SUB.id, WORD)
    with assessor.store.write() as txn:
        txn.connection.execute(sa.text("UPDATE submission SET document = '{}'"))
    assert reading.source_at_hand(assessor, SUB.id, artifacts[WORD]) == found


def test_a_file_that_was_taken_away_says_so_however_it_is_asked_for(assessor: Context) -> None:
    gone = builders.artifact(99)
    with pytest.raises(EvidenceRefused, match="no longer part of the submission"):
        reading.source_at_hand(assessor, SUB.id, gone)
