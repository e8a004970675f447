"""Uploads through a proxy that breaks six requests of ten in 15 ways: each arrives once, and is known to.

The real outbox and the real sending, with real HTTP, against the real reference platform. What is sent are
words to a lead: the platform would take them as often as they come, so that only key and receipt keep order.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assessor_app.cache import outbox
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.assessments import OutboxItem, OutboxKind, Receipt
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import KnownError
from assessor_app.sync import push
from assessor_app.sync.host_health import HostHealth
from assessor_app.sync.transport import Answer, Transport
from attacks._chaos_proxy import FAULTS, standing_before
from attacks._figure import Figure
from tests.builders import FakeClock
from tests.contract.running import Running, fill, lasting_token, running, serving
from tests.contract.small_content import content
from tests.stores import open_store

TITLE = f"{len(FAULTS)} network faults at 60 % through a chaos proxy"
SMALL, LARGE = 200, 1_000
RATE = 0.6
SUBMISSIONS = 4
PATIENCE_S = 0.25
"""How long the workstation waits for a byte here; outside of this attack it is half a minute."""
MOST_ROUNDS = 100
"""Rounds for each upload before it counts as stuck."""


class Care(Enum):
    """How careful the client is."""

    FULL = auto()
    """As it is."""
    TRUSTS_EVERY_SUCCESS = auto()
    """Any 2xx counts as a receipt, so that work must get lost."""
    NEW_KEYS = auto()
    """Every try has a key of its own, so that work must arrive twice."""
    BELIEVES_EVERY_REFUSAL = auto()
    """A page of a filter counts as the platform's word, so that work must be given up."""


def run(count: int, seed: int, folder: Path, *, care: Care = Care.FULL) -> Figure:
    """Send `count` uploads through the proxy.

    Args:
        count: how many.
        seed: of chance.
        folder: an empty folder.
        care: how careful the client is.
    """
    clock = FakeClock(seed=seed)
    place = folder / "platform"
    fill(place, content(SUBMISSIONS))
    with serving() as server, running(server, place) as platform, _careless(care):
        cases = _open_cases(platform)
        store = open_store(folder / "profile", clock)
        try:
            wanted = _queue(store, clock, cases, count)
            with standing_before(platform.origin, seed, RATE) as (origin, proxy):
                rounds = _send_all(store, _client(origin, clock, care), clock, count)
            with store.read() as txn:
                items = outbox.items(txn, open_only=False)
        finally:
            store.close()
        arrived = _words_there(platform)
    broken = _broken(wanted, items, arrived)
    met = ", ".join(f"{name} {proxy.met[name]}" for name in FAULTS)
    lines = (
        f"{count} uploads in {rounds} rounds and {proxy.requests} requests met {proxy.met.total()} faults",
        f"faults: {met}",
        f"lost {len(broken['lost'])}, doubled {len(broken['doubled'])}, "
        f"falsely sent {len(broken['falsely sent'])}, out of order {len(broken['out of order'])}, "
        f"given up {len(broken['given up'])}",
    )
    if len(proxy.met) < len(FAULTS) and count >= SMALL:
        broken["never tried"] = [name for name in FAULTS if name not in proxy.met]
    return Figure(lines, tuple(f"{name}: {len(found)}" for name, found in broken.items() if found))


def _open_cases(platform: Running) -> dict[SubmissionId, str]:
    """A case on each submission, which words are added to."""
    client = platform.client("busy")
    changes, _ = client.changes()
    ids = sorted({change["id"] for change in changes if change["type"] == "submission"})
    opened = {}
    for submission_id in ids[:SUBMISSIONS]:
        case_id = Clock().new_id()
        body = {"id": case_id, "submission_id": submission_id, "kind": "question", "text": "To begin with."}
        answer = client.write("POST", "/v1/escalations", body)
        assert answer.status_code == 201, answer.text
        opened[SubmissionId(submission_id)] = case_id
    assert opened
    return opened


def _queue(
    store: Store, clock: Clock, cases: Mapping[SubmissionId, str], count: int
) -> dict[SubmissionId, list[str]]:
    """Put everything among what waits; gives the words of each submission, in their order."""
    wanted: dict[SubmissionId, list[str]] = {submission_id: [] for submission_id in cases}
    with store.write() as txn:
        for number in range(count):
            submission_id = list(cases)[number % len(cases)]
            text = f"Words number {number:05}."
            body = canonical_json({"action": "answer", "text": text})
            outbox.enqueue(
                txn,
                OutboxItem(
                    id=OutboxId(clock.new_id()),
                    submission_id=submission_id,
                    kind=OutboxKind.CASE_ACTION,
                    path=f"/v1/escalations/{cases[submission_id]}/words",
                    body=body,
                    sha256=sha256_hex(body),
                    base_rev=1,
                    state=OutboxState.QUEUED,
                    attempts=0,
                    created_at=clock.now(),
                ),
            )
            wanted[submission_id].append(text)
    return wanted


