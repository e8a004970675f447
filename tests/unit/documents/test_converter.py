"""Copies by another program: made in a plain folder that is gone afterwards, however the program behaves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.documents.converter import Converter, CopyForm, NoCopy
from assessor_app.documents.limits import ConvertLimits
from assessor_app.documents.office_program import OfficeProgram, find_office
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sheets import grid_of
from assessor_app.documents.sniff import office_extension
from tests.evidence_files import is_gone, seal, text_pdf
from tests.office_files import gradebook, paragraph, reviewed_word_file, run, word_file

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
_OUT = 'while [ "$1" != "--outdir" ]; do shift; done; out="$2"; document="$3"\n'
_HANGS = 'sleep 300 & echo "$! $$" > "{pids}"; wait\n'


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    made = tmp_path / "profile"
    made.mkdir()
    return made


@pytest.fixture
def converter_with(profile: Path, tmp_path: Path) -> Callable[..., Converter]:
    """A converter whose program is a few lines of shell."""

    def make(script: str, limits: ConvertLimits | None = None) -> Converter:
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}", "utf-8")
        program.chmod(0o755)
        clock = Clock()
        return Converter(
            PlainFolder(profile, clock),
            clock,
            limits=limits or ConvertLimits(convert_s=20.0),
            find=lambda: OfficeProgram(program, "Stand-in 1"),
        )

    return make


@pytest.fixture
def plan(tmp_path: Path) -> EvidenceSource:
    return seal(tmp_path, word_file(paragraph(run("A plan"))), "Plan of somebody.docx")


def wait_for(file: Path) -> list[int]:
    """The process ids that the stand-in wrote down."""
    until = time.monotonic() + 20
    while not (file.exists() and file.read_text().endswith("\n")):
        assert time.monotonic() < until, "the program was not started"
        time.sleep(0.02)
    return [int(pid) for pid in file.read_text().split()]


def all_gone(pids: list[int]) -> bool:
    """Whether the processes end within a few seconds."""
    until = time.monotonic() + 10
    while not all(is_gone(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@posix
def test_a_copy_comes_out_and_nothing_stays(
    converter_with: Callable[..., Converter], plan: EvidenceSource, profile: Path, tmp_path: Path
) -> None:
    pdf, told = tmp_path / "made.pdf", tmp_path / "told"
    pdf.write_bytes(text_pdf("A plan"))
    script = f'{_OUT}cp "{pdf}" "$out/document.pdf"\n(echo "$document"; ls -ld "$out"; env) > "{told}"\n'
    made = converter_with(script).convert(plan, CopyForm.PDF)
    assert (made.data, made.media_type, made.renderer) == (pdf.read_bytes(), "application/pdf", "Stand-in 1")
    assert not (profile / "plain").exists()
    seen = told.read_text()
    # A neutral name, a folder for this person alone, a home of its own, no way to the person's own settings.
    assert seen.splitlines()[0].endswith("/in/document.docx")
    assert "somebody" not in seen
    assert "drwx------" in seen
    assert f"HOME={profile}/plain/" in seen
    assert "DISPLAY=" not in seen


@posix
def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    converter_with: Callable[..., Converter], plan: EvidenceSource, profile: Path, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    converter = converter_with(_HANGS.format(pids=pids), ConvertLimits(convert_s=1.0, start_s=5.0))
    with pytest.raises(NoCopy) as caught:
        converter.convert(plan, CopyForm.PDF)
    assert caught.value.reason in ("timeout", "failed")
    assert all_gone(wait_for(pids))
    assert not (profile / "plain").exists()


@posix
def test_giving_up_ends_it_at_once(
    converter_with: Callable[..., Converter], plan: EvidenceSource, profile: Path, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    converter = converter_with(_HANGS.format(pids=pids))
    began = time.monotonic()
    with pytest.raises(NoCopy) as caught:
        converter.convert(plan, CopyForm.PDF, should_stop=pids.exists)
    assert caught.value.reason == "stopped"
    assert time.monotonic() - began < 10
    assert all_gone(wait_for(pids))
    assert not (profile / "plain").exists()


@posix
@pytest.mark.parametrize(
    "script",
    [
        "exit 1\n",
        "exit 0\n",
        f'{_OUT}ln -s /etc/hostname "$out/document.pdf"\n',
        f'{_OUT}echo "no copy" > "$out/document.pdf"\n',
        f'{_OUT}mkfifo "$out/document.pdf"\n',
        f'{_OUT}dd if=/dev/zero of="$out/document.pdf" bs=1024 count=64\n',
        f'{_OUT}chmod 000 "$out"; exit 0\n',
        "kill -9 $PPID; exit 0\n",
    ],
    ids=["fails", "nothing", "symlink", "other", "fifo", "too large", "locked", "kills its parent"],
)
def test_what_is_no_copy_is_not_taken(
    converter_with: Callable[..., Converter], plan: EvidenceSource, profile: Path, script: str
) -> None:
    converter = converter_with(script, ConvertLimits(convert_s=10.0, max_copy_bytes=32 * 1024))
    with pytest.raises(NoCopy) as caught:
        converter.convert(plan, CopyForm.PDF)
    assert caught.value.reason == "failed"
    assert not (profile / "plain").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="limits are held by the kernel on Linux alone")
def test_a_program_that_eats_memory_is_ended(
    converter_with: Callable[..., Converter], plan: EvidenceSource, profile: Path
) -> None:
    script = f'exec "{sys.executable}" -c "x = bytearray(300_000_000); import time; time.sleep(60)"\n'
    limits = ConvertLimits(convert_s=30.0, max_resident_bytes=200_000_000)
    with pytest.raises(NoCopy) as caught:
        converter_with(script, limits).convert(plan, CopyForm.PDF)
    assert caught.value.reason == "too_much_memory"
    assert not (profile / "plain").exists()


_PROGRAM = """
import sys
from pathlib import Path
from assessor_app.clock import Clock
from assessor_app.documents.converter import Converter, CopyForm
from assessor_app.documents.office_program import OfficeProgram
from assessor_app.documents.plain_folder import PlainFolder
from tests.evidence_files import seal

