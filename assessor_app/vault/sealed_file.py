"""Writing sealed evidence files; the format is in `sealed_header`, reading in `sealed_reader`.

No plaintext ever reaches the disk: a download is sealed chunk by chunk as it arrives.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assessor_app.clock import Clock
from assessor_app.errors import DiskFull, SealDamaged
from assessor_app.vault import durable
from assessor_app.vault.sealed_header import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    Algorithm,
    ChunkCipher,
    SealedHeader,
    derive_file_key,
    read_up_to,
    seal_damaged,
)
from assessor_app.vault.sealed_reader import SealedReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

__all__ = [
    "CHUNK_BYTES",
    "Algorithm",
    "SealedReader",
    "SealedWriter",
    "derive_file_key",
    "file_key_of",
]

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def file_key_of(path: Path, *, submission_key: bytes, blob_id: str) -> bytes:
    """Read a sealed file's header and derive the file's own key: what a worker process gets.

    Args:
        path: the sealed file.
        submission_key: 32 bytes from the database.
        blob_id: the file's id in the database.

    Returns:
        32 bytes.

    Raises:
        SealDamaged: the file is missing, or is not a sealed file.
        OSError: the disk fails.
    """
    try:
        with path.open("rb", buffering=0) as file:
            header = file.read(HEADER_BYTES)
    except FileNotFoundError:
        raise seal_damaged() from None
    return derive_file_key(submission_key, blob_id, header)


class SealedWriter:
    """Seals one file while it arrives; a context manager that keeps the `.part` unless finished.

    The bytes go to `<target>.part` in the target's folder. The last chunk is sealed as last only by
    `finish`, which checks size and SHA-256, forces the file to disk and gives it its final name. A
    `.part` left by `abort`, a crash or a power cut is continued by `resume=True`.

    No nonce is ever used for two plaintexts: the `.part` is continued in place only if every byte
    of it verifies; with a torn or damaged tail, or once sealed as complete, its good chunks are
    sealed again under a new salt.

    Attributes:
        resumed_bytes: plaintext bytes taken over from the `.part`; where the Range request starts.
    """

    def __init__(
        self,
        target: Path,
        *,
        submission_key: bytes,
        blob_id: str,
        clock: Clock,
        resume: bool = False,
        algorithm: Algorithm = Algorithm.AES_256_GCM,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        """Open the `.part`, verifying what is already there if asked to resume.

        Args:
            target: the sealed file to make; its folder exists.
            submission_key: 32 bytes from the database.
            blob_id: the file's id in the database.
            clock: gives the salt.
            resume: continue an interrupted `.part`; otherwise an old one is thrown away.
            algorithm: cipher of a newly started file.
            chunk_bytes: chunk size of a newly started file; a power of two.

        Raises:
            ValueError: the key is not 32 bytes long.
            DiskFull: no room is left.
            OSError: the folder cannot be written.
        """
        self._target = target
        self._part = target.with_name(target.name + ".part")
        self._submission_key = submission_key
        self._blob_id = blob_id
        self._clock = clock
        self._new_header = (algorithm, chunk_bytes)
        self._file: io.FileIO | None = None
        self.resumed_bytes = 0
        self._set_aside().unlink(missing_ok=True)
        if resume:
            self._resume()
        if self._file is None:
            self._start()

    @property
    def received_bytes(self) -> int:
        """Plaintext bytes taken so far, including the resumed ones."""
        return self._received_bytes

    def write(self, data: ReadableBuffer) -> None:
        """Add plaintext; whole chunks are sealed and written at once, the rest waits in memory.

        Args:
            data: any number of bytes.

        Raises:
            ValueError: the writer is closed.
            DiskFull: no room is left; the `.part` keeps its whole chunks.
            OSError: the disk fails.
        """
        self._open_file()
        with memoryview(data).cast("B") as view:
            self._hash.update(view)
            self._received_bytes += len(view)
            taken = 0
            while taken < len(view):
                # A full chunk waits until more comes: only then is it known not to be the last.
                if len(self._pending) == self._header.chunk_bytes:
                    self._write_pending(is_last=False)
                room = self._header.chunk_bytes - len(self._pending)
                self._pending += view[taken : taken + room]
                taken += room

    def finish(self, *, expected_size: int, expected_sha256: str) -> None:
        """Check the whole plaintext, seal the last chunk, and put the file in its place durably.

        Args:
            expected_size: plaintext size in bytes, from the platform's manifest.
            expected_sha256: SHA-256 of the plaintext, 64 hexadecimal digits.

        Raises:
            SealDamaged: size or digest differ; the `.part` is deleted.
            ValueError: the writer is closed.
            DiskFull: no room is left for the last chunk; the `.part` stays.
            OSError: the disk fails; the `.part` stays.
        """
        file = self._open_file()
        if self._received_bytes != expected_size or self._hash.hexdigest() != expected_sha256.lower():
            self._close()
            self._part.unlink(missing_ok=True)
            raise SealDamaged(
                "A piece of evidence did not arrive as announced",
                "Its size or checksum differs from what the platform promised, so it was thrown away. "
                "Your work is safe.",
                "It will be downloaded again at the next sync.",
            )
        self._write_pending(is_last=True)
        file.truncate()
        durable.force_to_disk(file.fileno())
        self._close()
        durable.replace_durably(self._part, self._target)

    def abort(self) -> None:
        """Close the `.part` and keep it for a later resume; does nothing once closed."""
        if self._file is None:
            return
        try:
            if len(self._pending) == self._header.chunk_bytes:
                self._write_pending(is_last=False)
        except DiskFull:
            # Nothing is lost that cannot be downloaded again: the chunks before it are kept.
            return
        finally:
            self._close()

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abort unless finished."""
        self.abort()

    def _set_aside(self) -> Path:
        return self._target.with_name(self._target.name + ".part.old")

    def _open_file(self) -> io.FileIO:
        if self._file is None:
            raise ValueError("the sealed file is closed for writing")
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self, header: SealedHeader) -> None:
        """Set all state to that of an empty file with this header."""
        self._header = header
        key = derive_file_key(self._submission_key, self._blob_id, header.to_bytes())
        self._cipher = ChunkCipher(key, header.algorithm)
        self._sealed = bytearray(header.chunk_bytes + TAG_BYTES)
        self._pending = bytearray()
        self._index = 0
        self._hash = hashlib.sha256()
        self._received_bytes = 0

    def _start(self) -> None:
        """Start a new `.part` under a new salt."""
        algorithm, chunk_bytes = self._new_header
        self._begin(SealedHeader(algorithm, chunk_bytes, self._clock.random_bytes(SALT_BYTES)))
        descriptor = durable.open_private(self._part, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        self._file = io.FileIO(descriptor, "r+b")
        self._write_raw(memoryview(self._header.to_bytes()))

    def _resume(self) -> None:
        """Take over an earlier `.part`; leaves no open file if nothing of it can be used."""
        try:
            file = io.FileIO(durable.open_private(self._part, os.O_RDWR), "r+b")
        except FileNotFoundError:
            return
        try:
            header = SealedHeader.parse(file.read(HEADER_BYTES))
        except SealDamaged:
            file.close()
            return
        self._begin(header)
        end_bytes = HEADER_BYTES
        count = 0
        ends_as_last = False
        last = b""
        for plain, is_last in _verified_chunks(file, header, self._cipher):
            self._hash.update(plain)
            self._received_bytes += len(plain)
            count += 1
            end_bytes += len(plain) + TAG_BYTES
            last, ends_as_last = plain, is_last
        if count == 0:
            file.close()
        elif ends_as_last or end_bytes != os.fstat(file.fileno()).st_size:
            self._seal_again(file, count)
        else:
            # The last chunk waits in memory again; it may yet turn out to be the last of the file.
            self._file = file
            self._index = count - 1
            self._pending += last
            file.seek(header.chunk_offset(self._index))
        self.resumed_bytes = self._received_bytes if count else 0

    def _seal_again(self, file: io.FileIO, count: int) -> None:
        """Copy the first `count` chunks of `file`, which verify, to a new `.part` under a new salt."""
        header, cipher = self._header, self._cipher
        # Windows renames no open file; and the name must be free for the new one.
        file.close()
        self._part.replace(self._set_aside())
        try:
            self._start()
            with io.FileIO(durable.open_private(self._set_aside(), os.O_RDONLY), "rb") as old:
                old.seek(HEADER_BYTES)
                for number, (plain, _) in enumerate(_verified_chunks(old, header, cipher), start=1):
                    self.write(plain)
                    if number == count:
                        break
        except BaseException:
            self._close()
            raise
        finally:
            self._set_aside().unlink(missing_ok=True)

    def _write_pending(self, *, is_last: bool) -> None:
        with memoryview(self._sealed)[: len(self._pending) + TAG_BYTES] as out:
            self._cipher.seal_into(self._index, self._pending, out, is_last=is_last)
            self._write_raw(out)
        self._index += 1
        self._pending.clear()

    def _write_raw(self, data: memoryview) -> None:
        """Write all of `data`; on failure cut the file back, close it, and raise."""
        file = self._open_file()
        start = file.tell()
        written = 0
        try:
            while written < len(data):
                written += file.write(data[written:]) or 0
        except OSError as error:
            with contextlib.suppress(OSError):
                file.truncate(start)
            self._close()
            if error.errno in _NO_SPACE:
                raise _disk_full() from error
            raise


def _disk_full() -> DiskFull:
    return DiskFull(
        "The disk is full",
        "A piece of evidence could not be stored. Your ratings, notes and drafts are safe.",
        "Free some space; the download then goes on where it stopped.",
    )


def _verified_chunks(
    file: io.FileIO, header: SealedHeader, cipher: ChunkCipher
) -> Iterator[tuple[bytes, bool]]:
    """Plaintexts from the file's position to the first chunk that does not verify.

    Yields:
        The plaintext, and whether the chunk was sealed as the last one, which ends the iteration.
    """
    index = 0
    while sealed := read_up_to(file, header.chunk_bytes + TAG_BYTES):
        plain = bytearray(max(0, len(sealed) - TAG_BYTES))
        for is_last in (False, True):
            if not is_last and len(plain) < header.chunk_bytes:
                continue
            try:
                cipher.open_into(index, sealed, plain, is_last=is_last)
            except SealDamaged:
                continue
            yield bytes(plain), is_last
            break
        else:
            return
        if is_last:
            return
        index += 1
