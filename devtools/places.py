"""Where things lie in a checkout: one object, so that tests can point it at a scratch folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files that dev.py reads and writes.

    Attributes:
        root: the checkout, the folder that holds dev.py.
    """

    root: Path

    @property
    def venv(self) -> Path:
        """The project's own environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter inside the environment."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """Written last in a set-up: what the environment was made from."""
        return self.venv / "set-up-complete"

    @property
    def log(self) -> Path:
        """What pip said during the last set-up."""
        return self.build / "set-up.log"

    @property
    def lock(self) -> Path:
        """Every library with its version and checksums."""
        return self.root / "requirements.lock"

    @property
    def build(self) -> Path:
        """Everything that is made and can be deleted."""
        return self.root / "build"


def checkout() -> Places:
    """The places of the checkout that this file belongs to."""
    return Places(Path(__file__).resolve().parent.parent)
