"""What this program is made of, by version."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from types import MappingProxyType

from assessor_app.cache.connection import cipher_version
from assessor_app.sync.contract_facts import API_VERSION

PROGRAM_VERSION = "0.1.0"
"""Of the workstation; a test holds it to the package's own."""


@cache
def versions() -> Mapping[str, str]:
    """Names and versions of the parts that matter to whoever helps; they name no computer."""
    told = {
        "program": PROGRAM_VERSION,
        "contract": str(API_VERSION),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}".strip(),
        "python": platform.python_version(),
        "qt": _of("PySide6"),
        "sqlcipher": cipher_version(),
        "pymupdf": _of("PyMuPDF"),
    }
    return MappingProxyType(told)


def _of(package: str) -> str:
    """The version of a package; it is not loaded for that."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        try:
            return metadata.version(f"{package}_Essentials")
        except metadata.PackageNotFoundError:
            return "?"
