"""Annotated copies as a person asks for them: whose marks, of which evidence, into which file."""

from __future__ import annotations

import errno
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from assessor_app.documents.anchoring import anchor_plain
from assessor_app.documents.exporter import ExportCancelled
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Audience, SourceKind, TimeSpan
from assessor_app.domain.roles import Role
from assessor_app.errors import NotWritten
from assessor_app.services import exporting
from assessor_app.services.context import Context
from assessor_app.services.exporting import ExportFormat, ExportReport, ExportWish, Stop
from assessor_app.sync import protocol, web_annotation
from tests import builders
from tests.ui.worlds import box_mark, lesson_submission, make_context, put_work
from tests.unit.documents.export_samples import everything_in, hits, of_this_machine

RUBRIC = builders.rubric_version()
SUBMISSION = lesson_submission(RUBRIC)
EVENING = datetime(2026, 3, 2, 21, 47, 13, 123456, tzinfo=UTC)
ANSWER = SUBMISSION.parts[0].responses[0]


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    (tmp_path / "profile").mkdir()
    made = make_context(tmp_path / "profile", Renderer(), builders.FakeClock(), Role.ASSESSOR)
    put_work(made, SUBMISSION, RUBRIC)
    yield made
    made.renderer.close()
    made.store.close()


def box(number: int, audience: Audience, comment: str) -> Annotation:
    return box_mark(SUBMISSION, number, audience=audience, comment=comment, modified_at=EVENING)


LEARNERS = box(1, Audience.LEARNER, "Clear figure.")
APPROVERS = box(2, Audience.APPROVER, "Look at this one.")
MINE = box(3, Audience.ONLY_ME, "Do I believe this?")
ON_ANSWER = replace(
    LEARNERS,
    id=builders.annotation(4, of=SUBMISSION).id,
    kind=AnnotationKind.HIGHLIGHT,
    anchor=anchor_plain(SourceKind.RESPONSE, ANSWER.id, "0" * 64, ANSWER.text, 3, 17),
)
MARKS = (LEARNERS, APPROVERS, MINE, ON_ANSWER)


def wish(target: Path, **changes: object) -> ExportWish:
    made = ExportWish(SUBMISSION.id, ExportFormat.PDF, MARKS, frozenset({Audience.LEARNER}), None, target)
    return replace(made, **changes)  # type: ignore[arg-type]


def export(context: Context, asked: ExportWish, stop: Stop | None = None) -> ExportReport:
    return exporting.export(context, asked, stop or Stop(), lambda _done, _total: None)


def comments(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            str(each.Contents) for page in pdf.pages for each in (page.Annots if "/Annots" in page else ())
        ]


def test_the_learners_marks_on_all_evidence_and_nobody_elses(context: Context, tmp_path: Path) -> None:
    report = export(context, wish(tmp_path / "copy.pdf"))
    assert (report.marks, report.not_found, report.listed) == (2, 0, ())
    data = (tmp_path / "copy.pdf").read_bytes()
    assert comments(data) == ["Clear figure.", "Clear figure."]
    assert hits(everything_in(data), ("Look at this one", "Do I believe", *of_this_machine())) == []
    assert b"D:20260302000000Z" in everything_in(data)
    assert list(tmp_path.glob("*.part")) == []


def test_a_copy_of_ones_own_holds_everything_that_was_ticked(context: Context, tmp_path: Path) -> None:
    asked = wish(tmp_path / "copy.pdf", readers=frozenset(Audience), source_id=LEARNERS.anchor.source_id)
    assert export(context, asked).marks == 3
    assert sorted(comments((tmp_path / "copy.pdf").read_bytes())) == sorted(
        mark.comment for mark in (LEARNERS, APPROVERS, MINE)
    )


def test_marks_whose_place_is_not_found_are_listed_at_the_end(context: Context, tmp_path: Path) -> None:
    lost = replace(LEARNERS, anchor=replace(LEARNERS.anchor, source_sha256="f" * 64))
    report = export(context, wish(tmp_path / "copy.pdf", marks=(lost,)))
    assert (report.marks, report.not_found) == (1, 1)
    document = pymupdf.open(tmp_path / "copy.pdf")
    text = unicodedata.normalize("NFKC", document[document.page_count - 1].get_text())
    assert "Clear figure." in text
    assert "place was not found" in " ".join(text.split())


