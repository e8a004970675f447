"""`inspect`: files go the window's way without a window, and nothing plain is left behind."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import subprocess
import sys
from multiprocessing import resource_tracker
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from assessor_app import cli
from assessor_app.clock import Clock
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import PagePixels
from assessor_app.documents.png import png_of
from assessor_app.documents.renderer import Renderer
from assessor_app.services.inspecting import Inspector
from reference_platform.demo import sheet_files, writing
from tests.evidence_files import picture, slow_pdf, text_pdf, zip_of
from tests.mutants import MEDIA
from tests.ui.odd_files import cut_pdf, locked_pdf

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def put(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_pdf_as_an_object_and_as_pictures(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = put(tmp_path, "A plan & more.pdf", text_pdf("The fence goes around", "and the carpet inside."))
    assert cli.main(["inspect", file, "--json", "--png", str(tmp_path / "out"), "--pages", "1"]) == 0
    (found,) = objects(capsys)
    assert found["file"] == "A plan & more.pdf"
    assert (found["sniffed"], found["kind"], found["shown"], found["refused"]) == ("pdf", "pdf", True, None)
    assert (found["page_count"], found["has_text"], found["words"]) == (2, True, 8)
    assert found["characters"] == len("The fence goes around") + len("and the carpet inside.")
    assert found["size_bytes"] == Path(file).stat().st_size
    pages = found["pages"]
    assert isinstance(pages, list)
    assert pages[0] == {
        "width_pt": 595.0,
        "height_pt": 842.0,
        "words": 4,
        "characters": 21,
        "refused": None,
    }
    times = found["milliseconds"]
    assert isinstance(times, dict)
    assert list(times) == ["seal", "open", "draw", "text", "pictures", "parts"]
    assert all(isinstance(time, float) and time >= 0.0 for time in times.values())
    written = [path.name for path in (tmp_path / "out").iterdir()]
    assert written == ["01-A_plan_more.pdf-page-1.png"]
    with Image.open(tmp_path / "out" / written[0]) as drawn:
        assert drawn.size == (794, 1123)
        assert drawn.getextrema() == ((0, 255),) * 3
    assert list(scratch.iterdir()) == []


def test_what_the_learner_left_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pymupdf.open(stream=text_pdf("The fence goes around", "and the carpet inside.")) as document:
        document[0].add_highlight_annot((72, 72, 200, 90))
        document[1].add_text_annot((300, 100), "I changed this.")
        document.set_toc([[1, "Fence", 1], [1, "Carpet", 2]])
        marked = document.tobytes()
    values = sheet_files.workbook(writing.document("S-M4RN", "values.md"))
    files = [put(tmp_path, "marked.pdf", marked), put(tmp_path, "values.xlsx", values)]
    assert cli.main(["inspect", *files, "--json"]) == 0
    pdf, workbook = objects(capsys)
    assert pdf["annotations"] == {"mark": 1, "comment": 1}
    assert pdf["outline"] == 2
    assert (workbook["kind"], workbook["page_count"], workbook["outline"]) == ("sheet", 0, None)
    sheets = workbook["sheets"]
    assert isinstance(sheets, list)
    assert sheets[0]["rows"] > 3
    assert sheets[0]["cells"] > 10
    assert isinstance(workbook["words"], int)
    assert workbook["words"] > 10
    assert cli.main(["inspect", *files]) == 0
    said = capsys.readouterr().out
    assert "  in the file 1 mark, 1 comment, outline of 2\n" in said
    assert "values.xlsx: shown as sheet\n" in said


def test_a_recording_is_tried_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = (MEDIA / "counters.mp4").read_bytes()
    files = [put(tmp_path, "film.mp4", film), put(tmp_path, "cut.mp4", film[: len(film) // 3])]
    assert cli.main(["inspect", *files, "--json"]) == 0
    whole, cut = objects(capsys)
    assert (whole["kind"], whole["refused"]) == ("video", None)
    assert whole["recording"] == {
        "duration_ms": 6000,
        "has_video": True,
        "has_audio": False,
        "width_px": 320,
        "height_px": 240,
        "frames_per_s": 12.0,
    }
    assert (cut["shown"], cut["recording"]) == (False, None)


def test_what_is_refused_is_told_and_is_no_failure(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        put(tmp_path, "locked.pdf", locked_pdf()),
        put(tmp_path, "cut.pdf", cut_pdf()),
        put(tmp_path, "empty.pdf", b""),
        put(tmp_path, "all.zip", zip_of({"a.txt": b"a"})),
        put(tmp_path, "good.png", picture(40, 30, "PNG")),
    ]
    assert cli.main(["inspect", *files, "--json"]) == 0
    found = objects(capsys)
    reasons = [each["refused"] and each["refused"]["reason"] for each in found]  # type: ignore[index]
    assert reasons == ["encrypted", "damaged", "empty", "archive", None]
    assert [each["shown"] for each in found] == [False, False, False, False, True]
    assert found[0]["refused"] == {
        "reason": "encrypted",
        "title": "This file is protected with a password",
    }
    assert list(scratch.iterdir()) == []


def test_the_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        put(tmp_path, "plan\x1b[31m.txt", b"Ask, wait, ask again."),
        put(tmp_path, "locked.pdf", locked_pdf()),
    ]
    assert cli.main(["inspect", *files]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "plan[31m.txt: shown as text\n" in said
    assert "  text        4 words, 21 characters\n" in said
    assert "locked.pdf: not shown. This file is protected with a password (encrypted)\n" in said


@pytest.mark.parametrize("arguments", [[], ["{}/nowhere.pdf"], ["{}"], ["{}/a.txt", "--pages", "0"]])
def test_wrong_use(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, "a.txt", b"a")
    with pytest.raises(SystemExit) as ended:
        cli.main(["inspect", *[argument.format(tmp_path) for argument in arguments]])
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_pictures_that_cannot_be_written_are_a_failure(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = put(tmp_path, "a.pdf", text_pdf("a"))
    assert cli.main(["inspect", file, "--png", file]) == 1
    assert capsys.readouterr().err.startswith(file)
    assert list(scratch.iterdir()) == []


def test_a_child_that_does_not_start_is_a_failure(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = put(tmp_path, "a.pdf", text_pdf("a"))
    # It is no child of the program's, and would be started by the same name.
    resource_tracker.ensure_running()
    multiprocessing.set_executable("/bin/false")
    try:
        assert cli.main(["inspect", file]) == 1
    finally:
        multiprocessing.set_executable(sys.executable)
    assert capsys.readouterr().err.startswith("Pages cannot be shown right now.")
    assert list(scratch.iterdir()) == []


def test_only_the_sealed_copy_lies_on_the_disk_meanwhile(tmp_path: Path) -> None:
    words = "The carpet goes inside"
    file = tmp_path / "a.pdf"
    file.write_bytes(text_pdf(words))
    folder = tmp_path / "private"
    folder.mkdir()
    seen: list[bytes] = []

    def look(page: int, pixels: PagePixels) -> str:
        seen.extend(path.read_bytes() for path in folder.iterdir())
        return ""

    renderer = Renderer()
    try:
        found = Inspector(renderer, folder, Clock()).inspect(file, picture=look, pictures=1)
    finally:
        renderer.close()
    assert found.words == 4
    assert len(seen) == 1
    assert b"%PDF" not in seen[0]
    assert words.encode() not in seen[0]
    assert list(folder.iterdir()) == []


def test_a_page_that_hangs_is_told_and_the_next_file_is_seen(tmp_path: Path) -> None:
    for name, data in (("slow.pdf", slow_pdf()), ("good.pdf", text_pdf("Good"))):
        (tmp_path / name).write_bytes(data)
    folder = tmp_path / "private"
    folder.mkdir()
    renderer = Renderer(limits=Limits(open_s=1.0, render_s=0.5))
    try:
        inspector = Inspector(renderer, folder, Clock())
        slow, good = (inspector.inspect(tmp_path / name) for name in ("slow.pdf", "good.pdf"))
    finally:
        renderer.close()
    assert slow.refused is None
    assert slow.pages[0].refused is not None
    assert slow.pages[0].refused.reason == "timeout"
    assert (good.refused, good.words) == (None, 1)


def test_it_runs_as_a_program_without_a_window(tmp_path: Path) -> None:
    file = put(tmp_path, "a.pdf", text_pdf("a"))
    code = f"import sys; from assessor_app.cli import main; status = main(['inspect', {file!r}, '--json']); "
    code += (
        "sys.exit(status or any(name in sys.modules for name in ('PySide6', 'pymupdf', 'PIL', 'sqlalchemy')))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["page_count"] == 1


def test_colours_keep_their_order() -> None:
    blue_green_red = bytes((255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255))
    data = png_of(PagePixels(0, 1.0, 2, 2, 8, blue_green_red))

    with Image.open(io.BytesIO(data)) as made:
        assert [made.getpixel((x, y)) for y in (0, 1) for x in (0, 1)] == [
            (0, 0, 255),
            (0, 255, 0),
            (255, 0, 0),
            (9, 9, 9),
        ]
