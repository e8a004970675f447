"""Looking into zip files by their list of contents only; nothing is unpacked. Runs only in the child."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import Kind, is_office_listing
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.vault.sealed_reader import SealedReader

_END_RECORD_BYTES = 22
_COMMENT_MAX_BYTES = 65535
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED_FLAG = 0x1


def kind_of_zip(reader: SealedReader, limits: Limits) -> Kind:
    """Whether a zip file is an office document or an archive.

    Raises:
        Refusal: its list says that it unpacks to too much, that it is encrypted, or it cannot be read.
    """
    _refuse_long_directory(reader, limits)
    try:
        with zipfile.ZipFile(reader) as archive:
            entries = archive.infolist()
            contents_at = archive.start_dir
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refusal("damaged") from None
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > limits.archive_entries
        or unpacked > limits.archive_bytes
        or unpacked > limits.archive_ratio * max(reader.size_bytes, 64)
    ):
        raise Refusal("unsafe_archive")
    if _overlap(entries, contents_at):
        raise Refusal("unsafe_archive")
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise Refusal("encrypted")
    names = [entry.filename for entry in entries]
    return Kind.OFFICE if is_office_listing(names) else Kind.ARCHIVE


def _overlap(entries: Sequence[zipfile.ZipInfo], contents_at: int) -> bool:
    """Whether two entries share packed bytes, which no packer writes: the same bytes would be unpacked again.

    Python's `zipfile` looks for it from 3.11.8 on, and only when an entry is opened.
    """
    ends_at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < ends_at:
            return True
        ends_at = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
    return ends_at > contents_at


def _refuse_long_directory(reader: SealedReader, limits: Limits) -> None:
    """Refuse before `zipfile` reads a list of contents that is itself a bomb."""
    tail_bytes = min(reader.size_bytes, _END_RECORD_BYTES + _COMMENT_MAX_BYTES)
    tail = reader.read_at(reader.size_bytes - tail_bytes, tail_bytes)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END_RECORD_BYTES > len(tail):
        raise Refusal("damaged")
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory_bytes > limits.archive_directory_bytes:
        raise Refusal("unsafe_archive")
