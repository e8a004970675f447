"""Where LibreOffice lies on this computer, if it is installed.

Tried on Linux; the places on macOS and Windows are those of its installers and untried.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(rb'oor:name="ooSetupVersion"[^/]{0,80}<value>(\d{1,3}(?:\.\d{1,3}){0,2})</value>')
_REGISTRY_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OfficeProgram:
    """LibreOffice as it was found."""

    path: Path
    """The program to start."""
    name: str
    """With its version where it is told, such as "LibreOffice 7.4"."""


def find_office() -> OfficeProgram | None:
    """LibreOffice, or None where it is not installed. Reads a few places; nothing is started."""
    for path in _places():
        if path.is_file() and os.access(path, os.X_OK):
            return OfficeProgram(path, _name_of(path.resolve()))
    return None


def _places() -> list[Path]:
    if sys.platform == "win32":
        roots = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")]
        # The .com variant waits for its end and opens no window.
        programs = ("soffice.com", "soffice.exe")
        return [
            Path(root) / "LibreOffice" / "program" / program for root in roots if root for program in programs
        ]
    if sys.platform == "darwin":
        inside = Path("LibreOffice.app/Contents/MacOS/soffice")
        return [Path("/Applications") / inside, Path.home() / "Applications" / inside]
    found = [Path(path) for path in map(shutil.which, ("soffice", "libreoffice")) if path]
    found += [Path("/usr/lib/libreoffice/program/soffice"), Path("/usr/lib64/libreoffice/program/soffice")]
    return found + sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _name_of(program: Path) -> str:
    """LibreOffice with the version that its own registry tells."""
    base = program.parent.parent
    for registry in (base / "share/registry/main.xcd", base / "Resources/registry/main.xcd"):
        try:
            with registry.open("rb") as file:
                found = _VERSION.search(file.read(_REGISTRY_MAX_BYTES))
        except OSError:
            continue
        if found is not None:
            return f"LibreOffice {found.group(1).decode('ascii')}"
    return "LibreOffice"
