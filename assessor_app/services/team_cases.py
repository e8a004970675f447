"""Questions and reports as a team lead deals with them: reading, answering, giving on, closing; offline too.

What is done here waits among what is to be sent. Until it has left, it can be taken back; until the platform
has handed it out again, it is shown from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assessor_app.cache import cases, matches, outbox, own_words, policy
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.case_list import CaseRow
from assessor_app.domain.cases import (
    ANSWERED_TO_OPENER,
    WORK_KINDS,
    Case,
    CaseEntry,
    CaseKind,
    CaseState,
)
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.matches import Match
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.errors import NotAllowed
from assessor_app.privacy.name_words import NO_NAME, NameFinder, OwnName
from assessor_app.privacy.telling_text import Telling, telling_places
from assessor_app.services.context import Context
from assessor_app.services.own_name import account_name
from assessor_app.services.queueing import enqueue
from assessor_app.sync import protocol
from assessor_app.sync.after_sending import LEADS_PATH

Act = Literal["answer", "reassign", "close", "reopen"]
_ROW_CHARS = 200
_NEVER = {Telling.EMAIL: "an e-mail address", Telling.PHONE: "a telephone number"}


class MayName(NotAllowed):
    """Words that somebody else reads may name a person; the lead decides whether they do."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that the lead did and that the platform has not handed out again."""

    id: str
    action: Act
    text: str
    to: str
    """For `reassign`: the pseudonym; empty for nobody in particular."""
    at: datetime
    is_sent: bool
    """Whether the platform has confirmed it."""
    can_take_back: bool
    """Whether it never left."""
    closes: bool = False
    """For `answer`: the case is closed with it."""
    trouble: str = ""
    """Why it was not taken, as a sentence; nothing of it was done then."""


@dataclass(frozen=True, slots=True)
class CaseOverview:
    """All questions and reports, and what their dates are worded with."""

    rows: tuple[CaseRow, ...] = ()
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """One question or report with everything that a lead may know of it."""

    case: Case
    state: CaseState
    """As it is once everything that waits here has been sent."""
    waiting: tuple[Doing, ...] = ()
    matches: tuple[Match, ...] = ()
    """The match that it is about."""
    calendar: Calendar | None = None
    draft: str = ""


def overview(context: Context) -> CaseOverview:
    """All questions and reports, in no order.

    Raises:
        StoreError: the store cannot be read.
    """
    with context.store.read() as txn:
        every, read = cases.every(txn), cases.entries_read(txn)
        done = _by_case(outbox.of_kind(txn, OutboxKind.CASE_ACTION))
        calendar = policy.calendar(txn)
    rows = tuple(_row(case, _waiting(case, done.get(case.id, ())), read.get(case.id, 0)) for case in every)
    return CaseOverview(rows, calendar)


def open_count(context: Context) -> int:
    """How many wait for a lead."""
    return sum(row.state is CaseState.OPEN or row.is_refused for row in overview(context).rows)


def open_case(context: Context, case_id: str) -> OpenedCase | None:
    """One question or report; None where the platform does not hand it out any more.

    Raises:
        StoreError: the store cannot be read.
    """
    with context.store.read() as txn:
        case = cases.get(txn, case_id)
        if case is None:
            return None
        waiting = _waiting(case, _by_case(_sent_of(txn, case)).get(case.id, ()))
        shared = matches.of_submission(txn, case.submission_id) if case.kind is CaseKind.MATCH else None
        found = () if shared is None else tuple(match for match in shared.matches if match.id == case.id)
        return OpenedCase(
            case, _state(case, waiting), waiting, found, policy.calendar(txn), cases.draft(txn, case.id)
        )


def answer(
    context: Context, case_id: str, text: str, *, closes: bool = False, may_name: bool = False
) -> ChangeSet:
    """Answer, and close as well if that is all.

    Args:
        context: the open profile.
        case_id: which case.
        text: who reads it follows from the kind of case.
        closes: whether the case is closed with it.
        may_name: the lead has looked at what may name a person, and it does not.

    Raises:
        NotAllowed: there are no words, it is closed, or they tell an address, a number or the lead's name.
        MayName: something in them has the look of a name or a school.
    """
    words = text.strip()
    if not words:
        raise NotAllowed("There is nothing to send yet", "An answer needs a few words. Nothing was changed.")
    with context.store.write() as txn:
        case, waiting = _present(txn, case_id)
        _need(_state(case, waiting) is not CaseState.CLOSED, "It is closed")
        if case.kind is CaseKind.FEEDBACK_QUESTION or case.kind in ANSWERED_TO_OPENER:
            _check(words, OwnName(account_name(), own_words.get(txn)), may_name=may_name)
        seen = _seen(case, waiting)
        body = protocol.CaseActionIn(action="answer", text=words, seen=seen, closes=closes)
        _do(context, txn, case, body)
        cases.set_draft(txn, case_id, "")
        cases.set_entries_read(txn, case_id, len(case.entries))
    return _CHANGED


