"""Words of strangers' files: what can be read is, and a hostile file costs only its own words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from reference_platform.similarity import file_texts
from reference_platform.similarity.file_texts import FileBytes, read_texts
from tests.office_files import paragraph, run, word_file

SENTENCE = "The quiet minute came before the question."


def file(name: str, data: bytes) -> FileBytes:
    return FileBytes(name, [data], len(data))


def pdf() -> bytes:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), SENTENCE)
        data: bytes = document.tobytes()
    return data


def open_document() -> bytes:
    body = f"<office:body><text:p>{SENTENCE}</text:p><text:p>R&amp;D</text:p></office:body>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("content.xml", body)
    return packed.getvalue()


def bomb() -> bytes:
    """A Word document whose text unpacks to 600 MB."""
    packed = io.BytesIO(word_file(paragraph(run(SENTENCE))))
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as plain, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in plain.namelist():
            if name != "word/document.xml":
                package.writestr(name, plain.read(name))
        with package.open("word/document.xml", "w", force_zip64=True) as entry:
            for _ in range(600):
                entry.write(b"<w:t>" * (1024 * 1024 // 5))
    return out.getvalue()


def test_every_kind_with_words_gives_them() -> None:
    files = {
        "pdf": file("Artifact 1.pdf", pdf()),
        "word": file("Artifact 2.DOCX", word_file(paragraph(run(SENTENCE)))),
        "open": file("Artifact 3.odt", open_document()),
        "text": file("Artifact 4.txt", b"\xef\xbb\xbf" + SENTENCE.encode()),
        "markdown": file("Artifact 5.md", SENTENCE.encode()),
        "table": file("Artifact 6.csv", SENTENCE.encode()),
        "picture": file("Artifact 7.png", b"\x89PNG\r\n"),
        "empty": file("Artifact 8.txt", b""),
        "none": file("Artifact", SENTENCE.encode()),
    }
    read = {key: " ".join(text.split()) for key, text in read_texts(files).items()}
    assert read.pop("open") == f"{SENTENCE} R&D"
    assert {key for key, text in read.items() if text == SENTENCE} == {
        "pdf",
        "word",
        "text",
        "markdown",
        "table",
    }
    assert {key for key, text in read.items() if not text} == {"picture", "empty", "none"}


def test_damaged_and_swollen_files_have_no_words_and_the_next_is_read() -> None:
    files = {
        "damaged": file("a.pdf", b"%PDF-1.7 " + bytes(range(256)) * 20),
        "lying": file("b.docx", pdf()[:300]),
        "swollen": file("c.docx", bomb()),
        "good": file("d.pdf", pdf()),
    }
    read = read_texts(files)
    assert SENTENCE in read["good"]
    assert not read["damaged"].strip()
    assert not read["swollen"].strip()


@pytest.mark.expects_log("ended the child")
def test_a_child_that_dies_or_hangs_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, os, sys, time\n"
        "for path, _, answer in json.load(sys.stdin):\n"
        "    text = open(path).read()\n"
        "    if text == 'die': os._exit(7)\n"
        "    if text == 'hang': time.sleep(60)\n"
        "    open(answer, 'w').write(text)\n"
    )
    monkeypatch.setattr(file_texts, "WORKER", worker)
    monkeypatch.setattr(file_texts, "FILE_SECONDS", 1)
    texts = ("one", "die", "two", "hang", "three")
    read = read_texts({text: file("a.txt", text.encode()) for text in texts})
    assert read == {"one": "one", "die": "", "two": "two", "hang": "", "three": "three"}


def test_a_file_that_is_too_large_is_not_even_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_texts, "MOST_BYTES", 10)

    def pieces() -> Iterator[bytes]:
        pytest.fail("it was read")
        yield b""

    assert read_texts({"large": FileBytes("a.txt", pieces(), 11)}) == {"large": ""}
