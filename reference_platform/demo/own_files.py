"""A folder of the user's own files as one more submission."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from reference_platform.demo import frame
from reference_platform.demo.building import Draft, File, Part, assigned

MAX_FILES = 40
MAX_BYTES = 200 * 1024 * 1024
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are easily mistaken for others."""
TITLE = "Your own files"
LEARNER = "learner-own-files"
REQUIREMENTS = ("analyze", "design", "implement")
_CHUNK_BYTES = 1024 * 1024


def draft(folder: Path) -> Draft:
    """The submission made of a folder: its files, distributed over the requirements.

    Hidden files and folders are skipped, links not followed. What is too much (over 40 files or 200 MB) is
    left out, late names first. The code and the ids follow from the files' content.

    Raises:
        ValueError: the folder is none, or holds no file to show.
    """
    paths = _chosen(folder)
    if not paths:
        raise ValueError(f"{folder}: no file in it that could be shown")
    files = [(path, File(extension_of(path), path.read_bytes)) for path in paths]
    share = -(-len(files) // len(REQUIREMENTS))
    return Draft(
        code=code_of([path for path, _ in files]),
        rubric=frame.MATH_TALK,
        learner=LEARNER,
        title=TITLE,
        due_in_days=1,
        assignments=assigned(frame.ASSESSOR, frame.APPROVER),
        parts=tuple(
            Part(requirement, tuple(file for _, file in files[number * share : (number + 1) * share]))
            for number, requirement in enumerate(REQUIREMENTS)
        ),
    )


def extension_of(path: Path) -> str:
    """The extension by which a file is known, in small letters; `bin` where it has none."""
    suffix = path.suffix[1:].lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 8 else "bin"


def code_of(paths: list[Path]) -> str:
    """A code that follows from the content of files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(_digest(path))
    number = int.from_bytes(digest.digest()[:8], "big")
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters += CODE_LETTERS[rest]
    return f"S-{letters}"


def _chosen(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    chosen: list[Path] = []
    total = 0
    for path in sorted(_regular_files(folder)):
        size = path.stat().st_size
        if len(chosen) == MAX_FILES or total + size > MAX_BYTES:
            continue
        chosen.append(path)
        total += size
    return chosen


def _regular_files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.digest()