def reassign(context: Context, case_id: str, to: str | None) -> ChangeSet:
    """Give a case to another lead, or the work that it is about to somebody who may have it.

    Args:
        context: the open profile.
        case_id: which case.
        to: one of the case's `may_take`; None for the whole team, or for whoever has least to do.

    Raises:
        NotAllowed: it is closed, or the platform has not offered this person.
    """
    with context.store.write() as txn:
        case, waiting = _present(txn, case_id)
        _need(_state(case, waiting) is not CaseState.CLOSED, "It is closed")
        _need(to is None or any(to == one.id for one in case.may_take), "This person is not offered any more")
        _do(context, txn, case, protocol.CaseActionIn(action="reassign", assign_to=to))
        cases.set_entries_read(txn, case_id, len(case.entries))
    return _CHANGED


def close(context: Context, case_id: str) -> ChangeSet:
    """Close a case without more words.

    Raises:
        NotAllowed: it is closed.
    """
    return _plain(context, case_id, "close")


def reopen(context: Context, case_id: str) -> ChangeSet:
    """Open a case again.

    Raises:
        NotAllowed: it is open.
    """
    return _plain(context, case_id, "reopen")


def take_back(context: Context, case_id: str) -> ChangeSet:
    """Take back everything that was done with a case here and never left; words become a draft again.

    Raises:
        NotAllowed: there is nothing that never left.
    """
    with context.store.write() as txn:
        case, waiting = _present(txn, case_id)
        texts: list[str] = []
        for doing in reversed(waiting):
            if not doing.can_take_back or not outbox.withdraw_queued(txn, _outbox_id(txn, case, doing)):
                break
            texts.insert(0, doing.text)
        _need(bool(texts), "It may be on its way already")
        words = "\n".join(text for text in texts if text)
        if words and not cases.draft(txn, case_id):
            cases.set_draft(txn, case_id, words)
    return _CHANGED


def save_draft(context: Context, case_id: str, text: str) -> ChangeSet:
    """Keep what was begun to be written; it is never sent by itself."""
    with context.store.write() as txn:
        cases.set_draft(txn, case_id, text)
    return ChangeSet()


def mark_read(context: Context, case_id: str) -> ChangeSet:
    """Note that everything in a case was before the lead."""
    with context.store.write() as txn:
        case = cases.get(txn, case_id)
        if case is None or not cases.set_entries_read(txn, case_id, len(case.entries)):
            return ChangeSet()
    return ChangeSet(cases=True)


_CHANGED = ChangeSet(cases=True, outbox=True)


def _plain(context: Context, case_id: str, action: Literal["close", "reopen"]) -> ChangeSet:
    with context.store.write() as txn:
        case, waiting = _present(txn, case_id)
        is_closed = _state(case, waiting) is CaseState.CLOSED
        _need(is_closed is (action == "reopen"), "It is closed" if is_closed else "It is open")
        seen = _seen(case, waiting) if action == "close" else None
        _do(context, txn, case, protocol.CaseActionIn(action=action, seen=seen))
        cases.set_entries_read(txn, case_id, len(case.entries))
    return _CHANGED


def _do(context: Context, txn: Transaction, case: Case, body: protocol.CaseActionIn) -> None:
    enqueue(context, txn, case, OutboxKind.CASE_ACTION, body, path=f"{LEADS_PATH}{case.id}/actions")


def _present(txn: Transaction, case_id: str) -> tuple[Case, tuple[Doing, ...]]:
    case = cases.get(txn, case_id)
    if case is None:
        raise NotAllowed(
            "This is not there any more",
            "The platform does not hand it out now. Nothing was changed, and your words are kept.",
        )
    return case, _waiting(case, _by_case(_sent_of(txn, case)).get(case.id, ()))


def _seen(case: Case, waiting: Sequence[Doing]) -> int:
    """How many entries a case will have if nobody else does anything with it."""
    own = [doing for doing in waiting if not doing.trouble]
    return len(case.entries) + sum(1 + doing.closes for doing in own)


