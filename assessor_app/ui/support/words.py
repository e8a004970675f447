"""The words of the page of what is going on: three lines to read aloud, then every fact under its heading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.states import OutboxState
from assessor_app.services.going_on import GoingOn, Incident, Waiting, Worker
from assessor_app.services.views import SyncStatus
from assessor_app.ui.copy_words import copies_words, off_words
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.moment_words import when_words
from assessor_app.ui.sync_words import words_of

translate = QCoreApplication.translate
MOST_INCIDENTS = 20
"""So many of the newest are shown; the report has all."""
_OWN_FIRST = ("program", "contract", "python", "qt", "sqlcipher", "pymupdf", "system")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under one heading."""

    title: str
    rows: tuple[Row, ...]


def _tr(text: str) -> str:
    return translate("GoingOn", text)


def headlines(seen: GoingOn, status: SyncStatus | None) -> tuple[str, str, str]:
    """What somebody reads aloud on the telephone: the connection, what is unsent, how the work is kept."""
    return f"{words_of(status).text}.".replace("..", ".").replace("….", "…"), _unsent(seen), _kept(seen)


def sections(seen: GoingOn, status: SyncStatus | None, log_folder: str) -> tuple[Section, ...]:
    """Everything, in the order in which it is asked for.

    Args:
        seen: what was seen.
        status: how the last sync stands; None before one.
        log_folder: where the program's notes about itself lie.
    """
    return (
        Section(_tr("Connection"), tuple(_connection(seen, status))),
        Section(_tr("Waiting to send"), _queue(seen)),
        Section(_tr("Drafts and their copies"), tuple(_drafts(seen))),
        Section(_tr("Work on this computer"), tuple(_store(seen))),
        Section(_tr("Helping processes"), tuple(map(_worker, seen.workers))),
        Section(_tr("What was in the way lately"), _incidents(seen)),
        Section(_tr("Versions"), tuple(_versions(seen))),
        Section(_tr("Where files lie"), tuple(_folders(seen, log_folder))),
    )


def as_text(lines: Iterable[str], shown: Iterable[Section]) -> str:
    """The page as plain text."""
    parts = ["\n".join(lines)]
    for section in shown:
        rows = [f"{row.label}: {row.value}" if row.label else row.value for row in section.rows]
        parts.append("\n".join((section.title, *(f"  {row}" for row in rows))))
    return "\n\n".join(parts) + "\n"


