"""Looks for planted strings in bytes: as they are, encoded, packed, in every stream and revision."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pikepdf

_DEEPEST = 4
_MOST_BYTES = 64 * 1024 * 1024
"""Most bytes that one packed stream is unpacked to."""
_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")


_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)


class Needles:
    """Strings to look for. All begin with the same rare word, so that most bytes are passed over quickly."""

    def __init__(self, texts: Iterable[str], token: str) -> None:
        """Prepare every form of them.

        Args:
            texts: what was planted; each holds the token.
            token: at least nine letters that stand nowhere else.
        """
        self.texts = tuple(texts)
        assert all(token in text for text in self.texts)
        self._quick = _forms(token)
        self._all = {text: _forms(text) for text in self.texts}

    def __len__(self) -> int:
        """How many strings are looked for."""
        return len(self.texts)

    def in_bytes(self, data: bytes) -> set[str]:
        """Those that stand in some bytes, or in anything that is packed in them."""
        found: set[str] = set()
        for layer in layers(data):
            small = layer.lower()
            if any(form in layer or form.lower() in small for form in self._quick):
                found |= self._exactly(layer)
        return found

    def in_file(self, path: Path) -> set[str]:
        """Those that stand in a file; none in one that is gone meanwhile."""
        try:
            return self.in_bytes(path.read_bytes()) | self._exactly(str(path).encode())
        except OSError:
            return set()

    def in_folder(self, folder: Path) -> dict[str, set[str]]:
        """Those that stand in each file below a folder, in its content or its name."""
        found = {}
        for path in sorted(folder.rglob("*")):
            hits = self.in_file(path) if path.is_file() and not path.is_symlink() else set()
            if hits:
                found[str(path.relative_to(folder))] = hits
        return found

    def _exactly(self, layer: bytes) -> set[str]:
        small = layer.lower()
        return {
            text
            for text, forms in self._all.items()
            if any(form in layer or form.lower() in small for form in forms)
        }


def _forms(text: str) -> tuple[bytes, ...]:
    plain = text.encode()
    forms = {plain, text.encode("utf-16-le"), text.encode("utf-16-be"), plain.hex().encode()}
    forms |= {text.encode("latin-1", "replace"), plain.replace(b"\\", b"\\\\")}
    for skip in range(3):
        # Whatever stands before it, one of three places is right; the ends depend on the neighbours.
        packed = base64.b64encode(b"\x00" * skip + plain)
        forms.add(packed[4 if skip else 0 : -4 if len(packed) > 12 else None])
    return tuple(form for form in forms if len(form) >= 8)


def layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Some bytes, then everything that is packed in them, and in that."""
    yield data
    if depth >= _DEEPEST:
        return
    for inner in _inside(data):
        yield from layers(inner, depth + 1)


def _inside(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        yield from _of_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError):
            archive = None  # cut off, or only the beginning of one: see below
        for entry in archive.infolist() if archive is not None else ():
            yield entry.filename.encode() + b"\n" + entry.comment + b"\n" + entry.extra
            with contextlib.suppress(*_BROKEN_ZIP):
                yield archive.read(entry)[:_MOST_BYTES]  # type: ignore[union-attr]
    for found in _PACKED.finditer(data):
        inner = _unpacked(data, found.start(), found[0])
        if len(inner) >= 8:
            yield inner


def _unpacked(data: bytes, at: int, mark: bytes) -> bytes:
    if mark.startswith(b"PK"):
        head = data[at : at + 30]
        if len(head) < 30 or head[8:10] != b"\x08\x00":
            return b""
        at += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        kind = -15
    else:
        kind = 31 if mark.startswith(b"\x1f") else 15
    unpacker = zlib.decompressobj(kind)
    out = b""
    with contextlib.suppress(zlib.error):
        out = unpacker.decompress(data[at : at + _MOST_BYTES], _MOST_BYTES)
    return out


def _of_pdf(data: bytes) -> Iterator[bytes]:
    """Every object of every revision, each stream unpacked, each string out of its brackets."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\s*", data)]
    for end in [*ends[:-1], len(data)]:
        revision = io.BytesIO(data[:end])
        with contextlib.suppress(pikepdf.PdfError, ValueError), pikepdf.open(revision) as pdf:
            for obj in [*pdf.objects, pdf.trailer]:
                if isinstance(obj, pikepdf.Stream):
                    with contextlib.suppress(pikepdf.PdfError):
                        yield obj.read_bytes()
                    yield obj.read_raw_bytes()
                yield b"\n".join(_strings(obj, 0))


def _strings(obj: object, depth: int) -> Iterator[bytes]:
    if isinstance(obj, pikepdf.String):
        yield bytes(obj)
        yield str(obj).encode()
    elif isinstance(obj, pikepdf.Name):
        yield str(obj).encode()
    elif depth < 12 and isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
        for key in obj.keys():  # noqa: SIM118 - a PDF dictionary is not one of Python's
            yield str(key).encode()
            yield from _direct(obj[key], depth)
    elif depth < 12 and isinstance(obj, pikepdf.Array):
        for value in obj:
            yield from _direct(value, depth)


def _direct(value: object, depth: int) -> Iterator[bytes]:
    if not (isinstance(value, pikepdf.Object) and value.is_indirect):
        yield from _strings(value, depth + 1)
