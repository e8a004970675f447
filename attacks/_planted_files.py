"""Evidence of several kinds with planted words, and the words that are typed on it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pymupdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assessor_app.sync.protocol import ArtifactWire, PartWire, SubmissionWire
from reference_platform.seeding import DemoContent, SeedSubmission
from tests.contract.small_content import FIRST, content
from tests.office_files import paragraph, run, sheet_file, word_file

TOKEN = "Plantagonia"
"""The rare word that everything planted begins with."""
_IN_EVIDENCE = (
    *(
        "PDF",
        "author of a PDF",
        "Word",
        "author of a Word file",
        "sheet",
        "text",
        "CSV",
        "EXIF",
        "PNG",
        "zip",
    ),
    *("answer", "link"),
)
TYPED = (
    *("note on a criterion", "feedback", "what was seen", "feedback on a file", "overall"),
    *("note to the approver", "comment of a mark", "title of a comment", "comment", "word of her own"),
    *("question that was not sent", "name of a view", "search of a view"),
)
"""Where the assessor writes something."""


def words() -> dict[str, str]:
    """What is planted, by where it stands."""
    return {
        where: f"{TOKEN}{number:02} {where.replace(' ', '-')}"
        for number, where in enumerate((*_IN_EVIDENCE, *TYPED), 1)
    }


def planted_content() -> DemoContent:
    """The small platform whose first submission holds the planted evidence."""
    made = content()
    said = words()
    files: dict[str, tuple[str, str, Callable[[], bytes]]] = {
        f"artifact-{number}": (f"Artifact {number}.{ending}", media_type, make)
        for number, (ending, media_type, make) in enumerate(_files(said), 1)
    }
    wire = next(one.wire for one in made.submissions if one.wire.id == FIRST)
    artifacts = [
        ArtifactWire(
            id=key, filename=name, media_type=media_type, size_bytes=0, sha256="0" * 64, page_count=None
        )
        for key, (name, media_type, _) in files.items()
    ]
    part = wire.parts[0]
    answered = part.responses[0].model_copy(update={"text": f"I saw {said['answer']} there."})
    link = part.links[0].model_copy(update={"title": said["link"], "snapshot": None})
    parts: list[PartWire] = [
        part.model_copy(update={"artifacts": artifacts, "responses": [answered], "links": [link]})
    ]
    changed: SubmissionWire = wire.model_copy(update={"parts": parts})
    producers = {key: make for key, (_, _, make) in files.items()}
    seeds = tuple(
        SeedSubmission(changed, one.learner, one.assignments, producers) if one.wire.id == FIRST else one
        for one in made.submissions
    )
    return replace(made, submissions=seeds)


def _files(said: dict[str, str]) -> list[tuple[str, str, Callable[[], bytes]]]:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return [
        ("pdf", "application/pdf", partial(_pdf, said)),
        ("docx", word, partial(_word, said)),
        ("xlsx", sheet, partial(_sheet, said)),
        ("txt", "text/plain", partial(str.encode, f"We measured. {said['text']}.\n" * 20)),
        ("csv", "text/csv", partial(str.encode, f"name,points\n{said['CSV']},3\n")),
        ("jpg", "image/jpeg", partial(_jpeg, said)),
        ("png", "image/png", partial(_png, said)),
        ("zip", "application/zip", partial(_zip, said)),
    ]


def planted_pdf(said: dict[str, str], key: str = "PDF") -> bytes:
    """A PDF with planted words on its page."""
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 100), f"We measured. {said[key]}.", fontsize=12)
        document.set_metadata({"author": said["author of a PDF"]})
        data: bytes = document.tobytes()
    return data


_pdf = planted_pdf


def _word(said: dict[str, str]) -> bytes:
    changed = f'<w:ins w:id="6" w:author="{said["author of a Word file"]}">{run("and more")}</w:ins>'
    return word_file(paragraph(run(f"We measured. {said['Word']}.") + changed))


def _sheet(said: dict[str, str]) -> bytes:
    cell = f'<c r="A1" t="inlineStr"><is><t>{said["sheet"]}</t></is></c>'
    return sheet_file({"Grades": f'<sheetData><row r="1">{cell}</row></sheetData>'})


def _jpeg(said: dict[str, str]) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = said["EXIF"]
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 160)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _png(said: dict[str, str]) -> bytes:
    info = PngInfo()
    info.add_text("Comment", said["PNG"])
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 160)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def _zip(said: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", said["zip"])
    return out.getvalue()
