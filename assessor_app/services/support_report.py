"""The report for support: one file that says what is going on here, and nobody's name or words.

It is made of counts, states, times and the program's own sentences. Submissions, accounts and the like stand
in it under numbers of chance, the same within one report and different in the next. Every text goes through
the same sieve at the end, whatever was thought of it before.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any

from assessor_app.cache import own_words
from assessor_app.config import Config
from assessor_app.errors import StoreError
from assessor_app.services import doctor, doctor_report, own_name
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.services.going_on import GoingOn, Waiting, going_on
from assessor_app.services.profiles import listing

SUFFIX = "zip"
MOST_LOG_BYTES = 256 * 1024
"""Of each file of the log, from its end."""
_UUID = re.compile(r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_HEAD = re.compile(r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+")
"""When a line of the log was written, how loud, and by which part of the program."""
_SETTINGS = (
    *("font_scale_percent", "colour_scheme", "chosen_lock_minutes", "locks_with_screen"),
    "asks_which_account",
)
_ABOUT = """A report for support from the Assessor Workstation.

summary.txt    what is going on, to read
summary.json   the same, for programs
doctor.json    whether the computer is fit
settings.json  settings and the rules of whoever manages the computer
logs/          what the program noted
crashes/       where it ended unexpectedly: files and lines of the program

Nobody is named in it, and nothing that anybody wrote is in it. Submissions and accounts stand under
numbers of chance that hold within this report alone.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the report."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the parts come from that lie outside of the account."""

    config: Config
    crashes: tuple[Path, ...]
    """Files about unexpected ends."""
    logs: tuple[Path, ...]
    redact: Callable[[str], str]
    """Takes secrets, paths and the names of this computer out of a text."""


Progress = Callable[[int, int], object]
"""Told how many parts are done, of how many; called on the lane."""


def gather(
    context: Context, sources: Sources, *, progress: Progress = lambda _done, _of: None
) -> tuple[Entry, ...]:
    """Put the report together; nothing is written. A store that cannot be read is told of in it."""
    parts = 4 + len(sources.logs) + len(sources.crashes)
    sieve = Sieve(context, sources)
    entries = [Entry("about.txt", _ABOUT)]
    try:
        seen = sieve.clean(as_object(going_on(context, counts_rows=True), sieve.number))
    except StoreError as error:
        # Most of all then somebody has to help.
        seen = sieve.clean({"at": context.clock.now().isoformat(), "trouble": f"{error.title}."})
    entries.append(Entry("summary.txt", "\n".join(as_lines(seen)) + "\n"))
    entries.append(Entry("summary.json", _json(seen)))
    progress(1, parts)
    keys = {context.folder.name: context.store.database_key}
    found = doctor.examine(sources.config, context.clock, keys_at_hand=keys)
    entries.append(Entry("doctor.json", _json(sieve.clean(doctor_report.as_object(found)))))
    progress(2, parts)
    entries.append(Entry("settings.json", _json(sieve.clean(_settings(sources.config)))))
    for folder, paths in (("logs", sources.logs), ("crashes", sources.crashes)):
        for path in paths:
            text = _end_of(path)
            if folder == "logs" and not sieve.knows_her_words:
                text = "".join(f"{found[0]}\n" for found in _HEAD.finditer(text))
            entries.append(Entry(f"{folder}/{path.name}", sieve.text(text)))
            progress(len(entries) - 2, parts)
    progress(parts, parts)
    return tuple(entries)


def write(path: Path, entries: tuple[Entry, ...]) -> int:
    """Write the report, exactly what `gather` gave.

    Returns:
        Its size in bytes.

    Raises:
        NotWritten: it cannot be written there.
    """
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            # Without the moment and the system that it was packed on.
            about = zipfile.ZipInfo(entry.name)
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, entry.text)
    write_whole(path, (packed.getvalue(),))
    return len(packed.getvalue())


def proposed_name(now: datetime) -> str:
    """Such as "workstation-report-2026-03-02.zip"."""
    return f"workstation-report-{now:%Y-%m-%d}.{SUFFIX}"


