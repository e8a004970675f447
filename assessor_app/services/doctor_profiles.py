"""One account of this computer as it is looked into from outside: its store, and what is in it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessor_app.cache import conflicts, draft_copies, looking, submissions
from assessor_app.cache.connection import DATABASE_NAME
from assessor_app.clock import Clock
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.services.context import Context
from assessor_app.services.draft_copies import without_copy
from assessor_app.services.profiles import Listed, Profile
from assessor_app.services.store_health import store_health
from assessor_app.services.syncing import is_signed_in
from assessor_app.services.unsent import UnsentKind, unsent_work
from assessor_app.sync.auth import transport_for
from assessor_app.vault import keys

_COPIED = frozenset({UnsentKind.ASSESSMENT, UnsentKind.DECISION, UnsentKind.PRE_ASSESSMENT})
"""Drafts that may have a copy on the platform; everything else that is unsent is here alone."""


@dataclass(slots=True)
class Looked:
    """What was seen of one account."""

    grade: str = "ok"
    sentence: str = ""
    advice: str = ""
    facts: dict[str, str | int | bool | None] = field(default_factory=dict)
    is_safe: bool | None = None
    """Whether nothing is lost with this computer; None: it cannot be known."""
    safety: str = ""
    safety_advice: str = ""
    safety_facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Alone:
    """What is on this computer alone."""

    waiting: int
    drafts: int
    to_compare: int

    @property
    def is_nothing(self) -> bool:
        return not (self.waiting or self.drafts or self.to_compare)


def look_into(
    line: Listed, number: int, clock: Clock, *, passphrase: str | None, database_key: bytes | None = None
) -> Looked:
    """Look into an account without changing it, as far as its key comes without asking anybody.

    Args:
        line: the account.
        number: as which it is named, from 1: accounts are named by no person's name.
        clock: the time.
        passphrase: opens it if it has one.
        database_key: of its store, where the account is open here.
    """
    profile = line.profile
    if profile is None:
        found = _unknown(line, f"Account {number}", "its description is damaged")
        found.advice = "Describe it anew in the list of accounts; the work in it is as it was."
        found.grade = "problem"
        return found
    name = f"Account {number} ({profile.host})"
    try:
        if not (line.folder / DATABASE_NAME).exists():
            return _empty(line, name)
        if database_key is not None:
            return _opened(line, profile, name, database_key, clock)
        if not keys.opens_silently(line.folder, passphrase):
            found = _unknown(line, name, "it is locked, and was not looked into")
            found.advice = "Open the workstation to unlock it."
            return found
        master = keys.open_key(line.folder, line.id, passphrase=passphrase)
        return _opened(line, profile, name, master.database_key(), clock)
    except KnownError as error:
        found = _unknown(line, name, f"{error.title[:1].lower()}{error.title[1:]}")
        found.grade, found.advice = "problem", error.next_step
        return found


def _empty(line: Listed, name: str) -> Looked:
    """No store: a new account, or one whose store is gone."""
    if keys.key_status(line.folder) is keys.KeyStatus.NEW:
        words = f"{name}: nothing is in it yet."
        return Looked(sentence=words, is_safe=True, safety=words)
    found = _unknown(line, name, "its store is missing")
    found.grade, found.advice = "problem", "Open the workstation: it restores the store from its copies."
    return found


def _unknown(line: Listed, name: str, why: str) -> Looked:
    standing = line.standing
    safety = f"{name}: it cannot be said whether work is on this computer alone."
    if standing.unsent is not None and standing.looked_at is not None:
        safety = (
            f"{name}: {standing.unsent} unsent on {standing.looked_at:%Y-%m-%d at %H:%M} UTC, "
            "when last looked at; what came after is not known."
        )
    return Looked(
        grade="warning",
        sentence=f"{name}: {why}.",
        safety=safety,
        safety_advice="Open the account in the workstation, let it sync, and ask again.",
        safety_facts={"last_known_unsent": standing.unsent},
    )


def _opened(line: Listed, profile: Profile, name: str, database_key: bytes, clock: Clock) -> Looked:
    revision = looking.revision_of(line.folder, database_key)
    if not looking.is_present_revision(revision):
        found = _unknown(line, name, "its store is of another version of the workstation")
        found.advice = "Open it with the newest workstation; an older store is brought up to date then."
        found.facts = {"revision": revision}
        return found
    health = store_health(line.folder, database_key, thorough=False)
    with looking.looking(line.folder, database_key) as store:
        context = Context(
            store=store,
            transport=transport_for(store, profile.origin, clock),
            renderer=Renderer(clock=clock),
            clock=clock,
            role=Role.ASSESSOR,
            origin=profile.origin,
            folder=line.folder,
        )
        alone, signed_in = _alone(context), is_signed_in(context)
    found = Looked(
        sentence=f"{name}: its store verifies; {'signed in' if signed_in else 'not signed in'}.",
        facts={
            "revision": revision,
            "is_sound": health.is_sound,
            "store_bytes": health.store_bytes,
            "copies": health.copies,
            "copy_at": health.copy_at.isoformat() if health.copy_at is not None else None,
            "has_reserve": health.has_reserve,
            "is_signed_in": signed_in,
        },
    )
    if not health.is_sound or health.is_outdated:
        found.grade, found.sentence = "problem", f"{name}: a part of its store is damaged."
        found.advice = "Open the workstation: it repairs the store, and says what came back."
    elif not signed_in:
        found.grade, found.advice = "warning", "Sign in, so that work can be sent."
    _say_safety(found, name, alone, is_sound=health.is_sound)
    return found


def _say_safety(found: Looked, name: str, alone: _Alone, *, is_sound: bool) -> None:
    found.is_safe = alone.is_nothing and is_sound
    found.safety_facts = {
        "waiting": alone.waiting,
        "drafts_without_copy": alone.drafts,
        "to_compare": alone.to_compare,
    }
    if found.is_safe:
        found.safety = f"{name}: nothing is on this computer alone."
        return
    counted = (
        (alone.waiting, "1 thing is not sent", "{} things are not sent"),
        (alone.drafts, "1 draft has no copy on the platform", "{} drafts have no copy on the platform"),
        (alone.to_compare, "1 thing is to be compared", "{} things are to be compared"),
    )
    said = [one if number == 1 else many.format(number) for number, one, many in counted if number]
    found.safety = f"{name}: {', '.join(said) or 'its store is damaged'}."
    found.safety_advice = (
        "Open it and let it sync until nothing waits; without a connection, export the unsent work."
    )


def _alone(context: Context) -> _Alone:
    unsent = unsent_work(context)
    uncopied = {draft.submission_id for draft in without_copy(context)}
    drafts = {one.submission_id for one in unsent if one.kind in _COPIED}
    with context.store.read() as txn:
        for submission_id in drafts - uncopied:
            submission = submissions.get_submission(txn, submission_id)
            copy = (
                None
                if submission is None
                else draft_copies.copy_of(txn, SubmissionId(submission_id), submission.round)
            )
            if copy is None or not copy.etag:
                uncopied.add(submission_id)
        to_compare = len(conflicts.open_ids(txn))
    return _Alone(sum(one.kind not in _COPIED for one in unsent), len(uncopied), to_compare)
