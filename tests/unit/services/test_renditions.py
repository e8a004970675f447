"""Which file is shown for an office artifact, and copies that are made here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assessor_app.cache import evidence
from assessor_app.documents.converter import NoCopy
from assessor_app.documents.pages import MadeBy
from assessor_app.documents.sniff import Kind
from assessor_app.domain.ids import ArtifactId
from assessor_app.errors import EvidenceRefused
from assessor_app.services import fetching, reading, renditions
from assessor_app.services.context import Context
from tests import builders
from tests.contexts import give
from tests.evidence_files import text_pdf
from tests.office_files import gradebook, reviewed_word_file
from tests.office_submissions import bring, office_artifact, office_submission, stand_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
SUB = builders.submission().id
WORD, SHEET, OLD = ArtifactId("art-1"), ArtifactId("art-2"), ArtifactId("art-3")
DOCX, XLSX, PRINTED = reviewed_word_file(), gradebook(), text_pdf("Printed by the platform")
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def never() -> bool:
    """Nobody gives up."""
    return False


@pytest.fixture
def open_with(assessor: Context, tmp_path: Path) -> Iterator[Callable[..., Context]]:
    """The profile with office files on this computer, and a stand-in for LibreOffice."""

    def make(copy: bytes | None, *, word_copy: bytes | None = None) -> Context:
        submission = office_submission(
            [
                office_artifact(1, "docx", DOCX, word_copy),
                office_artifact(2, "xlsx", XLSX, PRINTED),
                office_artifact(3, "xls", XLS),
            ]
        )
        give(assessor.store, submission)
        bring(assessor, submission, [DOCX, XLSX, XLS, PRINTED, word_copy or b""])
        return replace(assessor, converter=stand_in(tmp_path, assessor.folder, copy))

    yield make
    assessor.renderer.close()


def test_a_copy_made_here_is_shown_from_then_on(open_with: Callable[..., Context]) -> None:
    context = open_with(text_pdf("A copy made here"))
    assert reading.evidence_source(context, SUB, WORD).made_by is MadeBy.LEARNER
    before = renditions.choices(context, SUB, WORD)
    assert (before.has_local_copy, before.converter, before.is_sheet) == (False, "Stand-in 7.4", False)
    renditions.make_copy(context, SUB, WORD, never)
    source = reading.evidence_source(context, SUB, WORD)
    assert (source.made_by, source.converter) == (MadeBy.THIS_COMPUTER, "Stand-in 7.4")
    assert context.renderer.text(source, 0).text == "A copy made here"
    assert renditions.choices(context, SUB, WORD).has_local_copy
    assert b"A copy made here" not in source.path.read_bytes()
    original = renditions.original_of(context, SUB, WORD)
    assert original is not None
    assert original.made_by is MadeBy.LEARNER
    assert not (context.folder / "plain").exists()


def test_the_platforms_copy_comes_before_one_made_here(open_with: Callable[..., Context]) -> None:
    context = open_with(text_pdf("A copy made here"), word_copy=text_pdf("By the platform"))
    renditions.make_copy(context, SUB, WORD, never)
    assert reading.evidence_source(context, SUB, WORD).made_by is MadeBy.PLATFORM
    for wanted in MadeBy:
        assert renditions.source_of(context, SUB, WORD, wanted).made_by is wanted


def test_a_sheet_is_cells_first_and_pages_on_demand(open_with: Callable[..., Context]) -> None:
    context = open_with(XLSX)
    source = reading.evidence_source(context, SUB, SHEET)
    assert context.renderer.open(source).kind is Kind.SHEET
    assert renditions.source_of(context, SUB, SHEET, MadeBy.PLATFORM).media_type == "application/pdf"
    # An older sheet becomes one whose cells can be read.
    assert renditions.choices(context, SUB, OLD).is_sheet
    renditions.make_copy(context, SUB, OLD, never, as_pages=False)
    old = reading.evidence_source(context, SUB, OLD)
    assert old.made_by is MadeBy.THIS_COMPUTER
    assert context.renderer.open(old).kind is Kind.SHEET


@pytest.mark.parametrize("copy", [None, b"%PDF-1.7 no pages at all"], ids=["fails", "unreadable"])
def test_a_copy_that_cannot_be_read_is_not_kept(
    open_with: Callable[..., Context], copy: bytes | None
) -> None:
    context = open_with(copy)
    before = sorted(path.name for path in context.store.evidence_folder.iterdir())
    with pytest.raises(NoCopy):
        renditions.make_copy(context, SUB, WORD, never)
    assert sorted(path.name for path in context.store.evidence_folder.iterdir()) == before
    assert reading.evidence_source(context, SUB, WORD).made_by is MadeBy.LEARNER


def test_a_copy_goes_with_its_submission_and_when_it_is_damaged(open_with: Callable[..., Context]) -> None:
    context = open_with(text_pdf("A copy made here"))
    renditions.make_copy(context, SUB, WORD, never)
    path = reading.evidence_source(context, SUB, WORD).path
    fetching.fetch_again(context, SUB, WORD)
    assert not path.exists()
    assert reading.evidence_source(context, SUB, WORD).made_by is MadeBy.LEARNER
    fetching.fetch_again(context, SUB, WORD)
    with pytest.raises(EvidenceRefused):
        reading.evidence_source(context, SUB, WORD)
    assert renditions.original_of(context, SUB, WORD) is None
    with context.store.write() as txn:
        evidence.shred(txn, SUB)
    with pytest.raises(NoCopy):
        renditions.make_copy(context, SUB, SHEET, never)
