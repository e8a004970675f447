"""Receiving: page and cursor together, bad records set aside, what the contract does not know never kept."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assessor_app.cache import assessments, draft_copies, evidence, submissions, sync_state
from assessor_app.cache.engine import Store
from assessor_app.domain import codec
from assessor_app.domain.assessments import Decision, Recommendation
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import EvidenceState, Submission
from assessor_app.errors import PlatformError, ProtocolBroken, StoreError
from assessor_app.rubric import native
from assessor_app.sync.pull import MOST_BEGINNINGS, PullCount, pull
from assessor_app.sync.transport import Portal, Transport, Unavailable
from tests import builders
from tests.answering import Asked, Reply, answering, as_json, problem
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, dump

SUB = builders.submission()


def plain(value: Any) -> Any:
    """Data of a domain object as it stands on the wire."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "is" and v is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def submission_data(submission: Submission = SUB, **changes: Any) -> dict[str, Any]:
    data = plain(codec.to_json(submission))
    data.pop("rev")
    for prior in data["prior"]:
        prior["feedback"] = dict(prior["feedback"])
        prior["levels"] = dict(prior["levels"])
    return {**data, **changes}


def recommendation_data(made: Recommendation | None = None, **changes: Any) -> dict[str, Any]:
    made = made or builders.recommendation(annotations=())
    data = plain(codec.to_json(made))
    # Under which version it was given is the author's own business.
    data["scores"] = [{k: v for k, v in r.items() if k != "rubric_hash"} for r in data.pop("ratings")]
    data["feedback"] = {
        "criteria": [{k: v for k, v in part.items() if k != "prefilled"} for part in data["feedback"]],
        "artifacts": data.pop("artifact_feedback"),
        "overall": data.pop("overall"),
    }
    return {**data, **changes}


def decision_data(made: Decision | None = None, **changes: Any) -> dict[str, Any]:
    data = plain(codec.to_json(made or builders.decision()))
    return {**data, "recommendation_id": builders.recommendation().id, **changes}


def upsert(kind: str, record_id: str, data: Any, rev: int = 1) -> dict[str, Any]:
    return {"type": kind, "id": record_id, "rev": rev, "op": "upsert", "data": data}


def remove(kind: str, record_id: str, rev: int = 9) -> dict[str, Any]:
    return {"type": kind, "id": record_id, "rev": rev, "op": "remove", "reason": "withdrawn"}


RUBRIC = upsert("rubric_version", "rb-questions:1", plain(native.rubric_to_json(builders.rubric_version())))
ASSIGNED = upsert(
    "assignment",
    f"{SUB.id}:assessor",
    {"submission_id": SUB.id, "role": "assessor", "lease_until": "2026-03-05T12:00:00Z"},
)
POLICY = upsert("policy", "p", {"id": "p", "labels": {"awarded": "Earned"}})
RECOMMENDED = upsert("recommendation", builders.recommendation().id, recommendation_data())
DECIDED = upsert("decision", builders.decision().id, decision_data())
ALL = [POLICY, RUBRIC, upsert("submission", SUB.id, submission_data()), ASSIGNED, RECOMMENDED, DECIDED]


@dataclass
class Feed:
    """A platform's change feed: pages by cursor."""

    pages: list[list[Any]]
    frame: dict[str, Any] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    manifest: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        if parts.path == "/v1/sync/manifest":
            return as_json(
                {"entries": self.manifest, "next_cursor": "m", "server_time": "2026-03-02T12:00:00Z"}
            )
        cursor = parse_qs(parts.query).get("cursor", [None])[0]
        self.asked.append(cursor)
        if cursor in self.expired:
            return problem(410, "cursor-expired")
        number = int(cursor or 0)
        page = {
            "changes": self.pages[number] if number < len(self.pages) else [],
            "next_cursor": str(min(number + 1, len(self.pages))),
            "has_more": number + 1 < len(self.pages),
            "server_time": "2026-03-02T12:00:00Z",
        }
        return as_json(page | self.frame)


def run(
    store: Store, feed: Callable[[Asked], Reply], *, clock: FakeClock | None = None, **more: Any
) -> PullCount:
    with answering(feed) as server:
        transport = Transport(server.origin, access_token=lambda: "t")
        return pull(store, transport, clock=clock or FakeClock(), **more)


def cursor(store: Store) -> str | None:
    with store.read() as txn:
        return sync_state.cursor(txn)


