"""Damaged copies of real files: the same seed and number give the same bytes in every run.

Five ways to damage: flipped bits, a cut, a piece of another file put in, a stretch of zeros, and words and
numbers replaced. Half of the packed files (Office, and PDFs that MuPDF can write anew) are damaged below
their packing, so that the damage reaches what parses the content.
"""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("ASSESSOR_CORPUS", ROOT.parent / "shared" / "corpus"))
MEDIA = ROOT / "reference_platform" / "demo" / "media"
MAX_SOURCE_BYTES = 8 * 1024 * 1024
"""Of larger files only the beginning is copied."""
SHARES = {"pdf": 0.46, "office": 0.25, "image": 0.26, "media": 0.03}
"""How many of all mutants are made of each family."""
FAMILIES = {
    **dict.fromkeys(("pdf",), "pdf"),
    **dict.fromkeys(("docx", "pptx", "xlsx", "doc", "ppt", "xls"), "office"),
    **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff", "gif", "webp", "heic"), "image"),
    **dict.fromkeys(("mp4", "m4a"), "media"),
}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
}
BREAKING_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483648",
    b"99999999999999999999",
    b"1e308",
    b"0.0000001",
)
TOKEN = re.compile(rb"-?\d+(?:\.\d+)?|/?[A-Za-z]{2,}")


@dataclass(frozen=True)
class Original:
    """A whole file that copies are made of; read only when it is needed."""

    name: str
    read: Callable[[], bytes]

    @property
    def extension(self) -> str:
        """In small letters, without the dot."""
        return self.name.rpartition(".")[2].lower()

    @property
    def family(self) -> str:
        """A key of `SHARES`; empty for anything else."""
        return FAMILIES.get(self.extension, "")


@dataclass(frozen=True)
class Mutant:
    """One damaged copy."""

    name: str
    media_type: str
    data: bytes
    how: str
    """What was done to what, for the report."""


def corpus_originals() -> list[Original]:
    """The real files at hand, always in the same order; empty where there are none."""
    paths = [path for name in ("pdf", "office", "images") for path in (CORPUS / name).glob("*")]
    return [Original(path.name, path.read_bytes) for path in sorted(paths) if path.is_file()]


def made_originals() -> list[Original]:
    """Kinds that the corpus lacks: pictures by code, and the demo's recordings."""
    pictures = [
        Original(f"made.{kind}", _maker(kind)) for kind in ("png", "gif", "webp", "heic", "tiff", "jpg")
    ]
    recordings = [Original(path.name, path.read_bytes) for path in sorted(MEDIA.glob("*.m*"))]
    return pictures + [file for file in recordings if file.extension in ("mp4", "m4a")]


def _maker(extension: str) -> Callable[[], bytes]:
    return lambda: picture_of(extension)


@lru_cache
def picture_of(extension: str, side: int = 240) -> bytes:
    """A picture with edges and slopes, of some frames where its kind has frames."""
    frames = []
    for number in range(3):
        ramp = Image.linear_gradient("L").resize((side, side - 40)).rotate(30 * number)
        frames.append(Image.merge("RGB", (ramp, ramp.transpose(Image.Transpose.ROTATE_180), ramp)))
    buffer = io.BytesIO()
    first, others = frames[0], frames[1:]
    if extension == "heic":
        import pillow_heif

        pillow_heif.from_pillow(first).save(buffer, quality=60)
    elif extension in ("gif", "webp", "tiff"):
        first.save(buffer, extension.upper(), save_all=True, append_images=others)
    else:
        first.save(buffer, {"jpg": "JPEG"}.get(extension, extension.upper()))
    return buffer.getvalue()


class Breeder:
    """Makes mutants of some originals."""

    def __init__(self, originals: Sequence[Original], seed: int) -> None:
        """Sort the originals by family.

        Args:
            originals: at least one.
            seed: the same one gives the same mutants.
        """
        self._seed = seed
        self._by_family: dict[str, dict[str, list[Original]]] = {}
        for original in originals:
            if original.family:
                kinds = self._by_family.setdefault(original.family, {})
                kinds.setdefault(original.extension, []).append(original)
        self._read = lru_cache(maxsize=64)(_content)

    def mutant(self, number: int) -> Mutant:
        """The mutant of this number."""
        chance = random.Random(f"{self._seed}:{number}")
        families = sorted(self._by_family)
        family = chance.choices(families, [SHARES[name] for name in families])[0]
        # Each extension as often as the others of its family, however many files there are of it.
        pool = self._by_family[family][chance.choice(sorted(self._by_family[family]))]
        original = chance.choice(pool)
        data, other = self._read(original), self._read(chance.choice(pool))
        how, change = chance.choice(WAYS)
        inside = chance.random() < 0.5
        damaged = (
            _below_the_packing(original, data, lambda part: change(part, other, chance)) if inside else None
        )
        if damaged is None:
            inside, damaged = False, change(data, other, chance)
        return Mutant(
            name=f"{number}.{original.extension}",
            media_type=MEDIA_TYPES.get(original.extension, ""),
            data=damaged,
            how=f"{how}{' inside' if inside else ''} of {original.name}",
        )


def _content(original: Original) -> bytes:
    data = original.read()
    return data if len(data) <= MAX_SOURCE_BYTES else data[:MAX_SOURCE_BYTES]


def flip_bits(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to some dozen bits of it are turned."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 2, 4, 8, 16, 40))):
        if made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def cut(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Its end is missing."""
    return data[: chance.randrange(len(data) + 1)]


def splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A piece of it is another file's, or its own from elsewhere; at times it is pushed apart."""
    giver = chance.choice((data, other))
    if not giver or not data:
        return data + giver
    length = min(chance.choice((4, 16, 64, 512, 4096)), len(giver))
    start = chance.randrange(len(giver) - length + 1)
    at = chance.randrange(len(data))
    behind = at + (length if chance.random() < 0.5 else 0)
    return data[:at] + giver[start : start + length] + data[behind:]


def zero(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A stretch of it is zeros, at times all ones."""
    if not data:
        return data
    length = min(chance.choice((1, 4, 16, 128, 1024, 8192)), len(data))
    at = chance.randrange(len(data) - length + 1)
    return data[:at] + bytes([chance.choice((0, 0, 0, 255))]) * length + data[at + length :]


def replace_tokens(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Some of its numbers are others, and some of its words are its other words."""
    tokens = list(TOKEN.finditer(data, 0, min(len(data), 2_000_000)))
    if not tokens:
        return flip_bits(data, other, chance)
    made = data
    chosen = chance.sample(tokens, min(len(tokens), chance.choice((1, 1, 2, 4, 12))))
    for token in sorted(chosen, key=lambda match: -match.start()):
        is_number = token[0][-1:].isdigit()
        new = chance.choice(BREAKING_NUMBERS) if is_number else chance.choice(tokens)[0]
        made = made[: token.start()] + new + made[token.end() :]
    return made


WAYS: tuple[tuple[str, Callable[[bytes, bytes, random.Random], bytes]], ...] = (
    ("flipped bits", flip_bits),
    ("a cut", cut),
    ("a splice", splice),
    ("zeros", zero),
    ("other words and numbers", replace_tokens),
)


def _below_the_packing(original: Original, data: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    """The file with one of its packed parts changed; None where it is not packed in a way known here."""
    if original.extension in ("docx", "pptx", "xlsx"):
        return _in_zip(data, change)
    if original.extension == "pdf":
        return _in_stream(data, change)
    return None


def _in_zip(data: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            parts = {name: packed.read(name) for name in names}
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return None
    xml = [name for name in sorted(parts) if name.endswith((".xml", ".rels")) and parts[name]]
    if not xml:
        return None
    # Which part follows from the data, so that the same mutant comes out each time.
    chosen = xml[zlib.crc32(change(data[:512])) % len(xml)]
    parts[chosen] = change(parts[chosen])
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


STREAM = re.compile(rb"stream\r?\n")


def _in_stream(data: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    """One of a PDF's packed streams is unpacked, changed and packed again in its place; the length drifts."""
    starts = [match.end() for match in STREAM.finditer(data)][:400]
    if not starts:
        return None
    start = starts[zlib.crc32(change(data[:512])) % len(starts)]
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data[start : start + 1_000_000], 4_000_000)
    except zlib.error:
        return None
    if not unpacker.eof:
        return None
    end = min(len(data), start + 1_000_000) - len(unpacker.unused_data)
    return data[:start] + zlib.compress(change(content)) + data[end:]
