"""The one place where evidence may lie in plain: a folder of the profile for this person alone, soon swept.

Other programs cannot read sealed files. What they are given lies in a folder of its own under a neutral name,
and is gone when they are done, at the next start at the latest.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from assessor_app.clock import Clock

PLAIN_NAME = "plain"
"""Name of the folder in the profile's."""


class PlainFolder:
    """Hands out empty folders and takes them away again."""

    def __init__(self, profile: Path, clock: Clock) -> None:
        """Make nothing yet.

        Args:
            profile: the profile's folder.
            clock: gives the neutral names.
        """
        self._folder, self._clock = profile / PLAIN_NAME, clock

    @property
    def path(self) -> Path:
        """The folder, whether it is there or not."""
        return self._folder

    def sweep(self) -> None:
        """Take away everything that an earlier run left, as after a kill; call it before all else."""
        if self._folder.is_symlink():
            self._folder.unlink(missing_ok=True)
        _remove(self._folder)

    @contextlib.contextmanager
    def place(self) -> Iterator[Path]:
        """An empty folder that nobody else may enter; gone at the end, whatever happened.

        Raises:
            OSError: it cannot be made.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        os.chmod(self._folder, stat.S_IRWXU)
        own = self._folder / self._clock.new_id()
        own.mkdir(mode=0o700)
        try:
            yield own
        finally:
            _remove(own)
            with contextlib.suppress(OSError):
                self._folder.rmdir()  # stays while another place is in use


def _remove(folder: Path) -> None:
    """Take a folder away with all in it; what a program locked or made read-only, too, as far as possible."""

    def try_again(function: object, path: str, _: object) -> None:
        del function
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), stat.S_IRWXU)
            os.chmod(path, stat.S_IRWXU)
            os.unlink(path)

    if folder.is_dir():
        shutil.rmtree(folder, onerror=try_again)
    if folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