def test_everything_that_a_platform_sends_arrives(store: Store) -> None:
    told: list[ChangeSet] = []
    count = run(store, Feed([ALL[:3], ALL[3:]]), applied=told.append)
    assert count == PullCount(applied=6)
    with store.read() as txn:
        assert submissions.get_submission(txn, SUB.id) == SUB
        assert submissions.get_rubric(txn, SUB.rubric) == builders.rubric_version()
        assert submissions.get_assignment(txn, SUB.id, Role.ASSESSOR) == builders.assignment()
        assert submissions.recommendations(txn, SUB.id) == (builders.recommendation(annotations=()),)
        assert submissions.decisions(txn, SUB.id) == (builders.decision(),)
        assert submissions.label_map(txn) == {SubmissionStatus.AWARDED: "Earned"}
        assert {f.artifact_id for f in evidence.files(txn, SUB.id)} == {"art-11", "art-12"}
        assert sync_state.server_time(txn) == NOON
        assert sync_state.known_revs(txn)["submission", SUB.id] == 1
    assert len(told) == 2
    assert told[0].submissions == {SUB.id}
    assert cursor(store) == "2"


def test_an_empty_page_moves_the_cursor_and_tells_nobody(store: Store) -> None:
    told: list[ChangeSet] = []
    run(store, Feed([[], [], []]), applied=told.append)
    assert cursor(store) == "3"
    assert not told


def test_the_next_sync_goes_on_from_the_cursor(store: Store) -> None:
    feed = Feed([ALL])
    run(store, feed)
    run(store, feed)
    assert feed.asked == [None, "1"]


def test_a_page_and_its_cursor_come_together_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed([ALL[:2], ALL[2:]])
    whole = submissions.put_assignment

    def crash(*_: Any) -> None:
        raise StoreError("The disk is gone", "Your work is safe.")

    monkeypatch.setattr(submissions, "put_assignment", crash)
    with pytest.raises(StoreError):
        run(store, feed)
    with store.read() as txn:
        assert sync_state.cursor(txn) == "1"
        assert submissions.get_submission(txn, SUB.id) is None
        assert not sync_state.quarantined(txn)
    monkeypatch.setattr(submissions, "put_assignment", whole)
    run(store, feed)
    assert feed.asked == [None, "1", "1"]
    with store.read() as txn:
        assert submissions.get_submission(txn, SUB.id) == SUB


BAD_RECORDS: list[tuple[str, dict[str, Any]]] = [
    ("status", upsert("submission", "x", submission_data(status="lost"))),
    ("no data", {"type": "submission", "id": "x", "rev": 1, "op": "upsert"}),
    ("no rubric", upsert("rubric_version", "x", None)),
    ("rubric", upsert("rubric_version", "x", {"id": 3})),
    ("size", upsert("submission", "x", submission_data(round=10**30))),
    ("time", upsert("submission", "x", submission_data(received_at="2026-03-02T12:00:00"))),
    ("role", remove("assignment", "nobody")),
    ("digest", upsert("recommendation", "x", recommendation_data(rubric_hash="abc"))),
    ("outcome", upsert("decision", "x", decision_data(outcome="maybe"))),
    ("annotation", upsert("recommendation", "x", recommendation_data(annotations=[{"id": 1}]))),
]


@pytest.mark.parametrize("bad", [row[1] for row in BAD_RECORDS], ids=[row[0] for row in BAD_RECORDS])
def test_a_bad_record_is_set_aside_and_the_rest_goes_on(store: Store, bad: dict[str, Any]) -> None:
    before = dump(store)
    assert run(store, Feed([[bad]])).set_aside == 1
    with store.read() as txn:
        (aside,) = sync_state.quarantined(txn)
        assert (aside.type, aside.id) == (bad["type"], bad["id"])
        assert aside.reason in ("ValidationError", "RubricInvalid", "ValueError", "KeyError")
    changed = {table for table, rows in dump(store).items() if rows != before[table]}
    assert changed == {"counter", "incident", "quarantine", "setting"}


