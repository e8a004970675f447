"""Submissions with office files in them, and a stand-in for LibreOffice that copies a given file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assessor_app.cache import evidence, evidence_files
from assessor_app.clock import Clock
from assessor_app.documents.converter import Converter
from assessor_app.documents.limits import ConvertLimits
from assessor_app.documents.office_program import OfficeProgram
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.submissions import Artifact, EvidenceState, Rendition, Submission
from assessor_app.services.context import Context
from tests import builders

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}


def office_artifact(number: int, extension: str, data: bytes, copy: bytes | None = None) -> Artifact:
    """An office file, with the platform's PDF copy of it if there is one."""
    renditions: tuple[Rendition, ...] = ()
    if copy is not None:
        digest = hashlib.sha256(copy).hexdigest()
        renditions = (Rendition("application/pdf", digest, len(copy), "LibreOffice"),)
    return replace(
        builders.artifact(number, content=data),
        id=ArtifactId(f"art-{number}"),
        filename=f"Artifact {number}.{extension}",
        media_type=_TYPES[extension],
        page_count=None,
        renditions=renditions,
    )


def office_submission(artifacts: Sequence[Artifact]) -> Submission:
    """Submission 1 with these files in its first part and none in the others."""
    made = builders.submission(1)
    first, *others = made.parts
    parts = (replace(first, artifacts=tuple(artifacts)), *(replace(part, artifacts=()) for part in others))
    return replace(made, parts=parts)


def bring(context: Context, submission: Submission, contents: Sequence[bytes]) -> None:
    """Let files arrive on this computer, found by their digests; what is not among them stays away."""
    by_digest = {hashlib.sha256(data).hexdigest(): data for data in contents}
    with context.store.write() as txn:
        evidence.want(txn, submission, context.clock)
        files = evidence.files(txn, submission.id)
    for file in files:
        data = by_digest.get(file.sha256)
        if data is None:
            continue
        with evidence_files.writer(context.store, file, clock=Clock()) as writer:
            writer.write(data)
            writer.finish(expected_size=file.size_bytes, expected_sha256=file.sha256)
        with context.store.write() as txn:
            evidence.set_state(txn, file.blob_id, EvidenceState.READY)


def stand_in(folder: Path, profile: Path, copy: bytes | None, *, wait_s: float = 0.0) -> Converter:
    """A converter whose program copies a file.

    Args:
        folder: where the program lies.
        profile: the profile's folder.
        copy: what comes out of it; None: it fails.
        wait_s: how long it takes before.
    """
    made, program = folder / "made", folder / "stand-in"
    made.write_bytes(copy or b"")
    work = f'cp "{made}" "$2/document.${{form}}"' if copy is not None else "exit 1"
    program.write_text(
        '#!/bin/sh\nwhile [ "$1" != "--convert-to" ]; do shift; done; form="$2"; shift; shift\n'
        f"sleep {wait_s}\n{work}\n",
        "utf-8",
    )
    program.chmod(0o755)
    clock = Clock()
    return Converter(
        PlainFolder(profile, clock),
        clock,
        limits=ConvertLimits(convert_s=30.0),
        find=lambda: OfficeProgram(program, "Stand-in 7.4"),
    )
