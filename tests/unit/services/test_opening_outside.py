"""A plain copy for another program: harmless kinds alone, private, read-only, and soon gone."""

from __future__ import annotations

import io
import stat
from dataclasses import replace

import pillow_heif
import pymupdf
import pytest
from PIL import Image

from assessor_app.cache import evidence, identity_findings, submissions
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import EvidenceRefused
from assessor_app.services import opening, opening_outside
from assessor_app.vault.sealed_file import SealedWriter
from tests import builders
from tests.stores import DATABASE_KEY, put_empty_store
from tests.ui.viewers.evidence_files import lesson_pdf

SID = builders.submission_id(1)


def put_file(context, name, data):
    """The first artifact under another name and with other bytes, arrived on this computer."""
    made = builders.submission()
    file = replace(builders.artifact(11, content=data), filename=name)
    parts = tuple(replace(p, artifacts=(file,)) if p.artifacts else p for p in made.parts)
    with context.store.write() as txn:
        submissions.put_submission(txn, replace(made, parts=parts, rev=9))
        evidence.want(txn, replace(made, parts=parts), context.clock)
        found = next(f for f in evidence.files(txn, SID) if f.sha256 == file.sha256)
        key = evidence.submission_key(txn, SID)
    path = evidence.path_of(context.store, found.blob_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with SealedWriter(path, submission_key=key, blob_id=found.blob_id, clock=context.clock) as writer:
        writer.write(data)
        writer.finish(expected_size=len(data), expected_sha256=found.sha256)
    with context.store.write() as txn:
        evidence.set_state(txn, found.blob_id, EvidenceState.READY)
    return file


def test_the_copy_is_whole_private_and_says_nothing(assessor):
    data = lesson_pdf(3)
    file = put_file(assessor, "Artifact 1.pdf", data)
    path = opening_outside.copy_outside(assessor, SID, file.id)
    with pymupdf.open(path) as copy, pymupdf.open(stream=data) as original:
        assert [page.get_text() for page in copy] == [page.get_text() for page in original]
    assert path.parent == assessor.folder / "plain"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.name.startswith("evidence-")
    assert path.suffix == ".pdf"
    with assessor.store.read() as txn:
        assert identity_findings.effects_of(txn, SID) == [("opened outside", file.id)]


def test_all_copies_are_gone_after_clearing(assessor):
    file = put_file(assessor, "Artifact 1.pdf", lesson_pdf(1))
    copies = [opening_outside.copy_outside(assessor, SID, file.id) for _ in range(2)]
    assert len(set(copies)) == 2
    PlainFolder(assessor.folder, assessor.clock).sweep()
    assert not (assessor.folder / "plain").exists()
    PlainFolder(assessor.folder, assessor.clock).sweep()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Artifact 1.exe", b"MZ" + bytes(400)),
        ("Artifact 1.js", b"alert(1)\n" * 20),
        ("Artifact 1.html", b"<html><script>alert(1)</script></html>"),
        ("Artifact 1.docm", b"PK\x03\x04" + bytes(200)),
        ("Artifact 1.pdf", b"MZ" + bytes(400)),
        ("Artifact 1.mp4", b"#!/bin/sh\nrm -rf /\n"),
        ("Artifact 1.pdf.exe", b"%PDF-1.7 not really"),
        ("Artifact 1", b"%PDF-1.7 no extension"),
    ],
)
def test_what_may_do_harm_or_is_not_what_it_says_stays_closed(assessor, name, data):
    file = put_file(assessor, name, data)
    with pytest.raises(EvidenceRefused):
        opening_outside.copy_outside(assessor, SID, file.id)
    plain = assessor.folder / "plain"
    assert not plain.exists() or not list(plain.iterdir())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Artifact 1.docx", b"PK\x03\x04" + bytes(200)),
        ("Artifact 1.jpg", b"\xff\xd8\xff\xe0 cut off"),
        ("Artifact 1.pdf", b"%PDF-1.7 not really"),
        ("Artifact 1.mp4", b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\x00\x00\xff\xffmoov"),
    ],
)
def test_what_cannot_be_taken_apart_is_not_handed_over(assessor, name, data):
    file = put_file(assessor, name, data)
    with pytest.raises(EvidenceRefused, match="not opened in other programs"):
        opening_outside.copy_outside(assessor, SID, file.id)
    assert not list(assessor.folder.glob("plain/*"))
    with assessor.store.read() as txn:
        assert identity_findings.effects_of(txn, SID) == []


def test_a_text_is_handed_over_as_it_is_and_a_photograph_of_a_telephone_as_a_jpeg(assessor):
    text = put_file(assessor, "Artifact 1.md", b"# What I saw\n")
    assert opening_outside.copy_outside(assessor, SID, text.id).read_bytes() == b"# What I saw\n"
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (10, 200, 30))).save(out, format="HEIF")
    photo = put_file(assessor, "Artifact 1.heic", out.getvalue())
    path = opening_outside.copy_outside(assessor, SID, photo.id)
    assert path.suffix == ".jpg"
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 48))


def test_a_name_never_becomes_a_path(assessor):
    file = put_file(assessor, "../../evil/Artifact 1.pdf", lesson_pdf(1))
    path = opening_outside.copy_outside(assessor, SID, file.id)
    assert path.parent == assessor.folder / "plain"


def test_a_file_that_has_not_arrived_is_refused(assessor):
    with pytest.raises(EvidenceRefused, match="not on this computer"):
        opening_outside.copy_outside(assessor, SID, ArtifactId("art-11"))


def test_copies_go_when_the_profile_is_closed_and_when_it_is_opened(tmp_path, clock):
    folder = tmp_path / "profile"
    put_empty_store(folder)

    def opened():
        return opening.open_context(
            folder, DATABASE_KEY, origin="http://127.0.0.1:1", role=Role.ASSESSOR, clock=clock
        )

    context = opened()
    left = folder / "plain" / "evidence-left.pdf"
    left.parent.mkdir(mode=0o700)
    left.write_bytes(b"left open")
    left.chmod(0o400)
    opening.close_context(context)
    assert not left.parent.exists()
    left.parent.mkdir(mode=0o700)
    left.write_bytes(b"the program was killed meanwhile")
    context = opened()
    assert not left.parent.exists()
    opening.close_context(context)