def test_a_record_that_the_database_refuses_half_way_leaves_nothing_behind(store: Store) -> None:
    run(store, Feed([ALL]))
    data = submission_data(title="New")
    data["parts"][1]["artifacts"][0]["sha256"] = sha256_hex(b"new")
    # This clock gives the ids of the first round once more.
    changes = [upsert("submission", SUB.id, data, rev=2), {**POLICY, "rev": 2}]
    assert run(store, Feed([[], changes]), clock=FakeClock()) == PullCount(applied=1, set_aside=1)
    with store.read() as txn:
        assert submissions.get_submission(txn, SUB.id) == SUB
        (aside,) = sync_state.quarantined(txn)
    assert (aside.id, aside.rev, aside.reason) == (SUB.id, 2, "ValueError")


def test_a_record_that_is_right_again_leaves_quarantine(store: Store) -> None:
    bad = upsert("submission", SUB.id, submission_data(status="lost"))
    run(store, Feed([[bad, RUBRIC]]))
    feed = Feed([[], [upsert("submission", SUB.id, submission_data())]])
    feed.pages.insert(0, [])
    run(store, feed)
    with store.read() as txn:
        assert not sync_state.quarantined(txn)
        assert submissions.get_submission(txn, SUB.id) == SUB


@pytest.mark.parametrize(
    "envelope",
    [None, [], {"type": "submission"}, remove("submission", "../../x"), {**RUBRIC, "rev": -1}],
)
def test_a_bad_envelope_stops_nothing(store: Store, envelope: Any) -> None:
    assert run(store, Feed([[envelope, RUBRIC]])) == PullCount(applied=1, set_aside=1)


def test_what_the_contract_does_not_know_is_counted_and_never_kept(store: Store) -> None:
    secret = "Canaria Birdsong"
    submission = submission_data(learner_name=secret)
    submission["parts"][1]["artifacts"][0]["original_name"] = secret
    changes = [
        {**upsert("submission", SUB.id, submission), "author": secret},
        upsert("horoscope", "h", {"says": secret}),
        upsert("recommendation", builders.recommendation().id, recommendation_data(assessor=secret)),
        upsert("submission", "bad", {"name": secret}),
    ]
    count = run(store, Feed([changes], frame={"operator": secret}))
    assert count == PullCount(applied=2, set_aside=1, unknown_types=1, dropped_fields=5)
    assert secret not in str(dump(store))


def test_an_expired_cursor_starts_over_from_the_manifest(store: Store) -> None:
    gone = builders.submission(2)
    run(store, Feed([[*ALL, upsert("submission", gone.id, submission_data(gone))]]))
    listed = [
        {"type": c["type"], "id": c["id"], "rev": 1}
        for c in (POLICY, RUBRIC, upsert("submission", SUB.id, None), RECOMMENDED)
    ]
    told: list[ChangeSet] = []
    with store.write() as txn:
        assessments.set_overall(txn, gone.id, 1, "My work on it.", NOON)
    feed = Feed([ALL[:3]], expired={"1"}, manifest=listed)
    assert run(store, feed, applied=told.append).applied == 3
    assert feed.asked == ["1", None]
    with store.read() as txn:
        left = submissions.get_submission(txn, gone.id)
        assert left is not None
        assert left.status is SubmissionStatus.WITHDRAWN
        kept = assessments.load(txn, gone.id, 1)
        assert kept is not None
        assert kept.overall == "My work on it."
        assert submissions.get_assignment(txn, SUB.id, Role.ASSESSOR) is None
        assert submissions.recommendations(txn, SUB.id)
        assert not submissions.decisions(txn, SUB.id)
        assert ("submission", gone.id) not in sync_state.known_revs(txn)
    assert {gone.id, SUB.id} <= told[0].submissions


def test_an_expired_cursor_that_stays_expired_ends_in_a_sentence(store: Store) -> None:
    run(store, Feed([ALL]))

    def always(asked: Asked) -> Reply:
        return Feed([])(asked) if "manifest" in asked.path else problem(410, "cursor-expired")

    with pytest.raises(ProtocolBroken, match="status 410"):
        run(store, always)


@pytest.mark.parametrize("kind", ["recommendation", "decision", "assignment", "submission", "policy"])
def test_removals(store: Store, kind: str) -> None:
    change = next(c for c in ALL if c["type"] == kind)
    run(store, Feed([ALL]))
    with store.write() as txn:
        assessments.set_overall(txn, SUB.id, 1, "Mine", NOON)
    feed = Feed([[], [remove(kind, change["id"])]])
    told: list[ChangeSet] = []
    run(store, feed, applied=told.append)
    with store.read() as txn:
        assert (kind, change["id"]) not in sync_state.known_revs(txn)
        held = submissions.get_submission(txn, SUB.id)
        assert held is not None
        assert (held.status is SubmissionStatus.WITHDRAWN) is (kind == "submission")
        assert bool(submissions.recommendations(txn, SUB.id)) is (kind != "recommendation")
        assert bool(submissions.decisions(txn, SUB.id)) is (kind != "decision")
        assigned = submissions.get_assignment(txn, SUB.id, Role.ASSESSOR)
        assert (assigned is None) is (kind == "assignment")
    assert told