def _need(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise NotAllowed(otherwise, "Nothing was changed, and your words are kept.")


def _check(words: str, own: OwnName, *, may_name: bool) -> None:
    """Refuse words by which somebody could be known or reached."""
    places = telling_places(words)
    found = dict.fromkeys(_NEVER[place.kind] for place in places if place.kind in _NEVER)
    if own != NO_NAME and any(True for _ in NameFinder(own).find(words)):
        found["your name"] = None
    if found:
        raise NotAllowed(
            "This would say who somebody is",
            f"Your answer holds {' and '.join(found)}. Nothing was sent, and your words are kept.",
            "Take it out, then send it.",
        )
    likely = [words[p.start : p.end] for p in places if p.kind in (Telling.NAME, Telling.SCHOOL)]
    if likely and not may_name:
        raise MayName(
            "This may name somebody",
            f"Look at \u201c{likely[0]}\u201d. Nothing was sent, and your words are kept.",
            "Take it out, or send it as it is if it names nobody.",
        )


# ---- what waits ----


def _sent_of(txn: Transaction, case: Case) -> tuple[OutboxItem, ...]:
    return outbox.every_of_kinds(txn, case.submission_id, (OutboxKind.CASE_ACTION,))


def _by_case(items: Iterable[OutboxItem]) -> Mapping[str, Sequence[OutboxItem]]:
    found: dict[str, list[OutboxItem]] = {}
    for item in items:
        if item.path.startswith(LEADS_PATH):
            found.setdefault(item.path.removeprefix(LEADS_PATH).partition("/")[0], []).append(item)
    return found


def _waiting(case: Case, items: Sequence[OutboxItem]) -> tuple[Doing, ...]:
    """What was done here and is not in the case yet; what was not taken only while it was done last."""
    open_ones = [item for item in items if not _has_arrived(case, item)]
    return tuple(
        _doing(item)
        for place, item in enumerate(open_ones)
        if item.state not in _REFUSED or place == len(open_ones) - 1
    )


_REFUSED = (OutboxState.CONFLICT, OutboxState.REJECTED, OutboxState.BLOCKED)


def _has_arrived(case: Case, item: OutboxItem) -> bool:
    return item.receipt is not None and any(entry.at >= item.receipt.received_at for entry in case.entries)


def _doing(item: OutboxItem) -> Doing:
    body = json.loads(item.body)
    return Doing(
        id=item.id,
        action=body["action"],
        text=body.get("text", ""),
        to=body.get("assign_to", ""),
        at=item.created_at,
        is_sent=item.state is OutboxState.ACKED,
        can_take_back=item.state is OutboxState.QUEUED and item.attempts == 0,
        closes=body.get("closes", False),
        trouble=item.last_error if item.state in _REFUSED else "",
    )


def _outbox_id(txn: Transaction, case: Case, doing: Doing) -> OutboxId:
    return next(item.id for item in _sent_of(txn, case) if item.id == doing.id)


def _state(case: Case, waiting: Sequence[Doing]) -> CaseState:
    state = case.state
    for doing in waiting:
        if doing.trouble:
            continue
        if doing.action == "reassign":
            state = CaseState.ANSWERED if case.kind in WORK_KINDS else state
        else:
            state = CaseState.CLOSED if doing.closes else _STATE_AFTER[doing.action]
    return state


_STATE_AFTER: Mapping[Act, CaseState] = {
    "answer": CaseState.ANSWERED,
    "close": CaseState.CLOSED,
    "reopen": CaseState.OPEN,
}


def _row(case: Case, waiting: Sequence[Doing], entries_read: int) -> CaseRow:
    said = [entry for entry in case.entries if entry.text]
    return CaseRow(
        id=case.id,
        kind=case.kind,
        state=_state(case, waiting),
        submission_id=case.submission_id,
        code=case.code,
        title=case.title,
        opened_at=case.opened_at,
        due_at=case.due_at,
        text=_row_text(said),
        detail=case.detail,
        is_unread=len(case.entries) > entries_read and case.entries[-1].by != Role.LEAD,
        waits=any(not doing.is_sent and not doing.trouble for doing in waiting),
        is_refused=any(doing.trouble for doing in waiting),
        is_mine=bool(case.assigned_to),
    )


def _row_text(said: Sequence[CaseEntry]) -> str:
    """The last words that are not a lead's, or the first there are."""
    others = [entry for entry in said if entry.by != Role.LEAD] or said
    return " ".join(others[-1].text.split())[:_ROW_CHARS] if others else ""