if __name__ == "__main__":
    folder, program = Path(sys.argv[1]), Path(sys.argv[2])
    clock = Clock()
    converter = Converter(PlainFolder(folder, clock), clock, find=lambda: OfficeProgram(program, "Stand-in"))
    converter.convert(seal(folder, b"a document", "Plan.docx"), CopyForm.PDF)
"""


@posix
def test_after_a_kill_nothing_runs_on_and_the_next_start_sweeps(profile: Path, tmp_path: Path) -> None:
    pids, program, main = tmp_path / "pids", tmp_path / "soffice", tmp_path / "main.py"
    program.write_text(f"#!/bin/sh\n{_HANGS.format(pids=pids)}", "utf-8")
    program.chmod(0o755)
    main.write_text(_PROGRAM, "utf-8")
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, main, profile, program], env=environment, cwd=root) as process:
        started = wait_for(pids)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert all_gone(started)
    assert list((profile / "plain").rglob("document.docx"))
    PlainFolder(profile, Clock()).sweep()
    assert not (profile / "plain").exists()


def test_sweeping_follows_no_link(profile: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "work.txt").write_text("mine")
    (profile / "plain").symlink_to(kept)
    folder = PlainFolder(profile, Clock())
    folder.sweep()
    assert (kept / "work.txt").read_text() == "mine"
    with folder.place() as place:
        assert place.stat().st_mode & 0o777 == 0o700
        (place / "link").symlink_to(kept)
    assert (kept / "work.txt").exists()
    assert not folder.path.exists()


def test_sweeping_takes_what_is_locked(profile: Path) -> None:
    folder = PlainFolder(profile, Clock())
    locked = folder.path / "one" / "in"
    locked.mkdir(parents=True)
    (locked / "document.docx").write_bytes(b"plain")
    (locked / "document.docx").chmod(0o400)
    locked.chmod(0o500)
    locked.parent.chmod(0o600)
    folder.sweep()
    assert not folder.path.exists()


def test_without_a_program_there_is_no_copy(profile: Path, plan: EvidenceSource) -> None:
    clock = Clock()
    converter = Converter(PlainFolder(profile, clock), clock, find=lambda: None)
    with pytest.raises(NoCopy) as caught:
        converter.convert(plan, CopyForm.PDF)
    assert caught.value.reason == "no_program"


@pytest.mark.parametrize(
    ("name", "media_type", "extension"),
    [
        ("Artifact 1.pptx", "", "pptx"),
        ("x.DOC", "", "doc"),
        ("../../evil.sh", "application/msword", "doc"),
        ("evil.exe", "", "docx"),
        ("Artifact 2", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ],
)
def test_only_known_extensions_reach_the_disk(name: str, media_type: str, extension: str) -> None:
    assert office_extension(name, media_type) == extension


# ---- With LibreOffice itself, where it is installed ----


@pytest.fixture
def libreoffice(profile: Path) -> Converter:
    clock = Clock()
    return Converter(PlainFolder(profile, clock), clock)


@needs_office
def test_libreoffice_makes_pages(libreoffice: Converter, renderer: Renderer, tmp_path: Path) -> None:
    source = seal(tmp_path, reviewed_word_file(), "Reflection.docx")
    made = libreoffice.convert(source, CopyForm.PDF)
    assert made.renderer.startswith("LibreOffice")
    copy = seal(tmp_path, made.data, "Reflection.docx", made.media_type)
    assert renderer.open(copy).page_count == 1
    assert "named an operation before they had read" in renderer.text(copy, 0).text


def make(program: OfficeProgram, profile: str, extension: str, document: Path) -> None:
    """Have LibreOffice write a file in another form, beside it."""
    command = [str(program.path), f"-env:UserInstallation={profile}", "--headless", "--convert-to", extension]
    command += ["--outdir", str(document.parent), str(document)]
    subprocess.run(command, check=True, capture_output=True)


@needs_office
@pytest.mark.heavy
@pytest.mark.parametrize("extension", ["doc", "rtf", "odt"])
def test_libreoffice_reads_the_other_forms(
    libreoffice: Converter, renderer: Renderer, tmp_path: Path, extension: str
) -> None:
    program = find_office()
    assert program is not None
    (tmp_path / "plan.docx").write_bytes(reviewed_word_file())
    profile = (tmp_path / "own").as_uri()
    make(program, profile, extension, tmp_path / "plan.docx")
    data = (tmp_path / f"plan.{extension}").read_bytes()
    made = libreoffice.convert(seal(tmp_path, data, f"Plan.{extension}"), CopyForm.PDF)
    copy = seal(tmp_path, made.data, f"Copy of {extension}", made.media_type)
    assert "named an operation before they had read" in renderer.text(copy, 0).text


@needs_office
@pytest.mark.heavy
def test_an_older_sheet_becomes_one_whose_cells_can_be_read(
    libreoffice: Converter, renderer: Renderer, tmp_path: Path
) -> None:
    program = find_office()
    assert program is not None
    (tmp_path / "grades.xlsx").write_bytes(gradebook())
    profile = (tmp_path / "own").as_uri()
    make(program, profile, "xls", tmp_path / "grades.xlsx")
    source = seal(tmp_path, (tmp_path / "grades.xls").read_bytes(), "Grades.xls")
    made = libreoffice.convert(source, CopyForm.SHEET)
    grid = grid_of(renderer, seal(tmp_path, made.data, "Grades.xls", made.media_type), 0)
    assert grid.cells[1, 1].text == "75.6%"
    assert grid.cells[2, 4].formula.startswith("=B3")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(0.2)
        yield made


@needs_office
def test_libreoffice_calls_nobody(libreoffice: Converter, tmp_path: Path, listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    body = (
        paragraph(run("Before"))
        + '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="a"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic='
        '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="a"/>'
        '<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId1"/></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
        + '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDETEXT '
        f'"{address}/b.docx"</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    data = word_file(
        body, relations=[("image", f"{address}/a.png"), ("attachedTemplate", f"{address}/t.dotm")]
    )
    made = libreoffice.convert(seal(tmp_path, data, "Outside.docx"), CopyForm.PDF)
    assert made.data.startswith(b"%PDF-")
    with pytest.raises(TimeoutError):
        listener.accept()