def test_marks_on_cells_are_listed_as_such_beside_the_copy_of_the_pages(
    context: Context, tmp_path: Path
) -> None:
    anchor = replace(LEARNERS.anchor, page=2, page_width_pt=0.0, page_height_pt=0.0, rects=(), cells="B2:D5")
    report = export(context, wish(tmp_path / "copy.pdf", marks=(replace(LEARNERS, anchor=anchor),)))
    assert (report.marks, report.not_found) == (1, 0)
    document = pymupdf.open(tmp_path / "copy.pdf")
    text = unicodedata.normalize("NFKC", document[document.page_count - 1].get_text())
    assert "Marks on cells and at times" in text
    assert "Artifact 1.pdf, Sheet 3, cells B2:D5" in text


def test_evidence_without_pages_has_its_marks_listed(context: Context, tmp_path: Path) -> None:
    other = SUBMISSION.parts[1].artifacts[1]
    anchor = Anchor(
        SourceKind.ARTIFACT, other.id, other.sha256, 0, 0.0, 0.0, span=TimeSpan(75_200, 3_692_800)
    )
    report = export(context, wish(tmp_path / "copy.pdf", marks=(replace(LEARNERS, anchor=anchor),)))
    assert report.listed == (other.filename,)
    text = unicodedata.normalize("NFKC", pymupdf.open(tmp_path / "copy.pdf")[0].get_text())
    assert "1:15 to 1:01:32" in text
    assert "Clear figure." in text


def test_json_ld_is_a_collection_that_reads_back(context: Context, tmp_path: Path) -> None:
    export(context, wish(tmp_path / "marks.jsonld", format=ExportFormat.JSON_LD))
    data = json.loads((tmp_path / "marks.jsonld").read_text("utf-8"))
    assert (data["type"], data["total"], data["first"]["type"]) == (
        "AnnotationCollection",
        2,
        "AnnotationPage",
    )
    read = [
        web_annotation.from_wire(
            protocol.read(protocol.WebAnnotationWire, {**item, "@context": data["@context"]})[0]
        )
        for item in data["first"]["items"]
    ]
    assert {mark.anchor for mark in read} == {LEARNERS.anchor, ON_ANSWER.anchor}
    text = json.dumps(data)
    assert "creator" not in text
    assert "21:47" not in text
    assert not any(mark.id in text for mark in MARKS)
    assert hits(text.encode(), of_this_machine()) == []


def test_xfdf_of_one_file(context: Context, tmp_path: Path) -> None:
    asked = wish(tmp_path / "m.xfdf", format=ExportFormat.XFDF, source_id=LEARNERS.anchor.source_id)
    assert export(context, asked).marks == 1
    assert b'<square page="1" rect="72,202,523,462"' in (tmp_path / "m.xfdf").read_bytes()


def test_a_folder_that_is_not_there_is_said_in_one_sentence(context: Context, tmp_path: Path) -> None:
    with pytest.raises(NotWritten) as caught:
        export(context, wish(tmp_path / "nowhere" / "copy.pdf"))
    assert caught.value.next_step == "Choose another folder or name."
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(("code", "title"), [(errno.ENOSPC, "no room"), (errno.EACCES, "may not")])
def test_a_full_disk_and_a_closed_folder_have_their_sentences(code: int, title: str) -> None:
    assert title in exporting.not_written(OSError(code, "x")).title


def test_what_was_there_stays_when_the_export_is_stopped(context: Context, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(b"an older copy")
    stop = Stop()

    def stop_at_the_end(done: int, total: int) -> None:
        if done == total:
            stop.stop()

    with pytest.raises(ExportCancelled):
        exporting.export(context, wish(tmp_path / "copy.pdf"), stop, stop_at_the_end)
    assert (tmp_path / "copy.pdf").read_bytes() == b"an older copy"
    assert list(tmp_path.glob(".*")) == []
