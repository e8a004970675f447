"""The words of submitted files, read by a child: a hostile file crashes it or keeps it busy, not us."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

WORKER = Path(__file__).with_name("text_worker.py")
FILE_SECONDS = 30
"""For one file, with the start of a child; the child itself gives up a little earlier."""
MOST_BYTES = 64 * 1024**2
"""Larger files are compared by their digest alone."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file to read."""

    filename: str
    """Its neutral name; the suffix says what it is."""
    pieces: Iterable[bytes]
    """Its bytes, read once."""
    size_bytes: int


def read_texts(files: Mapping[str, FileBytes]) -> dict[str, str]:
    """The words by the keys of `files`; "" for what has none, is too large, damaged or hostile."""
    with tempfile.TemporaryDirectory(prefix="words-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        jobs: dict[str, tuple[str, str, str]] = {}
        for number, (key, file) in enumerate(files.items()):
            if 0 < file.size_bytes <= MOST_BYTES:
                path = folder / str(number)
                with path.open("wb") as out:
                    out.writelines(file.pieces)
                suffix = PurePath(file.filename).suffix.lower()
                jobs[key] = (str(path), suffix, str(folder / f"{number}.txt"))
        _work(list(jobs.values()))
        answers = {key: Path(answer) for key, (_, _, answer) in jobs.items()}
        read = {key: path.read_text("utf-8") for key, path in answers.items() if path.exists()}
    return {key: read.get(key, "") for key in files}


def _work(jobs: list[tuple[str, str, str]]) -> None:
    """Let children do all jobs; the one that a child died of is left out, the next child does the rest."""
    while jobs:
        try:
            process = subprocess.run(
                [sys.executable, "-I", str(WORKER)],
                input=json.dumps(jobs).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=FILE_SECONDS * len(jobs),
                check=False,
            )
            status = process.returncode
        except subprocess.TimeoutExpired:
            status = -1
        left = [job for job in jobs if not Path(job[2]).exists()]
        if not left:
            return
        log.warning("reading a file's words ended the child (%d); the file has none", status)
        jobs = left[1:]
