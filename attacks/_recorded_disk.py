"""Everything a program asks of its disk, written down, and the disks that a power cut may leave behind.

The database writes through a file system layer of its own library's making (sqlite.org/vfs.html): a copy of
the usual one whose writing, truncating, forcing and deleting are noted before they are passed on. What
Python's own files do is noted by `note_write` and its like.

What a cut leaves: everything that was forced to the medium; of each file's later writes any of none, all, the
first ones, some, or some sectors of some; of renames and deletions that were not forced the first ones, since
file systems keep those in order.
"""

from __future__ import annotations

import ctypes
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlcipher3 import _sqlite3

SECTOR_BYTES = 512
_VFS_NAME = b"recorded"


@dataclass(frozen=True, slots=True)
class Write:
    path: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Force:
    """The file's bytes, and that it is there, are on the medium."""

    path: str


@dataclass(frozen=True, slots=True)
class Delete:
    path: str


@dataclass(frozen=True, slots=True)
class Rename:
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ForceNames:
    """Renames and deletions so far are on the medium."""


@dataclass(frozen=True, slots=True)
class Told:
    """The program said that its `step`-th step is saved."""

    step: int


Operation = Write | Truncate | Force | Delete | Rename | ForceNames | Told


@dataclass
class Recording:
    """What was asked of the disk, in order, beginning with what lay there."""

    folder: Path
    before: dict[str, bytes]
    operations: list[Operation] = field(default_factory=list)

    def note(self, operation: Operation) -> None:
        self.operations.append(operation)


@dataclass
class _File:
    """One file: what is on the medium, and what was done since."""

    image: bytearray
    since: list[Write | Truncate] = field(default_factory=list)


class Disk:
    """Follows a recording, and tells at any moment what a power cut could leave."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self._names = {name: _File(bytearray(image)) for name, image in before.items()}
        self._durable_names = dict(self._names)
        self._name_changes: list[Delete | Rename] = []

    def apply(self, operation: Operation) -> None:
        match operation:
            case Write() | Truncate():
                self._file(operation.path).since.append(operation)
            case Force():
                self._force(operation.path)
            case Delete() | Rename():
                _rename(self._names, operation)
                self._name_changes.append(operation)
            case ForceNames():
                for change in self._name_changes:
                    _rename(self._durable_names, change)
                self._name_changes.clear()
            case Told():
                pass

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """One disk that a cut at this moment could leave."""
        names = dict(self._durable_names)
        for name, file in self._names.items():
            if name not in names and file.since and chance.random() < 0.5:
                names[name] = file
        kept = chance.randint(0, len(self._name_changes))
        for change in self._name_changes[:kept]:
            _rename(names, change)
        return {name: _survived(file, chance) for name, file in names.items()}

    def _force(self, path: str) -> None:
        file = self._file(path)
        for unforced in file.since:
            _apply(file.image, unforced)
        file.since.clear()
        self._durable_names[path] = file
        # That a file of this name was deleted before cannot come to light after the new one is there.
        self._name_changes = [
            change
            for change in self._name_changes
            if not (isinstance(change, Delete) and change.path == path)
        ]

    def _file(self, path: str) -> _File:
        if path not in self._names:
            self._names[path] = _File(bytearray())
        return self._names[path]


def _rename(names: dict[str, _File], change: Delete | Rename) -> None:
    file = names.pop(change.path if isinstance(change, Delete) else change.source, None)
    if isinstance(change, Rename) and file is not None:
        names[change.target] = file


def _apply(image: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        if change.size < len(image):
            del image[change.size :]
        else:
            image.extend(bytes(change.size - len(image)))
        return
    end = change.offset + len(change.data)
    if end > len(image):
        image.extend(bytes(end - len(image)))
    image[change.offset : end] = change.data


def _survived(file: _File, chance: random.Random) -> bytes:
    if not file.since:
        return bytes(file.image)
    image = bytearray(file.image)
    way = chance.choice(("none", "all", "first", "some", "torn"))
    first = chance.randint(0, len(file.since))
    for number, change in enumerate(file.since):
        if way == "none" or (way == "first" and number >= first):
            continue
        if way in ("some", "torn") and chance.random() < 0.5:
            continue
        if way == "torn" and isinstance(change, Write):
            for at in range(0, len(change.data), SECTOR_BYTES):
                if chance.random() < 0.5:
                    sector = change.data[at : at + SECTOR_BYTES]
                    _apply(image, Write(change.path, change.offset + at, sector))
            continue
        _apply(image, change)
    return bytes(image)


# ---- what the database asks of its files ----

_File_p, _Int64 = ctypes.c_void_p, ctypes.c_int64
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _File_p, ctypes.c_void_p, ctypes.c_int, _Int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _File_p, _Int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _File_p, ctypes.c_int)
# A name is passed on as the address that it came as: what follows it in memory belongs to it.
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, _File_p, ctypes.c_int, ctypes.c_void_p
)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`: what is replaced by name, the rest as it is."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("xClose", ctypes.c_void_p),
        ("xRead", ctypes.c_void_p),
        ("xWrite", ctypes.c_void_p),
        ("xTruncate", ctypes.c_void_p),
        ("xSync", ctypes.c_void_p),
        ("rest", ctypes.c_void_p * 13),
    ]


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("appData", ctypes.c_void_p),
        ("xOpen", ctypes.c_void_p),
        ("xDelete", ctypes.c_void_p),
        ("rest", ctypes.c_void_p * 14),
    ]


class _Layer:
    """The recording file system layer, registered while it is wanted."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._library = ctypes.CDLL(_sqlite3.__file__)
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._usual = self._library.sqlite3_vfs_find(None)
        self._names: dict[int, str] = {}
        self._patched: dict[int, _Methods] = {}
        self._kept: list[object] = []
        self._vfs = _Vfs.from_buffer_copy(self._usual.contents)
        self._vfs.zName = _VFS_NAME
        self._vfs.xOpen = self._keep(_OPEN(self._open))
        self._vfs.xDelete = self._keep(_DELETE(self._delete))

    def register(self) -> None:
        self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)

    def unregister(self) -> None:
        self._library.sqlite3_vfs_register(self._usual, 1)
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs))

    def _keep(self, callback: Callable[..., int]) -> int | None:
        self._kept.append(callback)
        return ctypes.cast(callback, ctypes.c_void_p).value  # type: ignore[arg-type]

    def _open(self, _: int, name: int | None, file: int, flags: int, out: int) -> int:
        usual = _OPEN(self._usual.contents.xOpen)
        status = usual(ctypes.addressof(self._usual.contents), name, file, flags, out)
        methods_at = ctypes.c_void_p.from_address(file)
        if status == 0 and name is not None and methods_at.value:
            self._names[file] = _base_name(name)
            methods_at.value = ctypes.addressof(self._patch(methods_at.value))
        return status

    def _patch(self, at: int) -> _Methods:
        """The methods that lie at an address, with ours in place of those that change files."""
        if at in self._patched:
            return self._patched[at]
        usual = _Methods.from_address(at)
        ours = _Methods.from_buffer_copy(usual)
        write, truncate, sync = _WRITE(usual.xWrite), _TRUNCATE(usual.xTruncate), _SYNC(usual.xSync)

        def on_write(file: int, data: int, count: int, offset: int) -> int:
            self._note(Write(self._names[file], offset, ctypes.string_at(data, count)))
            return write(file, data, count, offset)

        def on_truncate(file: int, size: int) -> int:
            self._note(Truncate(self._names[file], size))
            return truncate(file, size)

        def on_sync(file: int, flags: int) -> int:
            status = sync(file, flags)
            self._note(Force(self._names[file]))
            return status

        ours.xWrite = self._keep(_WRITE(on_write))
        ours.xTruncate = self._keep(_TRUNCATE(on_truncate))
        ours.xSync = self._keep(_SYNC(on_sync))
        self._patched[at] = ours
        self._patched[ctypes.addressof(ours)] = ours
        return ours

    def _delete(self, _: int, name: int, sync: int) -> int:
        status = _DELETE(self._usual.contents.xDelete)(ctypes.addressof(self._usual.contents), name, sync)
        self._note(Delete(_base_name(name)))
        if sync:
            self._note(ForceNames())
        return status

    def _note(self, operation: Operation) -> None:
        self._recording.note(operation)


def _base_name(at: int) -> str:
    """The file's name in its folder, of a path in memory."""
    return os.path.basename(os.fsdecode(ctypes.string_at(at)))


@contextmanager
def recording(folder: Path) -> Iterator[Recording]:
    """Note from now on what the database does to its files in `folder`; nothing may be open there yet."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    notes = Recording(folder, before)
    layer = _Layer(notes)
    layer.register()
    try:
        yield notes
    finally:
        layer.unregister()
