"""Hostile files: each costs a card or a note, and the next request works."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assessor_app.documents.cards import RefusedWithCard, note_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import docx_of, picture, seal, text_pdf, zip_of
from tests.hostile_files import CATALOGUE, nested_forms, raw_pdf
from tests.mutants import CORPUS

QUICK_CORPUS_FILES = 15


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    own = Renderer()
    own.warm_up()
    yield own
    own.close()


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedWithCard) as caught:
        call()
    return caught.value.card.reason


def works(renderer: Renderer, folder: Path) -> bool:
    """Whether a harmless page is drawn."""
    return renderer.render(seal(folder, text_pdf("Harmless"), "ok.pdf"), 0, 0.2).width_px == 119


def test_truncated_pdfs_are_mended_or_refused(renderer: Renderer, tmp_path: Path) -> None:
    data = text_pdf(*[f"Page {number} of a plan. " * 40 for number in range(12)])
    outcomes: set[str] = set()
    for share in (0.02, 0.2, 0.5, 0.8, 0.97, 0.995):
        source = seal(tmp_path, data[: int(len(data) * share)], f"cut {share}.pdf")
        try:
            info = renderer.open(source)
        except RefusedWithCard as refused:
            outcomes.add(refused.card.reason)
        else:
            assert info.page_count >= 1
            assert note_for("repaired") in info.notes
            outcomes.add("shown")
    assert outcomes <= {"shown", "damaged", "no_pages"}
    assert {"shown"} < outcomes
    assert works(renderer, tmp_path)


def test_a_count_of_a_billion_pages(renderer: Renderer, tmp_path: Path) -> None:
    data = raw_pdf(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>",
    )
    assert refusal(lambda: renderer.open(seal(tmp_path, data, "bomb.pdf"))) == "damaged"
    assert works(renderer, tmp_path)


def test_a_count_of_pages_that_nothing_stands_behind(renderer: Renderer, tmp_path: Path) -> None:
    data = raw_pdf(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 3000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>",
        *[b"null"] * 4_000,
    )
    source = seal(tmp_path, data, "empty.pdf")
    info = renderer.open(source)
    assert info.page_count == 1
    assert info.notes == (note_for("pages_missing"),)
    assert renderer.render(source, 0, 1.0).width_px == 200


def test_a_page_tree_that_bites_its_tail(renderer: Renderer, tmp_path: Path) -> None:
    data = raw_pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000>>")
    assert refusal(lambda: renderer.open(seal(tmp_path, data, "loop.pdf"))) in ("damaged", "no_pages")


def test_a_page_of_ten_kilometres(renderer: Renderer, tmp_path: Path) -> None:
    data = raw_pdf(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 30000000 30000000]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>",
    )
    source = seal(tmp_path, data, "huge.pdf")
    info = renderer.open(source)
    assert info.page_count == 2
    assert max(info.pages[0].width_pt, info.pages[0].height_pt) < 1_000
    assert info.notes == (note_for("pages_damaged"),)
    assert refusal(lambda: renderer.render(source, 0, 1.0)) == "page_too_large"
    assert renderer.render(source, 1, 1.0).width_px == 300


def test_forms_in_forms_cost_one_page(tmp_path: Path) -> None:
    limits = Limits(render_s=0.5, open_s=0.5)
    renderer = Renderer(limits=limits)
    try:
        source = seal(tmp_path, nested_forms(9), "laughs.pdf")
        assert renderer.open(source).page_count == 1
        assert refusal(lambda: renderer.render(source, 0, 1.0)) == "timeout"
        assert works(renderer, tmp_path)
    finally:
        renderer.close()


def test_a_child_may_not_fill_the_memory(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(max_resident_bytes=150 * 1024 * 1024))
    try:
        source = seal(tmp_path, nested_forms(9), "laughs.pdf")
        started = time.monotonic()
        assert refusal(lambda: renderer.render(source, 0, 1.0)) == "too_much_memory"
        assert time.monotonic() - started < 15
        assert works(renderer, tmp_path)
    finally:
        renderer.close()


def png_of(width: int, height: int) -> bytes:
    """A grey PNG of any size that packs to little."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    packer = zlib.compressobj(1)
    row = bytes(width + 1)
    body = b"".join([*(packer.compress(row) for _ in range(min(height, 50))), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_of_30000_pixels_a_side(renderer: Renderer, tmp_path: Path) -> None:
    assert refusal(lambda: renderer.open(seal(tmp_path, png_of(30_000, 30_000), "a.png"))) == (
        "picture_too_large"
    )
    assert refusal(lambda: renderer.open(seal(tmp_path, png_of(2_000_000, 2), "b.png"))) == (
        "picture_too_large"
    )
    assert works(renderer, tmp_path)


def test_a_very_large_photograph_is_shown_reduced(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(max_picture_px=1_000_000))
    try:
        source = seal(tmp_path, picture(4_000, 3_000, "JPEG"), "a.jpg")
        info = renderer.open(source)
        assert (info.pages[0].width_pt, info.pages[0].height_pt) == (4_000, 3_000)
        assert info.notes == (note_for("reduced"),)
        tile = renderer.render(source, 0, 1.0, (100, 100, 300, 200))
        assert tile.data[: 4 * 3] in (b"\x00\x00\xfe\xff" * 3, b"\x00\x00\xff\xff" * 3)
        assert refusal(
            lambda: renderer.open(seal(tmp_path, picture(4_000, 3_000, "JPEG")[:50], "b.jpg"))
        ) == ("damaged")
        assert refusal(lambda: renderer.open(seal(tmp_path, picture(4_000, 3_000, "PNG"), "c.png"))) == (
            "picture_too_large"
        )
    finally:
        renderer.close()


def zip_with_directory_of(directory_bytes: int) -> bytes:
    """A zip whose end record announces a list of contents of this length."""
    data = bytearray(docx_of({}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = directory_bytes.to_bytes(4, "little")
    return bytes(data)


def zip_with_shared_bytes() -> bytes:
    """A Word file in which every entry of the list names the same packed bytes."""
    data = bytearray(docx_of({f"word/{number}.xml": b"the same words" for number in range(20)}))
    at, first = data.find(b"PK\x01\x02"), None
    while at >= 0:
        first = data[at + 42 : at + 46] if first is None else first
        data[at + 42 : at + 46] = first
        at = data.find(b"PK\x01\x02", at + 46)
    return bytes(data)


def zip_that_runs_into_its_list() -> bytes:
    """A Word file whose last entry says that it goes on over the list of contents."""
    data = bytearray(docx_of({}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 20 : at + 24] = (500).to_bytes(4, "little")
    return bytes(data)


def locked_zip() -> bytes:
    """A Word file whose entries say that they are encrypted."""
    data = bytearray(docx_of({}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 46)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx_of({"word/media/a.bin": bytes(40_000_000)}), "unsafe_archive"),
        (zip_with_shared_bytes(), "unsafe_archive"),
        (zip_that_runs_into_its_list(), "unsafe_archive"),
        (locked_zip(), "encrypted"),
        (docx_of({f"word/{number}.xml": b"x" for number in range(2_001)}), "unsafe_archive"),
        (zip_with_directory_of(50_000_000), "unsafe_archive"),
        (zip_of({"a.zip": zip_of({"b": b"b"})}), "archive"),
        (docx_of({})[:-30], "damaged"),
    ],
    ids=["ratio", "shared bytes", "into the list", "locked", "entries", "directory", "archive", "cut"],
)
def test_packed_files_are_only_listed(renderer: Renderer, tmp_path: Path, data: bytes, reason: str) -> None:
    name = "All.zip" if reason == "archive" else "Plan.docx"
    assert refusal(lambda: renderer.open(seal(tmp_path, data, name))) == reason


def test_a_docx_that_unpacks_to_more_than_300_mb(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(archive_bytes=1_000_000, archive_ratio=1_000_000))
    try:
        data = docx_of({"word/a": bytes(600_000), "word/b": bytes(600_000)})
        assert refusal(lambda: renderer.open(seal(tmp_path, data, "Plan.docx"))) == "unsafe_archive"
    finally:
        renderer.close()


def test_a_file_larger_than_allowed_is_not_read(tmp_path: Path) -> None:
    renderer = Renderer(limits=Limits(max_document_bytes=500))
    try:
        source = seal(tmp_path, text_pdf("Hello"), "a.pdf")
        assert refusal(lambda: renderer.open(source)) == "too_large"
    finally:
        renderer.close()


def test_script_in_a_pdf_does_not_run(renderer: Renderer, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/touch)/P(%s)>>"
        b"/Names<</JavaScript<</Names[(x)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>>>"
        % str(planted).encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>>>",
    )
    source = seal(tmp_path, data, "script.pdf")
    assert renderer.open(source).page_count == 1
    assert set(renderer.render(source, 0, 1.0).data) == {255}
    assert not planted.exists()


# ---- Real files, where they are at hand


def corpus_files() -> list[Path]:
    return sorted(path for name in ("pdf", "images") for path in (CORPUS / name).glob("*") if path.is_file())


def show_all(files: list[Path], folder: Path) -> dict[str, int]:
    """Open, draw and read the first page of each; what became of them."""
    outcomes: dict[str, int] = {}
    renderer = Renderer()
    try:
        for path in files:
            source = seal(folder, path.read_bytes(), path.name)
            try:
                info = renderer.open(source)
                size = info.pages[0]
                scale = min(1.0, 800 / max(size.width_pt, size.height_pt))
                drawn = renderer.render(source, 0, scale)
                assert len(drawn.data) == drawn.width_px * drawn.height_px * 4
                renderer.text(source, 0)
                outcome = "shown"
            except RefusedWithCard as refused:
                outcome = refused.card.reason
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            source.path.unlink()
    finally:
        renderer.close()
    return outcomes


def test_some_real_files(tmp_path: Path) -> None:
    files = corpus_files()
    if not files:
        pytest.skip("no real files at hand")
    chosen = files[:: max(1, len(files) // QUICK_CORPUS_FILES)][:QUICK_CORPUS_FILES]
    outcomes = show_all(chosen, tmp_path)
    assert outcomes.get("shown", 0) >= len(chosen) * 0.8, outcomes


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_all_real_files(tmp_path: Path) -> None:
    files = corpus_files()
    if not files:
        pytest.skip("no real files at hand")
    outcomes = show_all(files, tmp_path)
    assert outcomes.get("shown", 0) >= len(files) * 0.9, outcomes
    assert not {"crashed", "bad_answer"} & set(outcomes), outcomes
