"""Real office files, where they are at hand: each is pages, a grid or an honest card, never a lost child."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.documents import remarks, sheets
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.converter import Converter, CopyForm, NoCopy
from assessor_app.documents.office_program import find_office
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sniff import Kind
from tests.evidence_files import seal
from tests.mutants import CORPUS

QUICK_FILES = 24
LOST = {"crashed", "bad_answer", "timeout", "too_much_memory"}


def corpus_files() -> list[Path]:
    return sorted(path for path in (CORPUS / "office").glob("*") if path.is_file())


def outcome_of(renderer: Renderer, source: EvidenceSource) -> str:
    """Open a file, read all of its sheets or its first pages, and what was left in it."""
    try:
        info = renderer.open(source)
        if info.kind is Kind.SHEET:
            for index in range(len(sheets.sheets_of(renderer, source))):
                sheets.grid_of(renderer, source, index)
        for page in range(min(info.page_count, 3)):
            renderer.render(source, page, 0.5)
            renderer.text(source, page)
        remarks.remarks_of(renderer, source)
    except RefusedWithCard as refused:
        return refused.card.reason
    return info.kind.value


def read_all(files: list[Path], folder: Path) -> Counter[str]:
    """What became of each."""
    outcomes: Counter[str] = Counter()
    renderer = Renderer()
    try:
        for path in files:
            source = seal(folder, path.read_bytes(), path.name)
            outcomes[outcome_of(renderer, source)] += 1
            source.path.unlink()
    finally:
        renderer.close()
    return outcomes


def test_some_office_files(tmp_path: Path) -> None:
    files = corpus_files()
    if not files:
        pytest.skip("no real files at hand")
    chosen = files[:: max(1, len(files) // QUICK_FILES)][:QUICK_FILES]
    outcomes = read_all(chosen, tmp_path)
    assert outcomes["office"] + outcomes["sheet"] >= len(chosen) * 0.8, outcomes
    assert not LOST & set(outcomes), outcomes


@pytest.mark.heavy
@pytest.mark.timeout(300)
def test_all_office_files(tmp_path: Path) -> None:
    files = corpus_files()
    if not files:
        pytest.skip("no real files at hand")
    outcomes = read_all(files, tmp_path)
    assert outcomes["office"] + outcomes["sheet"] >= len(files) * 0.9, outcomes
    assert not LOST & set(outcomes), outcomes


@pytest.mark.heavy
@pytest.mark.timeout(1800)
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_libreoffice_copies_what_can_be_copied(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    files = [path for path in corpus_files() if path.suffix in (".docx", ".pptx")]
    if not files:
        pytest.skip("no real files at hand")
    clock, outcomes, seconds = Clock(), Counter[str](), []
    converter = Converter(PlainFolder(tmp_path, clock), clock)
    for path in files:
        source, began = seal(tmp_path, path.read_bytes(), path.name), time.monotonic()
        try:
            converter.convert(source, CopyForm.PDF)
            outcomes["made"] += 1
        except NoCopy as none:
            outcomes[none.reason] += 1
        seconds.append(time.monotonic() - began)
        assert not (tmp_path / "plain").exists(), path.name
    record_property("seconds", [round(one, 2) for one in sorted(seconds)])
    assert outcomes["made"] >= len(files) * 0.8, outcomes
