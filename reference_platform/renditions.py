"""PDF copies of office files, made by LibreOffice where it is at hand.

It works on strangers' files, so it gets a throw-away profile and folder, a process group of its own and a
time limit; whatever is left running afterwards is killed.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

OFFICE_SUFFIXES = frozenset(
    {".docx", ".doc", ".odt", ".rtf", ".pptx", ".ppt", ".odp", ".xlsx", ".xls", ".ods"}
)
RENDERER = "LibreOffice"
TIME_LIMIT_S = 120
PDF_MAGIC = b"%PDF-"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """A file to copy."""

    suffix: str
    """With the dot, such as ".docx"."""
    data: bytes


def is_office(filename: str) -> bool:
    """Whether a file of this name is one that LibreOffice turns into PDF."""
    return PurePath(filename).suffix.lower() in OFFICE_SUFFIXES


def make(files: Mapping[str, OfficeFile]) -> dict[str, bytes]:
    """PDF copies by the keys of `files`.

    What LibreOffice cannot read or does not finish in time is missing; so is everything without it.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None or not files:
        return {}
    with tempfile.TemporaryDirectory(prefix="rendition-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        names = {key: f"{number}{file.suffix.lower()}" for number, (key, file) in enumerate(files.items())}
        for key, file in files.items():
            (folder / names[key]).write_bytes(file.data)
        _run(program, folder, list(names.values()))
        made = {key: folder / "pdf" / f"{PurePath(names[key]).stem}.pdf" for key in files}
        copies = {key: path.read_bytes() for key, path in made.items() if path.is_file()}
    return {key: data for key, data in copies.items() if data.startswith(PDF_MAGIC)}


def _run(program: str, folder: Path, names: list[str]) -> None:
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder / "pdf"),
        *[str(folder / name) for name in names],
    ]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ.get("PATH", os.defpath)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        log.warning("making PDF copies took more than %d s and was stopped", TIME_LIMIT_S)
    finally:
        _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the program and everything that it started."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            log.debug("the converter had ended by itself")
    else:
        process.kill()
    process.wait()
