"""Days without a network: reviews are finished, the platform goes on, the clock is wrong; then all is sent.

In each spell one person reviews her part of the submissions with nobody answering, while the platform
changes two and a half times as many records: new submissions, other dates for what she reviews and for what
she does not, withdrawals, another policy. Then the network is back. Everything has to arrive once, every
change has to be here, and nothing may be called a conflict that only one side changed.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from assessor_app.cache import evidence_files, outbox, sync_state
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.services import assessing, syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState
from assessor_app.sync import auth
from assessor_app.sync.auth import transport_for
from assessor_app.sync.protocol import ChangeType
from attacks._figure import Figure
from reference_platform import work
from reference_platform.feed import Feed
from reference_platform.loading import load
from reference_platform.models import Document, Recommendation, Submission
from reference_platform.seeding import DemoContent
from tests.builders import FakeClock
from tests.contexts import NOWHERE, context_in
from tests.contract.running import Running, lasting_token, lay, no_renditions, running, serving
from tests.contract.small_content import NOW, content
from tests.integration.at_work import assess

TITLE = "72 hours and 30 days without a network, the clock off by a day"
SMALL, LARGE = 200, 2_000
DRAIN_S = 300.0
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Spell:
    """A time without a network."""

    name: str
    length: timedelta
    clock_off: timedelta
    """How far this computer's clock is ahead."""


SPELLS = (
    Spell("72 hours, clock a day ahead", timedelta(hours=72), timedelta(days=1)),
    Spell("30 days, clock a day behind", timedelta(days=30), timedelta(days=-1)),
)


