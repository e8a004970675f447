"""The child that reads the words of strangers' files; a script of its own, killed when it takes too long.

Reads jobs as JSON from its input, `[[path, suffix, answer path], ...]`, and writes the words of each file to
the answer path, whole or not at all. It imports nothing of the platform.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import zipfile
from html import unescape
from pathlib import Path

import pymupdf

try:
    import resource
except ImportError:  # pragma: no cover - Windows: the parent's limit of time has to do
    resource = None  # type: ignore[assignment]

FILE_SECONDS = 20
MEMORY_BYTES = 1024**3
MOST_CHARS = 600_000
"""Characters that are kept of one file."""
MOST_UNPACKED_BYTES = 32 * 1024**2
PAGED = {".pdf", ".docx", ".pptx", ".xlsx", ".epub", ".xps", ".html", ".htm", ".xhtml", ".svg"}
OPEN_DOCUMENT = {".odt", ".odp", ".ods"}
PLAIN = {".txt", ".md", ".markdown", ".csv", ".tsv", ".vtt", ".srt", ".text"}


def text_of(path: Path, suffix: str) -> str:
    """The words of a file, or nothing for a kind without words.

    Raises:
        Exception: whatever a damaged file makes the libraries raise.
    """
    if suffix in PLAIN:
        return path.read_bytes()[: MOST_CHARS * 4].decode("utf-8-sig", "replace")[:MOST_CHARS]
    if suffix in OPEN_DOCUMENT:
        return _open_document(path)
    if suffix not in PAGED:
        return ""
    pieces: list[str] = []
    kept = 0
    with pymupdf.open(path, filetype=suffix[1:]) as document:
        for page in document:
            pieces.append(page.get_text())
            kept += len(pieces[-1])
            if kept > MOST_CHARS:
                break
    return "\n".join(pieces)[:MOST_CHARS]


def _open_document(path: Path) -> str:
    with zipfile.ZipFile(path) as package, package.open("content.xml") as file:
        content = file.read(MOST_UNPACKED_BYTES).decode("utf-8", "replace")
    spaced = re.sub(r"</text:(?:p|h)>|<text:(?:s|tab|line-break)\b[^>]*>", " ", content)
    return unescape(re.sub(r"<[^>]*>", "", spaced))[:MOST_CHARS]


def _limit() -> None:
    """No more memory than `MEMORY_BYTES`, and no core file."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _start_watch() -> None:
    """The system ends this process when a file takes too long, whatever a library is busy with."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(FILE_SECONDS)


def main() -> None:
    """Read the jobs and do them one after the other."""
    _limit()
    for tell in (pymupdf.TOOLS.mupdf_display_errors, pymupdf.TOOLS.mupdf_display_warnings):
        tell(False)
    for name, suffix, answer in json.load(sys.stdin):
        _start_watch()
        try:
            text = text_of(Path(name), suffix)
        except Exception:  # noqa: BLE001 - a file that cannot be read has no words; it may be anything
            text = ""
        partial = Path(answer + ".part")
        partial.write_text(text, encoding="utf-8", errors="replace")
        os.replace(partial, answer)


if __name__ == "__main__":
    main()
