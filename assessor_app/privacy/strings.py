"""Strings from strangers, made fit to be shown, and file names that say nothing about anybody."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping

MAX_DISPLAY_CHARS = 200
"""Longest name or title on screen, in code points."""

_JOINERS = "\u200c\u200d"
"""Invisible, but words of some languages and composed emoji need them; they cannot reorder anything."""

_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
"""Signs that Unicode files under "format" although they are drawn, such as the Arabic number sign."""

EXTENSIONS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
}
"""The allow-list of extensions, by media type. Nothing on it can be run by a click."""

FALLBACK_EXTENSION = "bin"
"""For everything that is not on the list."""

_MORE_EXTENSIONS = (
    "jpeg jpe jfif tiff heif avif bmp svg docm dotx dotm doc pptm ppsx ppt pps xlsm xls odt odp ods rtf text "
    "markdown tsv log json xml yaml yml toml ini py js ts java c h cpp cs r sql sh css tex ipynb html htm "
    "xhtml srt vtt m4v mkv avi mpg mpeg wmv flv 3gp aac flac ogg oga opus wma aif aiff mid zip rar 7z gz tgz "
    "bz2 xz tar zst exe com scr bat cmd msi ps1 vbs jar app dmg apk lnk pages key numbers url eml msg bin"
)
KNOWN_EXTENSIONS = frozenset((*EXTENSIONS.values(), *_MORE_EXTENSIONS.split()))
"""Endings that tell a kind of file. Any other ending may be a word that somebody wrote."""
_NEUTRAL = re.compile(r"(?:Artifact|Snapshot)(?: \d{1,4})?")

_ALIASES: Mapping[str, str] = {"jpeg": "jpg", "tiff": "tif", "markdown": "md"}


def display_text(untrusted_text: str, *, max_chars: int = MAX_DISPLAY_CHARS) -> str:
    """One line that shows as it reads: no control characters, nothing that reorders text, not too long.

    Line breaks and tabs become spaces, runs of spaces become one. The result is still plain text and has to
    be shown as such.

    Args:
        untrusted_text: anything.
        max_chars: longest result in code points, at least 1; what is cut is marked with "…".
    """
    # Long input is cut before it is looked at, so that the time is bounded.
    looked_at = untrusted_text[: max_chars * 16]
    # Most names are plain: every sign of them stands for itself.
    is_plain = looked_at.isascii() and looked_at.isprintable()
    shown = looked_at if is_plain else "".join(_shown(char) for char in looked_at)
    text = " ".join(shown.split()).strip(_JOINERS)
    if len(text) <= max_chars and len(looked_at) == len(untrusted_text):
        return text
    cut = min(len(text), max_chars - 1)
    while 0 < cut < len(text) and (unicodedata.combining(text[cut]) or text[cut] in _JOINERS):
        cut -= 1
    return text[:cut].rstrip(" " + _JOINERS) + "…"


def neutral_filename(blob_id: str, untrusted_kind: str) -> str:
    """A file name that comes from nothing a stranger wrote: `artifact-<8 hex digits>.<extension>`.

    Args:
        blob_id: the platform's id of the file; only its digest is used.
        untrusted_kind: a media type such as "application/pdf", or an extension such as "pdf" or ".PDF".

    Returns:
        The same name for the same arguments; the extension is one of the allow-list, else "bin".
    """
    digest = hashlib.sha256(blob_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"artifact-{digest[:8]}.{_extension(untrusted_kind)}"


def shown_name(untrusted_name: str, number: int, *, word: str = "Artifact", media_type: str = "") -> str:
    """What a file is called on screen and in everything that leaves, whatever its author called it.

    Args:
        untrusted_name: what the platform calls it; kept if it is neutral, such as "Artifact 2.pdf".
        number: which file of its submission it is, from 1; 0 for the only one of its kind.
        word: what it is.
        media_type: tells the ending where the name tells none.
    """
    name = display_text(untrusted_name)
    stem, dot, ending = name.rpartition(".")
    ending = ending.lower() if dot and ending.lower() in KNOWN_EXTENSIONS else ""
    if _NEUTRAL.fullmatch(stem if ending else name):
        return f"{stem}.{ending}" if ending else name
    if not ending:
        kind = media_type.split(";")[0].strip().lower()
        ending = EXTENSIONS.get(kind, "")
    named = f"{word} {number}" if number else word
    return f"{named}.{ending}" if ending else named


def shown_source(untrusted_name: str, word: str = "Artifact") -> str:
    """What a source of words is called: a question as it is, a file by a name that says nothing."""
    name = display_text(untrusted_name)
    _, dot, ending = name.rpartition(".")
    return shown_name(name, 0, word=word) if dot and ending.lower() in KNOWN_EXTENSIONS else name


def _extension(untrusted_kind: str) -> str:
    kind = untrusted_kind[:MAX_DISPLAY_CHARS].split(";")[0].strip().lower()
    if kind in EXTENSIONS:
        return EXTENSIONS[kind]
    suffix = kind.removeprefix(".")
    suffix = _ALIASES.get(suffix, suffix)
    return suffix if suffix in EXTENSIONS.values() else FALLBACK_EXTENSION


def _shown(char: str) -> str:
    """What stands for one character on screen."""
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if category == "Cs":
        return "\ufffd"
    if category == "Cf":
        return char if char in _JOINERS or char in _VISIBLE_FORMAT else ""
    return "" if _is_noncharacter(ord(char)) else char


def _is_noncharacter(code_point: int) -> bool:
    """Whether Unicode will never assign it; a sign newer than this Python's tables is no such thing."""
    return code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF
