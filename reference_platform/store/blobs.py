"""A store of immutable bytes by their SHA-256. A folder by default; an object store can take its place."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

CHUNK_BYTES = 1024 * 1024


class BlobMissing(LookupError):
    """The store does not hold these bytes."""


class BlobStore(Protocol):
    """What the platform needs of a store of evidence."""

    def put(self, data: bytes) -> str:
        """Keep bytes; gives their SHA-256 in hex. Keeping the same bytes twice costs nothing."""
        ...

    def size_bytes(self, sha256: str) -> int:
        """Size of what is kept.

        Raises:
            BlobMissing: there are no such bytes.
        """
        ...

    def chunks(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to and without `stop`, in pieces of at most `CHUNK_BYTES`.

        Raises:
            BlobMissing: there are no such bytes, or fewer than the caller believes.
        """
        ...

    def remove(self, sha256: str) -> None:
        """Throw these bytes away; nothing happens where there are none."""
        ...

    def clear(self) -> None:
        """Throw everything away."""
        ...


class FolderStore:
    """A `BlobStore` in a folder: one read-only file for each digest, in 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which is made if it is missing."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """Write to a temporary file, flush it to the disk, then give it its name."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._path(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        return sha256

    def size_bytes(self, sha256: str) -> int:
        """Size of the file."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            raise BlobMissing(sha256) from None

    def chunks(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """Read the file piece by piece."""
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        with file:
            file.seek(start)
            left = stop - start
            while left > 0:
                data = file.read(min(CHUNK_BYTES, left))
                if not data:
                    raise BlobMissing(sha256)
                left -= len(data)
                yield data

    def remove(self, sha256: str) -> None:
        """Remove the file."""
        self._path(sha256).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the folder's content."""
        shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise BlobMissing("not a digest")
        return self._folder / sha256[:2] / sha256