def test_a_draft_on_the_platform_is_noted_and_no_own_work_is_touched(store: Store) -> None:
    with store.write() as txn:
        assessments.set_overall(txn, SUB.id, 1, "Mine", NOON)
    told = {
        "submission_id": SUB.id,
        "round": 1,
        "etag": '"e-1"',
        "size_bytes": 9,
        "saved_at": "2026-03-02T11:00:00Z",
    }
    run(store, Feed([[upsert("draft", SUB.id, told)]]))
    with store.read() as txn:
        assert draft_copies.offered(txn) == {SUB.id: '"e-1"'}
        work = assessments.load(txn, SUB.id, 1)
        assert work is not None
        assert work.overall == "Mine"
        held = draft_copies.DraftCopy('"e-1"', "0" * 64, NOON, b"{}")
    with store.write() as txn:
        draft_copies.put_copy(txn, SUB.id, 1, held)
        draft_copies.clear_change(txn, SUB.id, draft_copies.changed(txn)[0][1])
    run(store, Feed([[], [remove("draft", SUB.id)]]))
    with store.read() as txn:
        assert draft_copies.offered(txn) == {}
        # What the platform has no more needs a new copy.
        assert [name for name, _ in draft_copies.changed(txn)] == [SUB.id]
        assert draft_copies.known_etags(txn) == {}


def test_the_platforms_last_word_counts_whatever_its_number(store: Store) -> None:
    run(store, Feed([[upsert("submission", SUB.id, submission_data(title="New"), rev=7)]]))
    run(store, Feed([[], [upsert("submission", SUB.id, submission_data(title="Restored"), rev=3)]]))
    with store.read() as txn:
        held = submissions.get_submission(txn, SUB.id)
    assert held is not None
    assert (held.title, held.rev) == ("Restored", 3)


def test_after_an_award_no_number_of_earlier_attempts_is_left(store: Store, tmp_path: Path) -> None:
    prior = builders.prior_attempt()
    again = builders.submission(attempt=3, prior=(prior,))
    run(store, Feed([[upsert("submission", SUB.id, submission_data(again))]]))
    assert prior.code in str(dump(store))
    awarded = submission_data(again, status="awarded")
    run(store, Feed([[], [upsert("submission", SUB.id, awarded, rev=2)]]))
    assert prior.code not in str(dump(store))
    assert prior.overall not in str(dump(store))
    with store.read() as txn:
        held = submissions.get_submission(txn, SUB.id)
    assert held is not None
    assert (held.attempt, held.prior) == (None, ())


def test_files_of_earlier_attempts_come_last_and_go_with_an_award(store: Store, clock: FakeClock) -> None:
    earlier = builders.submission(7).parts
    prior = replace(builders.prior_attempt(), parts=earlier)
    again = builders.submission(attempt=2, prior=(prior,))
    other = builders.submission(2, received_at=SUB.received_at + timedelta(days=3))
    changes = [upsert("submission", s.id, submission_data(s)) for s in (again, other)]
    run(store, Feed([changes]), clock=clock)
    small_copy_first = ["art-72", "art-71"]
    assert {artifact.id for part in earlier for artifact in part.artifacts} == set(small_copy_first)

    def fetched() -> list[str]:
        order = []
        with store.write() as txn:
            while (file := evidence.next_wanted(txn)) is not None:
                order.append(str(file.artifact_id))
                evidence.set_state(txn, file.blob_id, EvidenceState.READY)
        return order

    order = fetched()
    # Of what is due at one time, the small file comes first: here the copy of the Word file.
    assert list(dict.fromkeys(order[-3:])) == small_copy_first
    assert {"art-11", "art-12", "art-21", "art-22"} == set(order[:-3])
    with store.read() as txn:
        held = submissions.get_submission(txn, SUB.id)
    assert held is not None
    assert held.prior[0].parts == earlier
    run(store, Feed([[], [upsert("submission", SUB.id, submission_data(again), rev=2)]]), clock=clock)
    assert fetched() == []
    awarded = submission_data(again, status="awarded")
    run(store, Feed([[], [], [upsert("submission", SUB.id, awarded, rev=3)]]), clock=clock)
    with store.read() as txn:
        assert not {f.artifact_id for f in evidence.files(txn, SUB.id)} & set(small_copy_first)


