"""Reading sealed evidence files: single chunks are opened in memory, at any offset, from any thread."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from assessor_app.vault.sealed_header import (
    HEADER_BYTES,
    TAG_BYTES,
    ChunkCipher,
    SealedHeader,
    read_up_to,
    seal_damaged,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNKS_PER_READ = 16


class SealedReader(io.RawIOBase):
    """Random access to the plaintext of a sealed file; every chunk is verified before use.

    `read_at` may be called from any thread. The stream interface (`read`, `seek`) has one position
    and is for one thread at a time.
    """

    _file: io.FileIO | None = None

    def __init__(self, path: Path, *, file_key: bytes, size_bytes: int) -> None:
        """Open the file and check its header and length; content is checked as it is read.

        Args:
            path: the sealed file.
            file_key: 32 bytes from `file_key_of`.
            size_bytes: the plaintext's size, from the database: a truncated file would otherwise
                still give its early chunks.

        Raises:
            SealDamaged: the file is missing, has another length, or is not a sealed file.
            OSError: the disk fails.
        """
        super().__init__()
        try:
            self._file = io.FileIO(path, "rb")
        except FileNotFoundError:
            raise seal_damaged() from None
        try:
            self._header = SealedHeader.parse(read_up_to(self._file, HEADER_BYTES))
            if os.fstat(self._file.fileno()).st_size != self._header.sealed_size(size_bytes):
                raise seal_damaged()
            self._size_bytes = size_bytes
            self._last_index = self._header.chunk_count(size_bytes) - 1
            self._cipher = ChunkCipher(file_key, self._header.algorithm)
            self._lock = threading.Lock()
            self._recent: tuple[int, bytes] | None = None
            self._position = 0
            if size_bytes == 0:
                self._chunk(0)
        except BaseException:
            self._file.close()
            raise

    @property
    def size_bytes(self) -> int:
        """Size of the plaintext."""
        return self._size_bytes

    def read_at(self, offset: int, count: int) -> bytes:
        """Read plaintext anywhere; thread-safe.

        Args:
            offset: first byte wanted, from 0.
            count: bytes wanted.

        Returns:
            `count` bytes, fewer at the end of the file, none behind it.

        Raises:
            SealDamaged: a chunk in this range does not verify.
            ValueError: a negative argument, or the reader is closed.
        """
        if offset < 0 or count < 0:
            raise ValueError("offset and count must not be negative")
        count = max(0, min(count, self._size_bytes - offset))
        index, skip = divmod(offset, self._header.chunk_bytes)
        if 0 < count <= self._header.chunk_bytes - skip:
            return self._chunk(index)[skip : skip + count]
        if count == 0:
            return b""
        # BytesIO hands its own bytes out; a bytearray would be copied, which doubles time and memory.
        out = io.BytesIO()
        out.seek(count - 1)
        out.write(b"\0")
        with out.getbuffer() as view:
            self._fill(offset, view)
        return out.getvalue()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer` from the stream position.

        Returns:
            Bytes read; 0 at the end.

        Raises:
            SealDamaged: a chunk does not verify.
            ValueError: the reader is closed.
        """
        with memoryview(buffer).cast("B") as view:
            count = max(0, min(len(view), self._size_bytes - self._position))
            self._fill(self._position, view[:count])
        self._position += count
        return count

    def readall(self) -> bytes:
        """All plaintext from the stream position on.

        Raises:
            SealDamaged: a chunk does not verify.
            ValueError: the reader is closed.
        """
        data = self.read_at(self._position, max(0, self._size_bytes - self._position))
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the stream position, in plaintext bytes.

        Returns:
            The new position, which may lie behind the end.

        Raises:
            ValueError: the position would be negative, or `whence` is unknown.
        """
        bases = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}
        if whence not in bases or bases[whence] + offset < 0:
            raise ValueError("no such position")
        self._position = bases[whence] + offset
        return self._position

    def tell(self) -> int:
        """The stream position, in plaintext bytes."""
        return self._position

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Always true."""
        return True

    def close(self) -> None:
        """Close the file and forget the chunk in memory; a second call does nothing."""
        if self._file is not None and not self._file.closed:
            with self._lock:
                self._file.close()
            self._recent = None
        super().close()

    def _fill(self, offset: int, view: memoryview) -> None:
        """Fill `view`, which does not reach behind the end, with the plaintext at `offset`."""
        done = 0
        while done < len(view):
            index, skip = divmod(offset + done, self._header.chunk_bytes)
            missing = len(view) - done
            if skip == 0 and missing >= self._plain_bytes(index):
                done += self._open_run(index, view[done:])
            else:
                part = self._chunk(index)[skip : skip + missing]
                view[done : done + len(part)] = part
                done += len(part)

    def _plain_bytes(self, index: int) -> int:
        """Plaintext size of one chunk."""
        if index < self._last_index:
            return self._header.chunk_bytes
        return self._size_bytes - self._last_index * self._header.chunk_bytes

    def _open_run(self, first: int, view: memoryview) -> int:
        """Open the whole chunks that fit, from `first` on, straight into `view`; returns their size."""
        sizes: list[int] = []
        for index in range(first, min(first + _CHUNKS_PER_READ, self._last_index + 1)):
            if sum(sizes) + self._plain_bytes(index) > len(view):
                break
            sizes.append(self._plain_bytes(index))
        sealed = memoryview(self._read_sealed(first, sum(sizes) + TAG_BYTES * len(sizes)))
        read = written = 0
        for index, size in enumerate(sizes, start=first):
            chunk = sealed[read : read + size + TAG_BYTES]
            self._cipher.open_into(
                index, chunk, view[written : written + size], is_last=index == self._last_index
            )
            read += size + TAG_BYTES
            written += size
        return written

    def _chunk(self, index: int) -> bytes:
        """One chunk's plaintext; the chunk used last is kept, since small reads come in sequence."""
        recent = self._recent
        if recent is not None and recent[0] == index and not self.closed:
            return recent[1]
        plain = bytearray(self._plain_bytes(index))
        sealed = self._read_sealed(index, len(plain) + TAG_BYTES)
        self._cipher.open_into(index, sealed, plain, is_last=index == self._last_index)
        data = bytes(plain)
        self._recent = (index, data)
        return data

    def _read_sealed(self, index: int, count: int) -> bytes:
        """Read `count` bytes from the start of chunk `index` on."""
        # One position for the whole file, and a closed descriptor's number may be in use again.
        with self._lock:
            if self._file is None or self._file.closed:
                raise ValueError("the sealed file is closed")
            self._file.seek(self._header.chunk_offset(index))
            sealed = read_up_to(self._file, count)
        if len(sealed) != count:
            raise seal_damaged()
        return sealed
