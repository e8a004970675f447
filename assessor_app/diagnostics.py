"""Logs that hold no secret and name nobody: one rotating file, with tokens, keys, addresses, paths and the
names of this machine taken out of every line.
"""

from __future__ import annotations

import logging
import os
import re
import socket
from functools import cache
from pathlib import Path
from typing import Any

from assessor_app.privacy.free_text import Machine, redacted, redacted_crash

LOG_NAME = "workstation.log"
LOG_BYTES = 1_000_000
LOG_COPIES = 3

_SECRETS = (
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1[token]"),
    (
        re.compile(
            r"(?i)\b((?:access_token|refresh_token|code|code_verifier|state|sig|signature)=)[^&\s\"']+"
        ),
        r"\1[secret]",
    ),
    (
        # As a dict or JSON shows it.
        re.compile(
            r"""(?i)(["'](?:access_token|refresh_token|code|code_verifier|state|authorization)["']\s*:\s*["'])"""
            r"""[^"']+"""
        ),
        r"\1[secret]",
    ),
    # As urllib3 tells it: "GET /v1/sync?cursor=... HTTP/1.1"
    (re.compile(r"\b(GET|HEAD|PUT|POST|PATCH|DELETE) /\S+"), r"\1 /[path]"),
    (re.compile(r"x'[0-9a-fA-F]{32,}'"), "[key]"),
    (re.compile(r"\b(https?://)(?:[^\s/?#\"'@]*@)?([^\s/?#\"']+)[^\s\"']*"), r"\1\2/[path]"),
    (re.compile(r"(?<=url: )/\S+"), "/[path]"),
)


_ANYBODY = frozenset({"", "root", "user", "home", "admin", "administrator", "localhost", "runner", "users"})
"""Names that tell nobody from anybody, and stand in other words."""


class RedactingFormatter(logging.Formatter):
    """Formats a record and its traceback, then takes out whatever looks like a secret or names somebody."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, redacted as a whole so that no part can slip through."""
        # Another handler may have kept the whole traceback with the record.
        kept, record.exc_text = record.exc_text, None
        try:
            return redacted(redact(super().format(record)), this_machine())
        finally:
            record.exc_text = kept

    def formatException(self, ei: Any) -> str:
        """A traceback without what its errors say, which may quote what somebody wrote."""
        return redacted_crash(super().formatException(ei), this_machine())


def redact(text: str) -> str:
    """The text without tokens, keys and the paths of addresses."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


@cache
def this_machine() -> Machine:
    """What names the person and her computer here: for taking it out of text, and for nothing else."""
    home = os.path.expanduser("~")
    accounts = (os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME"))
    host = socket.gethostname()
    return Machine(
        people=tuple({name for name in (*accounts, os.path.basename(home)) if name not in _ANYBODY}),
        computers=tuple({name for name in (host, host.partition(".")[0]) if name not in _ANYBODY}),
        folders=(home,) if home.count(os.sep) > 1 else (),
    )


def crash_text(text: str) -> str:
    """What may be kept of a crash: files, lines and kinds of errors; no secret, no name, no content."""
    return redact(redacted_crash(text, this_machine()))


def support_text(text: str) -> str:
    """Text of the program's own that may be passed on: no secret, no path, nobody's name."""
    return redact(redacted(text, this_machine()))


class LogFile(logging.Handler):
    """The rotating file. It is opened, and what rotates it is loaded, when the first line comes."""

    def __init__(self, path: Path) -> None:
        """Write to `path`, whose folder exists."""
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; trouble with the file is told on stderr as every handler does."""
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(
                self._path, maxBytes=LOG_BYTES, backupCount=LOG_COPIES, encoding="utf-8", delay=True
            )
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        """Close the file, if a line has opened it."""
        if self._file is not None:
            self._file.close()
        super().close()


def start_logging(log_dir: Path, *, level: int = logging.INFO) -> None:
    """Write the log of this process to a folder; a folder that cannot be written costs the log only."""
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    handler = LogFile(log_dir / LOG_NAME)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("urllib3").setLevel(max(level, logging.INFO))