def test_evidence_that_changed_is_fetched_anew_and_the_old_file_goes(store: Store, clock: FakeClock) -> None:
    run(store, Feed([ALL]), clock=clock)
    with store.read() as txn:
        old = next(f for f in evidence.files(txn, SUB.id) if f.artifact_id == "art-11")
    path = evidence.path_of(store, old.blob_id)
    path.write_bytes(b"sealed")
    data = submission_data()
    data["parts"][1]["artifacts"][0]["sha256"] = sha256_hex(b"new")
    run(store, Feed([[], [upsert("submission", SUB.id, data, rev=2)]]), clock=clock)
    assert not path.exists()
    with store.read() as txn:
        shas = {f.sha256 for f in evidence.files(txn, SUB.id)}
    assert sha256_hex(b"new") in shas
    assert old.sha256 not in shas


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(200, b"<html>", "text/html"), Portal, "wants you to sign in first"),
        (Reply(200, b"<html>"), ProtocolBroken, "could not be read"),
        (as_json([]), ProtocolBroken, "a page of changes"),
        (as_json({"changes": {}}), ProtocolBroken, "a page of changes"),
        (as_json({"changes": [], "next_cursor": 3}), ProtocolBroken, "a page of changes"),
        (problem(503), Unavailable, "not available right now"),
        (problem(403, "account-disabled"), PlatformError, "access to the platform has changed"),
        (problem(410, "cursor-expired"), ProtocolBroken, "status 410"),
        (problem(404), ProtocolBroken, "status 404"),
    ],
)
def test_an_answer_that_is_no_page_changes_nothing(
    store: Store, reply: Reply, error: type[PlatformError], words: str
) -> None:
    before = dump(store)
    with pytest.raises(error, match=words) as caught:
        run(store, lambda _: reply)
    assert "safe on this computer" in caught.value.message
    assert dump(store) == before


@pytest.mark.parametrize("circle", [["1"], ["1", "2", "3"]])
def test_cursors_that_lead_nowhere_are_no_endless_loop(store: Store, circle: list[str]) -> None:
    feed, turn = Feed([[]] * 9, frame={"has_more": True}), itertools.cycle(circle)

    def around(asked: Asked) -> Reply:
        feed.frame["next_cursor"] = next(turn)
        return feed(asked)

    with pytest.raises(ProtocolBroken, match="in a circle"):
        run(store, around)
    assert feed.asked == [None, *circle]


def test_cursors_that_expire_at_once_are_no_endless_loop(store: Store) -> None:
    feed = Feed([ALL[:3], ALL[3:]], expired={"1"})
    with pytest.raises(ProtocolBroken, match="expires at once"):
        run(store, feed)
    assert feed.asked == [None, "1"] * (MOST_BEGINNINGS + 1)


def test_nothing_new_may_be_said_in_a_word(store: Store) -> None:
    run(store, Feed([ALL]))
    before = dump(store)
    assert run(store, lambda _: Reply(304, b"", "")) == PullCount()
    assert dump(store) == before


@pytest.mark.parametrize("reply", [as_json({"entries": 3}), problem(404)])
def test_a_manifest_that_cannot_be_read_removes_nothing(store: Store, reply: Reply) -> None:
    run(store, Feed([ALL]))
    before = dump(store)
    with pytest.raises(ProtocolBroken):
        run(store, lambda a: reply if "manifest" in a.path else problem(410, "cursor-expired"))
    assert dump(store) == before


def test_times_are_kept_to_the_moment(store: Store) -> None:
    at = (NOON + timedelta(hours=2)).isoformat()
    run(store, Feed([[upsert("submission", SUB.id, submission_data(received_at=at))]]))
    with store.read() as txn:
        held = submissions.get_submission(txn, SUB.id)
    assert held is not None
    assert held.received_at == NOON + timedelta(hours=2)
    assert json.dumps(DATABASE_KEY.hex()) not in str(dump(store))
