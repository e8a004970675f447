"""A plain copy of one file for another program: asked for explicitly, of harmless kinds, soon gone.

The copy shows what the file shows, and nothing of who made it: properties, authors, places and paths are
taken out in a child. What cannot be taken apart is not handed over. Everything else on this disk is sealed.
The copies lie in one folder that only this person may read, under names that say nothing, and are deleted
when the profile is closed and again when it is opened.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from assessor_app.cache import evidence, identity_findings
from assessor_app.documents.blanks import blanked
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.exporter import FORM_OFFICE, FORM_PDF, FORM_PICTURE, Exporter, PieceLost
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.plain_folder import PLAIN_NAME
from assessor_app.documents.sniff import HEAD_BYTES, ZIP_MAGIC, Kind, claimed_kind, sniff
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.domain.submissions import Artifact, EvidenceFile, EvidenceState
from assessor_app.errors import DiskFull, EvidenceRefused
from assessor_app.services.context import Context
from assessor_app.services.on_device import artifact_of, present
from assessor_app.vault.durable import open_private
from assessor_app.vault.sealed_file import file_key_of
from assessor_app.vault.sealed_reader import SealedReader

_LOG = logging.getLogger(__name__)
_DOCUMENTS = ("pdf", "txt", "csv", "md", "docx", "pptx", "xlsx", "odt", "odp", "ods")
_PICTURES = ("jpg", "jpeg", "png", "gif", "tif", "tiff", "webp", "heic", "heif", "bmp")
_RECORDINGS = (
    *("mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg"),
    *("mp3", "m4a", "aac", "wav", "flac", "ogg", "oga", "opus"),
)
HARMLESS = frozenset((*_DOCUMENTS, *_PICTURES, *_RECORDINGS))
"""Extensions of files that are read, never run: no scripts, programs, web pages, macros or archives."""
_CHUNK_BYTES = 1024 * 1024
_FORMS = {
    "pdf": FORM_PDF,
    **dict.fromkeys(("docx", "pptx", "xlsx", "odt", "odp", "ods"), FORM_OFFICE),
    **dict.fromkeys(_PICTURES, FORM_PICTURE),
}
"""What is written anew; in recordings places are written over, and a text says nothing beside its words."""
OPENED_OUTSIDE = "opened outside"
"""What is noted of it, for the audit trail: the file's id and the time, nothing of its content."""


def extension_of(name: str) -> str:
    """The extension of a file's name in small letters, without the dot; empty for none."""
    _, dot, extension = name.strip().lower().rpartition(".")
    return extension if dot else ""


def may_be_opened_outside(artifact: Artifact) -> bool:
    """Whether the name of a file says a kind that is safe to hand to another program."""
    return extension_of(artifact.filename) in HARMLESS


def copy_outside(context: Context, submission_id: SubmissionId, artifact_id: ArtifactId) -> Path:
    """Write a plain, read-only copy of a file into the profile's folder for plain copies.

    Returns:
        Where it lies.

    Raises:
        EvidenceRefused: not a harmless kind, not what its name says, or not on this computer.
        SealDamaged: the copy on this computer was changed.
        DiskFull: no room for it.
    """
    with context.store.read() as txn:
        artifact = artifact_of(present(txn, submission_id), artifact_id)
        files = [f for f in evidence.files(txn, submission_id) if f.artifact_id == artifact_id]
        file = _own_file(files)
        key = evidence.submission_key(txn, submission_id)
    extension = extension_of(artifact.filename)
    if extension not in HARMLESS:
        raise _not_harmless()
    sealed = evidence.path_of(context.store, file.blob_id)
    file_key = file_key_of(sealed, submission_key=key, blob_id=file.blob_id)
    source = EvidenceSource(
        file.blob_id, sealed, file_key, file.size_bytes, file.sha256, artifact.media_type, artifact.filename
    )
    with SealedReader(sealed, file_key=file_key, size_bytes=file.size_bytes) as reader:
        if not _is_what_it_says(reader.read_at(0, HEAD_BYTES), artifact.filename):
            raise _not_harmless()
        with Exporter(context.clock) as exporter:
            ending, parts = _without_maker(exporter, source, reader, extension)
            name = f"evidence-{context.clock.new_id()[-12:]}.{ending}"
            target = _private_folder(context.folder) / name
            try:
                _write(parts, target)
            except OSError as error:
                _remove(target)
                raise DiskFull(
                    "There is no room for a plain copy",
                    f"It could not be written: {error.strerror}. Your work is safe.",
                    "Free some space on this disk, then try again.",
                ) from None
            except BaseException:
                _remove(target)
                raise
    with context.store.write() as txn:
        identity_findings.note_effect(
            txn, context.clock.new_id(), submission_id, context.clock.now(), OPENED_OUTSIDE, artifact_id
        )
    _LOG.info("a plain copy was made for another program")
    return target


def _is_what_it_says(head: bytes, name: str) -> bool:
    """Whether the first bytes prove the kind that the name says."""
    found, claimed = sniff(head, "", ""), claimed_kind(name, "")
    if {found, claimed} == {Kind.VIDEO, Kind.AUDIO}:
        return True  # they share their containers
    if claimed is Kind.OFFICE and head.startswith(ZIP_MAGIC):
        return True  # any order of entries is right
    return found is claimed


def _without_maker(
    exporter: Exporter, source: EvidenceSource, reader: SealedReader, extension: str
) -> tuple[str, Iterator[bytes]]:
    """The ending and the parts of a copy that names nobody who made the file.

    Raises:
        EvidenceRefused: it cannot be taken apart.
    """
    form = _FORMS.get(extension)
    try:
        if form is not None:
            ending, parts = exporter.strip(source, form)
            return ending or extension, parts
        places = exporter.places(source) if extension in _RECORDINGS else ()
    except (RefusedWithCard, PieceLost):
        raise EvidenceRefused(
            "This file is not opened in other programs",
            "What may name its author could not be taken out of it. Your ratings and notes are safe.",
            "If you cannot judge without it, you may mark the criterion as not scorable, with that reason.",
        ) from None
    chunks = range(0, source.size_bytes, _CHUNK_BYTES)
    return extension, (blanked(at, reader.read_at(at, _CHUNK_BYTES), places) for at in chunks)


def _own_file(files: list[EvidenceFile]) -> EvidenceFile:
    for file in files:
        if file.state is EvidenceState.READY and not file.is_rendition:
            return file
    raise EvidenceRefused(
        "This file is not on this computer",
        "It may still be on its way. Your ratings and notes are safe.",
        "Choose Sync now, then try again.",
    )


def _not_harmless() -> EvidenceRefused:
    return EvidenceRefused(
        "This file is not opened in other programs",
        "It is of a kind that may do harm there, or is not what its name says. Your ratings and notes are "
        "safe.",
        "If you cannot judge without it, you may mark the criterion as not scorable, with that reason.",
    )


def _private_folder(profile: Path) -> Path:
    """The folder for plain copies, which only this person may enter."""
    folder = profile / PLAIN_NAME
    folder.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    folder.chmod(stat.S_IRWXU)
    return folder


def _write(parts: Iterable[bytes], target: Path) -> None:
    """Write part by part, so that a video needs no memory; read-only once it is whole."""
    descriptor = open_private(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with os.fdopen(descriptor, "wb") as plain:
        for part in parts:
            plain.write(part)
    target.chmod(stat.S_IRUSR)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    with contextlib.suppress(OSError):
        path.unlink()