def size_words(size: int) -> str:
    """Such as "1.4 MB", as this person's system writes numbers."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


# ---- three lines ----


def _unsent(seen: GoingOn) -> str:
    parts = []
    if len(seen.queue) == 1:
        parts.append(_tr("1 thing waits to be sent."))
    elif seen.queue:
        words = _tr("{n} things wait to be sent.")
        parts.append(words.format(n=len(seen.queue)))
    else:
        parts.append(_tr("Nothing waits to be sent."))
    if len(seen.uncopied) == 1:
        parts.append(_tr("1 draft has no copy on the platform."))
    elif seen.uncopied:
        words = _tr("{n} drafts have no copy on the platform.")
        parts.append(words.format(n=len(seen.uncopied)))
    if seen.to_compare:
        parts.append(
            _counted(seen.to_compare, _tr("1 thing is to be compared."), _tr("{n} are to be compared."))
        )
    return " ".join(parts)


def _kept(seen: GoingOn) -> str:
    store = seen.store
    if not store.is_sound or store.is_outdated:
        return translate(
            "GoingOn",
            "Part of what is stored here is damaged; the next start repairs it. Nothing is deleted.",
        )
    free = _tr("Your work is saved on this computer and reads well; {free} are free.")
    return free.format(free=size_words(store.free_bytes))


# ---- the sections ----


def _connection(seen: GoingOn, status: SyncStatus | None) -> Iterable[Row]:
    link = seen.connection
    yield Row(_tr("Now"), words_of(status).text)
    yield Row(_tr("Platform"), link.host)
    yield Row(_tr("Signed in"), _yes(link.is_signed_in))
    heard = _tr("never") if link.heard_at is None else when_words(link.heard_at)
    yield Row(_tr("Last heard from, by its clock"), heard)
    if link.down_since is not None:
        yield Row(_tr("Not available since"), when_words(link.down_since))
    if link.pause_s > 0:
        yield Row(_tr("Left alone for"), _seconds(round(link.pause_s)))
    if link.clock_lead is None:
        lead = _tr("not known yet")
    elif abs(seconds := round(link.clock_lead.total_seconds())) < 2:
        lead = _tr("none")
    else:
        lead = _tr("{time} behind the platform's") if seconds > 0 else _tr("{time} ahead of the platform's")
        lead = lead.format(time=_seconds(abs(seconds)))
    yield Row(_tr("This computer's clock"), _tr("as the platform's") if lead == _tr("none") else lead)
    wanted = _tr("the platform wants a newer workstation") if link.wants_update else ""
    contract = seen.versions.get("contract", "")
    yield Row(_tr("Version of the contract"), f"{contract}; {wanted}" if wanted else contract)


def _queue(seen: GoingOn) -> tuple[Row, ...]:
    if not seen.queue:
        return (Row("", _tr("Nothing waits.")),)
    return tuple(fact for row in seen.queue for fact in _waiting(row, seen.at))


def _waiting(row: Waiting, now: datetime) -> Iterable[Row]:
    label = ", ".join(part for part in (row.code, _kind(row.kind)) if part)
    said = [_state(row.state), _tr("since {time}").format(time=when_words(row.created_at))]
    if row.attempts:
        said.append(_counted(row.attempts, _tr("tried once"), _tr("tried {n} times")))
    if row.next_try_at is not None and row.next_try_at > now:
        said.append(_tr("next try {time}").format(time=time_words(row.next_try_at)))
    yield Row(label, ", ".join(said))
    if row.said:
        yield Row("", row.said)
    told = [] if row.status is None else [_tr("last answer {number}").format(number=row.status)]
    if row.request:
        told.append(_tr("request {name}").format(name=row.request))
    if told:
        yield Row("", ", ".join(told))


def _drafts(seen: GoingOn) -> Iterable[Row]:
    yield Row(_tr("Copies"), off_words(seen.copies) or copies_words(seen.copies) or _tr("none so far"))
    alone = [
        f"{draft.code} ({_tr('not taken')}: {draft.refused})" if draft.refused else draft.code
        for draft in seen.uncopied
    ]
    yield Row(_tr("On this computer alone"), ", ".join(alone) or _tr("none"))
    yield Row(_tr("To be compared"), str(seen.to_compare) if seen.to_compare else _tr("none"))
    for name, words in (
        ("dropped_fields", _tr("Unknown parts of answers, left unread")),
        ("unknown_types", _tr("Unknown kinds of records, left unread")),
        ("set_aside", _tr("Records that could not be read, set aside")),
    ):
        if seen.counters.get(name):
            yield Row(words, str(seen.counters[name]))


def _store(seen: GoingOn) -> Iterable[Row]:
    store = seen.store
    sound = _tr("reads well") if store.is_sound and not store.is_outdated else _tr("damaged in part")
    yield Row(_tr("Local store"), f"{sound}, {size_words(store.store_bytes)}")
    read = _tr("not yet") if seen.read_through_at is None else when_words(seen.read_through_at)
    yield Row(_tr("Read through as a whole"), read)
    copy = _tr("none yet")
    if store.copy_at is not None:
        copy = when_words(store.copy_at)
        copy += "" if store.copy_is_good else f", {_tr('does not read well')}"
    yield Row(_tr("Newest copy on this computer"), copy)
    yield Row(_tr("Copies on this computer"), str(store.copies))
    room = size_words(store.reserve_bytes)
    kept = _tr("{size}, there") if store.has_reserve else _tr("{size}, not there now")
    yield Row(_tr("Room kept for a full disk"), kept.format(size=room))
    yield Row(_tr("Free on the disk"), size_words(store.free_bytes))
    if store.damaged_folders:
        yield Row(_tr("Damaged files of earlier repairs"), str(store.damaged_folders))
    yield Row(_tr("Form of the store"), seen.revision)


def _worker(one: Worker) -> Row:
    label = {
        "pages": _tr("Draws pages"),
        "spelling": _tr("Checks spelling"),
        "copies": _tr("Makes copies of office files"),
    }.get(one.name, one.name)
    if one.name == "copies":
        return Row(label, one.program or _tr("LibreOffice is not installed"))
    parts = [_tr("runs") if one.pid is not None else _tr("not started yet")]
    if one.resident_bytes is not None:
        parts.append(size_words(one.resident_bytes))
    if one.starts > 1:
        parts.append(_counted(one.starts - 1, _tr("started anew once"), _tr("started anew {n} times")))
    return Row(label, ", ".join(parts))


def _incidents(seen: GoingOn) -> tuple[Row, ...]:
    if not seen.incidents:
        return (Row("", _tr("Nothing.")),)
    return tuple(_incident(one) for one in seen.incidents[:MOST_INCIDENTS])


def _incident(one: Incident) -> Row:
    said = one.sentence
    if one.times > 1:
        said += " " + _tr("{n} times in a row, last then.").format(n=one.times)
    return Row(when_words(one.at), said)


def _versions(seen: GoingOn) -> Iterable[Row]:
    names = {
        "program": _tr("Workstation"),
        "contract": _tr("Contract"),
        "python": "Python",
        "qt": "Qt",
        "sqlcipher": "SQLCipher",
        "pymupdf": "PyMuPDF",
        "system": _tr("System"),
    }
    for name in _OWN_FIRST:
        yield Row(names[name], seen.versions.get(name, ""))


def _folders(seen: GoingOn, log_folder: str) -> Iterable[Row]:
    yield Row(_tr("This account"), seen.folder)
    yield Row(_tr("Notes of the program about itself"), log_folder)


# ---- small words ----


def _yes(is_so: bool) -> str:
    return _tr("yes") if is_so else _tr("no")


def _counted(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(n=number)


def _seconds(seconds: int) -> str:
    if seconds >= 7200:
        return _tr("{n} hours").format(n=round(seconds / 3600))
    if seconds >= 120:
        return _tr("{n} minutes").format(n=round(seconds / 60))
    return _counted(seconds, _tr("1 second"), _tr("{n} seconds"))


def _state(state: OutboxState) -> str:
    words = {
        OutboxState.QUEUED: _tr("waits"),
        OutboxState.SENDING: _tr("is being sent"),
        OutboxState.CONFLICT: _tr("changed on both sides"),
        OutboxState.REJECTED: _tr("not taken, needs you"),
        OutboxState.BLOCKED: _tr("held up, needs you"),
    }
    return words.get(state, state.value)


def _kind(kind: OutboxKind) -> str:
    words = {
        OutboxKind.RECOMMENDATION: _tr("recommendation"),
        OutboxKind.DECISION: _tr("decision"),
        OutboxKind.PRE_ASSESSMENT: _tr("pre-assessment"),
        OutboxKind.WITHDRAWAL: _tr("taking back"),
        OutboxKind.RECUSAL: _tr("giving back"),
        OutboxKind.ESCALATION: _tr("question or report"),
        OutboxKind.CASE_ACTION: _tr("answer or other step"),
        OutboxKind.FINDING: _tr("report on a file"),
    }
    return words[kind]
