"""Copies of office files, made by LibreOffice in a child that may be killed. Blocking, free of Qt."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.documents import channel, process_guard, worker_convert
from assessor_app.documents.limits import ConvertLimits, Limits
from assessor_app.documents.office_program import OfficeProgram, find_office
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.sniff import office_extension
from assessor_app.errors import EvidenceRefused

_LOG = logging.getLogger(__name__)
_TICK_S = 0.1
_JOIN_S = 5.0
_ANSWER_MAX_BYTES = 4096


class CopyForm(StrEnum):
    """What a copy is made as."""

    PDF = "pdf"
    SHEET = "xlsx"
    """Of the older forms of sheets, so that their cells can be read."""


MEDIA_TYPES = {
    CopyForm.PDF: "application/pdf",
    CopyForm.SHEET: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Media type of each form."""
_STARTS = {CopyForm.PDF: b"%PDF-", CopyForm.SHEET: b"PK\x03\x04"}


class NoCopy(EvidenceRefused):
    """No copy was made.

    Attributes:
        reason: no_program, timeout, too_much_memory, failed or stopped.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason; the words are for the case that nobody looks at it."""
        super().__init__(
            "No copy could be made to read",
            "LibreOffice did not make a copy of this file. Your ratings and notes are safe.",
            "Its text can be read all the same, or the platform's PDF copy may still come.",
        )
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A copy, not yet sealed."""

    data: bytes
    """The whole copy; parsed by nobody yet."""
    media_type: str
    renderer: str
    """What made it, such as "LibreOffice 7.4"."""


class Converter:
    """Makes one copy at a time; a second one waits for the first. Thread-safe."""

    def __init__(
        self,
        plain: PlainFolder,
        clock: Clock,
        *,
        limits: ConvertLimits = ConvertLimits(),  # noqa: B008 - frozen
        find: Callable[[], OfficeProgram | None] = find_office,
    ) -> None:
        """Start nothing and look for nothing yet.

        Args:
            plain: where files may lie in plain.
            clock: the program's clock.
            limits: what a conversion may cost.
            find: looks for LibreOffice; asked at the first need.
        """
        self._plain, self._clock, self._limits, self._find = plain, clock, limits, find
        self._program: OfficeProgram | None = None
        self._has_looked = False
        self._one_at_a_time = threading.Lock()

    @property
    def program(self) -> OfficeProgram | None:
        """LibreOffice, looked for once; None where it is not installed."""
        if not self._has_looked:
            self._program, self._has_looked = self._find(), True
        return self._program

    def convert(
        self, source: EvidenceSource, form: CopyForm, *, should_stop: Callable[[], bool] = lambda: False
    ) -> MadeCopy:
        """Have a copy made; nothing of it is left in plain afterwards.

        Args:
            source: the sealed office file.
            form: what the copy is.
            should_stop: asked ten times a second; True gives up.

        Raises:
            NoCopy: none was made; its `reason` says why.
        """
        program = self.program
        if program is None:
            raise NoCopy("no_program")
        with self._one_at_a_time:
            try:
                with self._plain.place() as folder:
                    data = self._made_in(folder, source, form, program, should_stop)
            except OSError as error:
                _LOG.info("convert: %s", type(error).__name__)
                raise NoCopy("failed") from None
        return MadeCopy(data, MEDIA_TYPES[form], program.name)

    def _made_in(
        self,
        folder: Path,
        source: EvidenceSource,
        form: CopyForm,
        program: OfficeProgram,
        should_stop: Callable[[], bool],
    ) -> bytes:
        request: dict[str, object] = {
            "folder": str(folder),
            "program": str(program.path),
            "form": form.value,
            "extension": office_extension(source.name, source.media_type),
            "path": str(source.path),
            "file_key": source.file_key.hex(),
            "size_bytes": source.size_bytes,
        }
        child = _ConvertChild(self._limits)
        try:
            name = child.ask(request, self._clock, should_stop)
        finally:
            child.end()
        # Read when the group is gone, so that nobody can change it between the look and the reading.
        return _read_copy(folder / "out" / name, form, self._limits)


class _ConvertChild:
    """The child of one conversion with the group that it leads."""

    def __init__(self, limits: ConvertLimits) -> None:
        """Start it.

        Raises:
            OSError: it cannot be started.
        """
        self._limits = limits
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        self._connection: Connection = ours
        self._process: SpawnProcess = context.Process(
            target=worker_convert.main, args=(theirs, limits), name="convert", daemon=True
        )
        try:
            with process_guard.deaf_to_interrupts():
                self._process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._leads_group = False
        self._job = process_guard.ChildJob(
            self._process.sentinel, Limits(max_address_bytes=limits.max_address_bytes)
        )

    def ask(self, request: dict[str, object], clock: Clock, should_stop: Callable[[], bool]) -> str:
        """The name of the copy that was made.

        Raises:
            NoCopy: none, or not in time, or the caller gave up.
        """
        until_s = clock.monotonic_s() + self._limits.start_s + self._limits.convert_s

        def wait_s() -> float:
            if should_stop():
                raise NoCopy("stopped")
            if clock.monotonic_s() > until_s:
                raise NoCopy("timeout")
            if self._leads_group and self._is_too_large():
                raise NoCopy("too_much_memory")
            return _TICK_S

        try:
            hello = channel.receive(self._connection, max_bytes=_ANSWER_MAX_BYTES, wait_s=wait_s)
            self._leads_group = hello.get("ready") == self._process.pid
            channel.send(self._connection, request, wait_s=wait_s)
            untrusted = channel.receive(self._connection, max_bytes=_ANSWER_MAX_BYTES, wait_s=wait_s)
        except (channel.ChannelClosed, channel.FrameRefused):
            raise NoCopy("failed") from None
        made = untrusted.get("made")
        if made not in ("document.pdf", "document.xlsx"):
            raise NoCopy("timeout" if clock.monotonic_s() > until_s - self._limits.start_s else "failed")
        return str(made)

    def end(self) -> None:
        """End the child and everything that it started; safe in every state."""
        pid = self._process.pid
        if sys.platform != "win32" and self._leads_group and pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join(_JOIN_S)
        self._connection.close()
        self._job.close()
        with contextlib.suppress(ValueError):  # still running: the system cannot end it
            self._process.close()

    def _is_too_large(self) -> bool:
        """Whether the group holds more memory than a conversion may; known on Linux alone."""
        pid = self._process.pid
        if pid is None or sys.platform != "linux":
            return False
        return process_guard.group_resident_bytes(pid) > self._limits.max_resident_bytes


def _read_copy(path: Path, form: CopyForm, limits: ConvertLimits) -> bytes:
    """The bytes of a copy.

    Raises:
        NoCopy: it is no plain file, is empty or too large, or does not begin as its form does.
    """
    try:
        status = path.lstat()
        is_plain = stat.S_ISREG(status.st_mode)
        if not is_plain or not 0 < status.st_size <= limits.max_copy_bytes:
            raise NoCopy("failed")
        data = path.read_bytes()
    except OSError:
        raise NoCopy("failed") from None
    if not data.startswith(_STARTS[form]):
        raise NoCopy("failed")
    return data