def run(count: int, seed: int, folder: Path) -> Figure:
    """Go through every spell.

    Args:
        count: how many reviews are finished over all of them; at least one in each.
        seed: of chance.
        folder: an empty folder.
    """
    lines: list[str] = []
    broken: list[str] = []
    in_each = max(1, count // len(SPELLS))
    for number, spell in enumerate(SPELLS):
        away = _Away(folder / str(number), in_each, spell, random.Random(seed + number))
        lines.append(away.go())
        broken += [f"{spell.name}: {what}" for what in away.broken]
    return Figure(tuple(lines), tuple(broken))


def _with_one_file_each(extra: int) -> DemoContent:
    """The small content without links and what was captured of them: how files come is tried elsewhere."""
    whole, made = content(extra), []
    for seed in whole.submissions:
        parts = [part.model_copy(update={"links": []}) for part in seed.wire.parts]
        kept = {file.id: seed.files[file.id] for part in parts for file in part.artifacts}
        made.append(replace(seed, wire=seed.wire.model_copy(update={"parts": parts}), files=kept))
    return replace(whole, submissions=tuple(made))


class _Away:
    """One spell of one person."""

    def __init__(self, folder: Path, count: int, spell: Spell, chance: random.Random) -> None:
        self.broken: list[str] = []
        self._folder, self._count, self._spell, self._chance = folder, count, spell, chance
        # Half as many again lie there and are not reviewed.
        self._known = [str(uuid.UUID(int=1000 + number)) for number in range(count + max(4, count // 2))]
        self._reviewed = self._known[:count]
        self._clock = FakeClock(NOW + spell.clock_off)

    def go(self) -> str:
        """Sync, be away, come back; gives the figure's line."""
        lay(self._folder / "platform", _with_one_file_each, len(self._known))
        with serving() as server, running(server, self._folder / "platform") as platform:
            context = context_in(self._folder / "profile", Role.ASSESSOR, self._clock, origin=platform.origin)
            with closing(context.store):
                with context.store.write() as txn:
                    sync_state.set_secret(txn, auth.ACCESS, lasting_token("busy"))
                self._sync(context)
                changes = self._be_away(context, platform)
                started_s = time.perf_counter()
                rounds = self._come_back(context)
                drained_s = time.perf_counter() - started_s
                self._compare(context, platform)
        if drained_s > DRAIN_S:
            self.broken.append(f"drained in {drained_s:.0f} s")
        return (
            f"{self._spell.name}: {self._count} reviews, {changes} changes of the platform,"
            f" drained in {drained_s:.1f} s and {rounds} rounds, {len(self.broken)} wrong"
        )

    def _be_away(self, context: Context, platform: Running) -> int:
        """Review without a network while the platform changes; gives how much it changed."""
        offline = replace(context, transport=transport_for(context.store, NOWHERE), origin=NOWHERE)
        step = self._spell.length / self._count
        changing, changes = self._changes(platform), 0
        for number, name in enumerate(self._reviewed):
            assess(offline, SubmissionId(name))
            assessing.send(offline, SubmissionId(name))
            self._clock.advance(step.total_seconds())
            platform.clock.at += step
            while changes < 2.5 * (number + 1) and next(changing, None):
                changes += 1
            if number % max(10, self._count // 8) == 0:
                status = syncing.sync(offline, report=lambda _: None, changed=lambda _: None)
                if status.state is not SyncState.OFFLINE:
                    self.broken.append(f"without a network it says {status.state}")
        return changes

    def _changes(self, platform: Running) -> Iterator[str]:
        """Change one record after the other; new submissions, dates, withdrawals, the policy."""
        others = self._known[self._count :]
        coming = self._not_there_yet()
        withdrawn = iter(others[: self._count // 4])
        while True:
            match self._chance.randrange(5):
                case 0:
                    wide = platform.platform
                    load(
                        next(coming),
                        wide.database,
                        wide.blobs,
                        clock=wide.clock,
                        make_renditions=no_renditions,
                    )
                    yield "new"
                case 1:
                    name = next(withdrawn, None)
                    if name is not None:
                        self._withdraw(platform, name)
                        yield "withdrawn"
                case 2:
                    self._new_policy(platform)
                    yield "policy"
                case _:
                    self._new_date(platform, self._chance.choice(self._known))
                    yield "date"

    def _not_there_yet(self) -> Iterator[DemoContent]:
        """What the platform gets meanwhile, one submission at a time; more than chance ever asks for."""
        whole = _with_one_file_each(len(self._known) + 3 * self._count)
        known = {*self._known, *(seed.wire.id for seed in content().submissions)}
        for seed in whole.submissions:
            if seed.wire.id not in known:
                yield replace(whole, submissions=(seed,))

    def _withdraw(self, platform: Running, name: str) -> None:
        with platform.platform.database.write() as session:
            submission = session.get_one(Submission, name)
            work.move(session, platform.clock.at, submission, SubmissionStatus.WITHDRAWN, "learner")
            Feed(session, platform.clock.at).submission(submission)

    def _new_policy(self, platform: Running) -> None:
        with platform.platform.database.write() as session:
            policy = session.scalars(select(Document).where(Document.kind == "policy")).one()
            policy.body = {**policy.body, "grace_minutes": self._chance.randint(10, 60)}
            Feed(session, platform.clock.at).document(ChangeType.POLICY, policy.id)

    def _new_date(self, platform: Running, name: str) -> None:
        with platform.platform.database.write() as session:
            submission = session.get_one(Submission, name)
            due = [{**one, "at": "2026-06-01T12:00:00Z"} for one in submission.body["due"]]
            submission.body = {**submission.body, "due": due}
            Feed(session, platform.clock.at).submission(submission)

    def _come_back(self, context: Context) -> int:
        """Sync until nothing waits any more; gives how often that took."""
        syncing.recover(context)
        for number in range(1, ROUNDS + 1):
            self._sync(context)
            with context.store.read() as txn:
                waiting = [item for item in outbox.items(txn) if item.state is OutboxState.QUEUED]
                missing = evidence_files.missing_count(txn)
            if not waiting and not missing:
                return number
            self._clock.advance(60)
        self.broken.append(f"{len(waiting)} still wait after {ROUNDS} rounds")
        return ROUNDS

    def _sync(self, context: Context) -> None:
        status = syncing.sync(context, report=lambda _: None, changed=lambda _: None)
        if status.state not in (SyncState.UP_TO_DATE, SyncState.NEEDS_YOU):
            self.broken.append(f"a sync ended with {status.state}: {status.message}")

    def _compare(self, context: Context, platform: Running) -> None:
        """Hold both sides beside each other."""
        with platform.platform.database.read() as session:
            received = Counter(session.scalars(select(Recommendation.submission_id)))
        with context.store.read() as txn:
            for item in outbox.items(txn, open_only=False):
                if item.state is not OutboxState.ACKED:
                    self.broken.append(f"{item.submission_id} ended as {item.state}: {item.last_error}")
            held = sync_state.known_revs(txn)
            aside = sync_state.quarantined(txn)
        for name in self._reviewed:
            if received[name] != 1:
                self.broken.append(f"{name} arrived {received[name]} times")
        listed = context.transport.call("GET", "/v1/sync/manifest").data()["entries"]
        there = {(entry["type"], entry["id"]): entry["rev"] for entry in listed}
        if held != there:
            self.broken.append(f"{len(set(held.items()) ^ set(there.items()))} records differ")
        if aside:
            self.broken.append(f"{len(aside)} records were set aside")
