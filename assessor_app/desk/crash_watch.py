"""Notices that the program did not end as it should: a file that only a clean end takes away.

While the program runs, its file is locked, so that another start does not take it for the file of one that
died; the lock goes with the process, however that ends. What kills the process writes its last words there:
`faulthandler` for a fault of the machine, the hooks below for an error of ours. No values, nothing anybody
wrote: files, lines and kinds of errors. Paths that `faulthandler` writes go when the file is found.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from assessor_app.clock import Clock
from assessor_app.diagnostics import crash_text, support_text

if sys.platform != "win32":
    import fcntl

RUNNING, CRASH = "running-", "crash-"
"""How the names begin: of the file of a program that runs, and of what was kept of one that died."""
KEPT = 10
"""So many of the newest crashes are kept."""
_LARGEST_BYTES = 256 * 1024
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Crash:
    """An end that was not clean."""

    at: datetime
    """When the program was last known to run; exact where it had last words, else to half a minute."""
    text: str
    """What it wrote when it died, without names and content; empty where it was ended from outside."""


class CrashWatch:
    """The file of this process."""

    def __init__(self, clock: Clock) -> None:
        """Watch nothing yet."""
        self._clock = clock
        self._descriptor: int | None = None
        self._path = Path()
        self._has_notes = self._was_watched = False
        self._hooks: tuple[Callable[..., Any], Callable[..., Any]] | None = None
        self.found: tuple[Crash, ...] = ()
        """Ends that were not clean and that nobody was told of yet, the newest first."""
        self.told: Callable[[str], object] = lambda _: None
        """Told on the GUI thread where an error came from that nothing has caught."""

    def start(self, log_dir: Path) -> None:
        """Find what earlier starts left, and watch this process from now on.

        A folder that cannot be written costs the watch alone.
        """
        with contextlib.suppress(OSError):
            log_dir.mkdir(parents=True, exist_ok=True)
            self.found = tuple(sorted(_take_over(log_dir), key=lambda crash: crash.at, reverse=True))
            self._open(log_dir)

    def beat(self) -> None:
        """Note that the program still runs: the only way to know when it was killed. Call it on a lane."""
        with contextlib.suppress(OSError):
            if self._descriptor is not None:
                os.utime(self._path)

    def note(self, text: str) -> None:
        """Keep where an error came from. Written at once, on any thread: there may be no later."""
        self.say(crash_text(text))

    def say(self, words: str) -> None:
        """Keep words of the program's own."""
        if self._descriptor is not None:
            self._has_notes = True
            with contextlib.suppress(OSError):
                os.write(self._descriptor, (words.strip("\n") + "\n").encode())

    def end(self) -> None:
        """The program ends as it should; what was noted meanwhile is kept without being told again."""
        if self._descriptor is None:
            return
        faulthandler.disable()
        if self._was_watched and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        if self._hooks is not None:
            sys.excepthook, threading.excepthook = self._hooks
        descriptor, self._descriptor = self._descriptor, None
        os.close(descriptor)
        with contextlib.suppress(OSError):
            if self._has_notes:
                _keep(self._path)
            self._path.unlink(missing_ok=True)

    # ---- inside ----

    def _open(self, log_dir: Path) -> None:
        name = f"{RUNNING}{os.getpid()}-{self._clock.random_bytes(4).hex()}.txt"
        self._path = log_dir / name
        # Locked before it has the name by which another start would look for it.
        early = log_dir / f".{name}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(early, flags, 0o600)
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            early.rename(self._path)
        else:
            # There an open file cannot be renamed, which is lock enough.
            self._path = early
        self._descriptor = descriptor
        self._was_watched = faulthandler.is_enabled()
        faulthandler.enable(descriptor, all_threads=True)
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook, threading.excepthook = self._died, self._thread_died

    def _died(self, kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            text = crash_text("".join(traceback.format_exception(kind, error, place)))
            self.say(text)
            self.told(text)
        if self._hooks is not None:
            self._hooks[0](kind, error, place)

    def _thread_died(self, what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None:
            self.note("".join(traceback.format_exception(what.exc_value)))
        if self._hooks is not None:
            self._hooks[1](what)


def crash_files(log_dir: Path) -> tuple[Path, ...]:
    """What was kept of crashes, the newest first."""
    return tuple(sorted(log_dir.glob(f"{CRASH}*.txt"), reverse=True))


def _take_over(log_dir: Path) -> list[Crash]:
    """The files of processes that are gone, each turned into what is kept of it."""
    found = []
    for path in sorted((*log_dir.glob(f"{RUNNING}*.txt"), *log_dir.glob(f".{RUNNING}*.txt"))):
        with contextlib.suppress(OSError):
            if not _is_held(path):
                found.append(_keep(path))
                path.unlink()
    for path in crash_files(log_dir)[KEPT:]:
        with contextlib.suppress(OSError):
            path.unlink()
    return found


def _is_held(path: Path) -> bool:
    """Whether the process whose file it is still runs."""
    if sys.platform == "win32":
        try:
            path.rename(path)
        except PermissionError:
            return True
        return False
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _keep(path: Path) -> Crash:
    """Write what may be kept of a process's file beside it."""
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as file:
        text = support_text(file.read(_LARGEST_BYTES).decode("utf-8", "replace")).strip("\n")
    kept = path.with_name(f"{CRASH}{at:{_STAMP}}-{path.stem.rpartition('-')[2]}.txt")
    kept.write_text(text + "\n" if text else "", "utf-8")
    kept.chmod(0o600)
    os.utime(kept, (at.timestamp(), at.timestamp()))
    return Crash(at, text)
