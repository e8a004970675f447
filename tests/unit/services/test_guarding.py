"""Evidence is looked through once, its findings stay here; the lead is told of properties by kind alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import identity_findings, outbox, text_pages
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Submission
from assessor_app.services import guarding, reading, searching
from assessor_app.services.context import Context
from assessor_app.services.guarding import LiftWish
from assessor_app.sync import after_sending
from tests import contexts, planted_files
from tests.builders import FakeClock
from tests.evidence_desk import Piece, put_pieces, submission_of
from tests.planted_files import MAIL, NAME, OTHER, SCHOOL

OFFICE = "application/vnd.openxmlformats-officedocument"
PIECES = (
    Piece("p1", "Artifact 1.pdf", "application/pdf", planted_files.planted_pdf(author=NAME)),
    Piece("p2", "Artifact 2.docx", f"{OFFICE}.wordprocessingml.document", planted_files.planted_word()),
    Piece("p3", "Artifact 3.jpg", "image/jpeg", planted_files.planted_photo()),
    Piece("p4", "Artifact 4.md", "text/markdown", planted_files.planted_markdown()),
    Piece("p5", "Artifact 5.xlsx", f"{OFFICE}.spreadsheetml.sheet", planted_files.planted_sheet()),
    Piece("p6", "Artifact 6.pdf", "application/pdf", b"%PDF-1.7 broken"),
)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = contexts.context_in(tmp_path, Role.ASSESSOR, FakeClock())
    yield made
    made.renderer.close()
    made.store.close()


@pytest.fixture
def submission(context: Context) -> Submission:
    made = submission_of(PIECES)
    first, *others = made.parts
    responses = tuple(replace(one, text=f"Grade 4.\nStudent: {OTHER}") for one in first.responses)
    made = replace(made, parts=(replace(first, responses=responses), *others))
    put_pieces(context, made, PIECES)
    return made


def scan_all(context: Context, only: frozenset[SubmissionId] | None = None) -> int:
    """Look through everything, as the background does; how many files."""
    count = 0
    while (scan := guarding.begin_scan(context, only)) is not None:
        while not scan.is_whole:
            scan = guarding.go_on(context, scan)
        guarding.end_scan(context, scan)
        count += 1
        assert count < 50
    return count


def words(context: Context, submission: Submission) -> frozenset[str]:
    with context.store.read() as txn:
        return identity_findings.words_of(txn, submission.id)


def reports(context: Context) -> list[dict[str, object]]:
    with context.store.read() as txn:
        items = [item for item in outbox.items(txn) if item.kind is OutboxKind.FINDING]
    assert all(item.path == f"/v1/submissions/{item.submission_id}/findings" for item in items)
    return [json.loads(item.body) for item in items]


def test_every_file_is_looked_through_once_and_names_feed_the_checks(
    context: Context, submission: Submission
) -> None:
    assert scan_all(context) == len(PIECES)
    assert scan_all(context) == 0
    assert {NAME.casefold(), "quintero", OTHER.casefold(), SCHOOL.casefold(), MAIL} <= words(
        context, submission
    )


def test_the_lead_is_told_kinds_and_files_once_and_never_a_name(
    context: Context, submission: Submission, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        scan_all(context)
    told = reports(context)
    assert {str(one["source_id"]): one["kinds"] for one in told} == {
        "p1": ["pdf_properties"],
        "p2": ["office_properties"],
        "p3": ["file_comment", "picture_properties", "place"],
    }
    said = json.dumps(told) + caplog.text
    assert not any(word in said for word in (*NAME.split(), *OTHER.split(), MAIL))
    with context.store.write() as txn:
        for source_id, record in identity_findings.of_submission(txn, submission.id).items():
            if source_id not in {one.id for part in submission.parts for one in part.responses}:
                identity_findings.put(txn, submission.id, replace(record, scanner=0))
    assert scan_all(context) == len(PIECES)
    assert len(reports(context)) == 3


def test_nobody_here_sees_that_something_was_reported(context: Context, submission: Submission) -> None:
    scan_all(context)
    assert reports(context)
    assert reading.waiting(context) == ()
    assert reading.waiting_count(context) == (0, 0)


def test_a_report_that_is_refused_stands_in_nobodys_way(context: Context, submission: Submission) -> None:
    scan_all(context)
    with context.store.write() as txn:
        item = next(item for item in outbox.items(txn) if item.kind is OutboxKind.FINDING)
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.REJECTED, status=403)
        after_sending.settle(txn, item, OutboxState.REJECTED, context.clock)
        assert item.id not in {other.id for other in outbox.items(txn)}


def test_what_is_lifted_is_remembered_and_noted_and_words_are_taken_anew(
    context: Context, submission: Submission
) -> None:
    wish = LiftWish("b-1", frozenset({"0:1,2,3,4"}), is_lifted=True, pages=(0,))
    with context.store.write() as txn:
        for page in (0, 1):
            text_pages.put(txn, "b-1", page, "as it was shown", "{}")
    guarding.set_lifted(context, submission.id, wish)
    with context.store.read() as txn:
        assert text_pages.have(txn, "b-1") == {1}
    assert context.renderer.lifted.of("b-1") == ["0:1,2,3,4"]
    assert guarding.lifted_wish(context, submission.id, "b-1").patch_ids == {"0:1,2,3,4"}
    guarding.set_lifted(context, submission.id, replace(wish, is_lifted=False))
    assert context.renderer.lifted.of("b-1") == []
    with context.store.read() as txn:
        assert identity_findings.effects_of(txn, submission.id) == [
            ("uncovered", "b-1"),
            ("covered again", "b-1"),
        ]


def test_a_search_over_everything_shows_no_name_of_a_written_answer(
    context: Context, submission: Submission
) -> None:
    while searching.left(context):
        searching.index_some(context)
    assert searching.find(context, OTHER.split()[0]).submissions == ()
    found = searching.find(context, "student")
    assert found.submissions
    assert not any(word in repr(found) for word in OTHER.split())
