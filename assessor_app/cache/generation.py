"""Which generation of the store is the newest: counted in it, and noted in a small keyed file beside it.

Every transaction that changes something counts up inside the store. Once it is on the disk the number goes
into `store.seal`, which is never forced to the disk by itself: it may lag behind after a power cut, but never
runs ahead. A store that is older than its note has lost something - its write-ahead log, or its place to an
older file - and that is told before anything is written to it. The note also keeps the salt of the file's
first bytes, so that damage there alone costs nothing.

Nothing here imports SQLAlchemy: the first rows of the inbox are read behind this check.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.trouble import damaged, outdated
from assessor_app.vault.derivation import hkdf_sha256
from assessor_app.vault.durable import force_to_disk, open_private

NOTE_NAME = "store.seal"
"""The note's file name inside the profile's folder."""
DAMAGE_NAME = "store.damaged"
"""An empty file beside a store that was found damaged while it was open: it is repaired before it is used."""
SETTING = "generation"
"""Name of the setting that counts inside the store."""
SALT_BYTES = 16
"""Length of the salt at the beginning of the database file."""

_MAGIC = b"AWSN"
_MAC_BYTES = 32
_SLOT_BYTES = len(_MAGIC) + 8 + SALT_BYTES + _MAC_BYTES
_SLOTS = (0, 512)
"""Written in turn, each in a sector of its own: one that is cut off half written leaves the other."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside the store.

    Attributes:
        generation: a number of transactions that are safely in the store.
        salt: the first bytes of the database file.
        is_whole: False when a part of the note does not verify.
    """

    generation: int
    salt: bytes
    is_whole: bool


def read_note(folder: Path, database_key: bytes) -> Note | None:
    """The note beside a store; None when there is none, or none that verifies under this key."""
    try:
        content = (folder / NOTE_NAME).read_bytes()
    except OSError:
        return None
    found = [_read_slot(content[start : start + _SLOT_BYTES], database_key) for start in _SLOTS]
    good = [slot for slot in found if slot is not None]
    if not good:
        return None
    newest = max(good, key=lambda slot: slot[0])
    between = content[_SLOT_BYTES : _SLOTS[1]]
    is_whole = len(good) == len(found) and not any(between) and len(content) == _SLOTS[1] + _SLOT_BYTES
    return Note(*newest, is_whole=is_whole)


def generation_of(connection: Any) -> int:
    """How many transactions a store has seen; 0 for one of before they were counted."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    return 0 if row is None else int(row[0])


def count_up(connection: Any) -> int:
    """Count the present transaction, as its last statement; returns the new number."""
    row = connection.execute(
        "INSERT INTO setting (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE"
        " SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value",
        (SETTING,),
    ).fetchone()
    return int(row[0])


def check(folder: Path, database_key: bytes) -> None:
    """Make sure that the store in a folder is the newest one, without changing a byte of it.

    Raises:
        StoreDamaged: it was found damaged before, is missing, or does not verify.
        StoreOutdated: it has lost transactions that were safely in it.
    """
    if (folder / DAMAGE_NAME).exists():
        raise damaged()
    note, path = read_note(folder, database_key), database_path(folder)
    if not path.exists():
        if note is not None:
            raise damaged()
        return
    if note is None:
        # A store of before there were notes, or one whose note is gone or damaged: it speaks for itself.
        return
    with contextlib.closing(look_at(path, database_key)) as connection:
        try:
            stored = generation_of(connection)
        except dbapi2.Error as error:
            raise damaged() from error
    if stored < note.generation:
        raise outdated()


def mark_damaged(folder: Path) -> None:
    """Note that the store was found damaged, so that the next start repairs it before it is used."""
    with contextlib.suppress(OSError):
        os.close(open_private(folder / DAMAGE_NAME, os.O_WRONLY | os.O_CREAT))


class NoteKeeper:
    """Keeps the note beside an open store. Not for several threads at once."""

    def __init__(self, folder: Path, database_key: bytes) -> None:
        """Take the note up; `begin` writes it whole."""
        self._path = folder / NOTE_NAME
        self._database = database_path(folder)
        self._key = database_key
        self._descriptor: int | None = None
        self._salt = b""
        self.was_damaged = False
        """Whether a note was there that did not verify, although the store did."""

    def begin(self, generation: int) -> None:
        """Write all of the note; a folder that cannot be written keeps none, and the store works on."""
        before = read_note(self._path.parent, self._key)
        self.was_damaged = self._path.exists() and (before is None or not before.is_whole)
        if self.was_damaged:
            _log.warning("The note beside the store does not verify; it is made again")
        try:
            with self._database.open("rb") as file:
                self._salt = file.read(SALT_BYTES)
            self._descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
            if self.was_damaged:
                os.ftruncate(self._descriptor, 0)
            # A whole one is written over part by part: killed in between, the other part still says enough.
            for start in _SLOTS:
                self._write(start, generation)
        except OSError as error:
            _log.warning("No note can be kept beside the store: %s", type(error).__name__)
            self.close()

    def note(self, generation: int) -> None:
        """Note a transaction that is on the disk."""
        if self._descriptor is None:
            return
        try:
            self._write(_SLOTS[generation % len(_SLOTS)], generation)
        except OSError as error:
            # An older note is still true.
            _log.warning("The note beside the store could not be written: %s", type(error).__name__)

    def close(self) -> None:
        """Bring the note to the disk and let go of it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        with contextlib.suppress(OSError):
            force_to_disk(descriptor)
        os.close(descriptor)

    def _write(self, start: int, generation: int) -> None:
        assert self._descriptor is not None
        os.lseek(self._descriptor, start, os.SEEK_SET)
        os.write(self._descriptor, _slot(generation, self._salt, self._key))


def _slot(generation: int, salt: bytes, database_key: bytes) -> bytes:
    body = _MAGIC + generation.to_bytes(8, "big") + salt
    return body + _mac(body, database_key)


def _read_slot(content: bytes, database_key: bytes) -> tuple[int, bytes] | None:
    body, mac = content[:-_MAC_BYTES], content[-_MAC_BYTES:]
    if len(content) != _SLOT_BYTES or not hmac.compare_digest(mac, _mac(body, database_key)):
        return None
    rest = body[len(_MAGIC) :]
    return int.from_bytes(rest[:8], "big"), rest[8:]


def _mac(body: bytes, database_key: bytes) -> bytes:
    key = hkdf_sha256(database_key, salt=b"", info=b"assessor store note v1")
    return hmac.digest(key, body, hashlib.sha256)