class Sieve:
    """Takes out of every text what may name somebody or something; numbers stand in its place."""

    def __init__(self, context: Context, sources: Sources) -> None:
        """Know whom not to name, and choose this report's numbers."""
        self._redact, self._salt = sources.redact, context.clock.random_bytes(16)
        words: dict[str, str] = {}
        for line in listing(sources.config.profiles_dir):
            if line.profile is not None:
                words |= {line.profile.account: "[account]", line.profile.host: "[platform]"}
                words[line.profile.host.partition(":")[0]] = "[platform]"
            words[line.standing.name] = "[account]"
        self.knows_her_words = False
        """Whether the words are known that name her; they lie in the store."""
        with contextlib.suppress(StoreError), context.store.read() as txn:
            words |= dict.fromkeys(own_words.get(txn), "[name]")
            self.knows_her_words = True
        words[own_name.account_name()] = "[name]"
        host = context.origin.partition("://")[2]
        words |= {host: "[platform]", host.partition(":")[0]: "[platform]"}
        self._words = sorted(
            ((word, instead) for word, instead in words.items() if len(word) > 1),
            key=lambda pair: -len(pair[0]),
        )

    def number(self, text: str) -> str:
        """What an id is called in this report."""
        return f"#{hashlib.sha256(self._salt + text.encode()).hexdigest()[:10]}"

    def text(self, text: str) -> str:
        """A text without names, addresses, paths and ids."""
        text = _UUID.sub(lambda found: self.number(found[0].lower()), text)
        for word, instead in self._words:
            text = re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", instead, text)
        return self._redact(text)

    def clean(self, value: Any) -> Any:
        """An object with every text in it cleaned."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {str(name): self.clean(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(inner) for inner in value]
        return value


def as_object(seen: GoingOn, number: Callable[[str], str]) -> dict[str, Any]:
    """What is going on, with ids as numbers of chance, and without folders and addresses."""
    return {
        "at": seen.at.isoformat(),
        "versions": dict(seen.versions),
        "connection": _plain({**asdict(seen.connection), "host": "[platform]"}),
        "queue": [_row(row, number) for row in seen.queue],
        "drafts": {
            "without_copy": [
                {"submission": number(draft.submission_id), "refused": draft.refused}
                for draft in seen.uncopied
            ],
            "copies": _plain(asdict(seen.copies)),
            "to_compare": seen.to_compare,
        },
        "store": {
            **_plain(asdict(seen.store)),
            "read_through_at": _plain(seen.read_through_at),
            "revision": seen.revision,
            "rows": dict(seen.tables),
        },
        "processes": [_plain(asdict(one)) for one in seen.workers],
        "incidents": [_plain(asdict(one)) for one in seen.incidents],
        "counters": dict(seen.counters),
    }


def as_lines(value: Any, name: str = "") -> list[str]:
    """An object as lines to read: the way to each value, and the value."""
    if isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = [(str(at), one) for at, one in enumerate(value, 1)]
    else:
        words = {None: "-", True: "yes", False: "no"}
        return [f"{name}: {words[value] if value is None or value is True or value is False else value}"]
    if not inner:
        return [f"{name}: none"]
    return [line for key, one in inner for line in as_lines(one, f"{name} {key}".strip())]


def _row(row: Waiting, number: Callable[[str], str]) -> dict[str, Any]:
    fields = asdict(row)
    del fields["submission_id"], fields["code"]
    return {"submission": number(row.submission_id), **_plain(fields)}


def _settings(config: Config) -> dict[str, Any]:
    rules = asdict(config.policy)
    rules["platform_origin"] = None if config.policy.platform_origin is None else "[platform]"
    own = {name: _plain(getattr(config, name)) for name in _SETTINGS}
    return {"settings": own, "rules": _plain(rules), "accounts": len(listing(config.profiles_dir))}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "total_seconds"):
        return round(value.total_seconds(), 3)
    return value


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - MOST_LOG_BYTES))
            text = file.read(MOST_LOG_BYTES).decode("utf-8", "replace")
    except OSError:
        return "It could not be read.\n"
    # A line that was cut could have lost what shows that it must be taken out.
    return text if size <= MOST_LOG_BYTES else text.partition("\n")[2]