def _send_all(store: Store, client: Transport, clock: FakeClock, count: int) -> int:
    """Rounds as the windows begin them, until nothing waits any more; returns how many."""
    for number in range(1, count * MOST_ROUNDS):
        with store.write() as txn:
            waiting = [item for item in outbox.items(txn) if item.state is not OutboxState.ACKED]
            if not waiting:
                return number - 1
            # A person presses "Try again now" for what was set aside.
            for item in waiting:
                if item.state is OutboxState.BLOCKED:
                    outbox.move(txn, item.id, OutboxState.QUEUED)
        try:
            client.look_for_platform()
            push.push(store, client, clock=clock)
        except KnownError:
            pass
        clock.advance(push.LONGEST_DOUBT_S if number % 20 else push.LONGEST_WAIT_S)
    return count * MOST_ROUNDS


def _words_there(platform: Running) -> dict[SubmissionId, list[str]]:
    """The words that the platform has, by submission, in the order of their coming."""
    answer = platform.client("busy").get("/v1/escalations")
    found: dict[SubmissionId, list[str]] = {}
    for case in answer.json()["cases"]:
        entries = [entry["text"] for entry in case["entries"] if entry["action"] == "answered"]
        found[SubmissionId(case["submission_id"])] = entries
    return found


def _broken(
    wanted: Mapping[SubmissionId, list[str]],
    items: tuple[OutboxItem, ...],
    arrived: Mapping[SubmissionId, list[str]],
) -> dict[str, list[str]]:
    """What was lost, doubled, falsely called sent, came out of order, or was given up."""
    there = Counter(text for texts in arrived.values() for text in texts)
    broken: dict[str, list[str]] = {"lost": [], "doubled": [], "falsely sent": [], "out of order": []}
    said_sent = {json.loads(item.body)["text"] for item in items if item.state is OutboxState.ACKED}
    for submission_id, texts in wanted.items():
        broken["lost"] += [text for text in texts if not there[text]]
        broken["falsely sent"] += [text for text in texts if text in said_sent and not there[text]]
        firsts = list(dict.fromkeys(arrived.get(submission_id, [])))
        if firsts != [text for text in texts if text in firsts]:
            broken["out of order"].append(submission_id)
    # The platform refuses nothing of this.
    broken["given up"] = [item.id for item in items if item.state is not OutboxState.ACKED]
    broken["doubled"] = [text for text, times in there.items() if times > 1]
    return broken


class _NewKeys(Transport):
    """A client that makes a new key for every try, and believes the receipt of that key."""

    def call(self, method: str, path: str, **options: Any) -> Answer:
        headers = dict(options.get("headers") or {})
        key = headers.get("Idempotency-Key")
        if path.startswith("/v1/receipts/"):
            # Nothing is known under the first key.
            return Answer(404, {"content-type": "application/json"}, b'{"code": "not-found"}')
        if key is None:
            return super().call(method, path, **options)
        new = Clock().new_id()
        answer = super().call(method, path, **{**options, "headers": headers | {"Idempotency-Key": new}})
        return Answer(answer.status, answer.headers, answer.body.replace(new.encode(), key.encode()))


def _client(origin: str, clock: Clock, care: Care) -> Transport:
    kind = _NewKeys if care is Care.NEW_KEYS else Transport
    token = lasting_token("busy")
    return kind(
        origin, access_token=lambda: token, health=HostHealth(clock), patience_s=(PATIENCE_S, PATIENCE_S)
    )


@contextmanager
def _careless(care: Care) -> Iterator[None]:
    """Take a part of its care out of the client, where that is wanted."""

    def trusting(answer: Answer, item: OutboxItem) -> Receipt | None:
        if not 200 <= answer.status < 300:
            return None
        return Receipt(item.id, item.sha256, item.submission_id, item.created_at, "believed")

    if care is Care.TRUSTS_EVERY_SUCCESS:
        with patch.object(push, "matching_receipt", trusting):
            yield
    elif care is Care.BELIEVES_EVERY_REFUSAL:
        with patch.object(Answer, "is_from_between", False):
            yield
    else:
        yield
