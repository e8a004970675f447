"""What submissions share: found, told to those who may know, and to nobody who assesses."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import utc_text
from reference_platform import loading
from reference_platform.feed import Feed
from reference_platform.models import Assignment, ComparedText, Fingerprint, SharedPart, Submission, TeamCase
from reference_platform.platform import Platform
from reference_platform.seeding import DemoContent, SeedLearner
from reference_platform.similarity import comparing
from reference_platform.similarity import matches as kept_matches
from tests.contract.bodies import code_of, decide, decision, recommend, sent
from tests.contract.running import Client, Running, fill, lay, no_renditions, platform_in, running
from tests.contract.similar_content import (
    AGAIN,
    APART,
    CARDS,
    HERE,
    MARK_HERE,
    MARK_THERE,
    NOTE_THERE,
    REFERENCE,
    REFLECTION,
    TEAM,
    THERE,
    content,
    filler,
    plan_alone,
)


@pytest.fixture(scope="module")
def compared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("similar")
    lay(folder, content)
    platform = platform_in(folder)
    assert comparing.catch_up(platform) == 5, "all but the reference"
    assert comparing.catch_up(platform) == 0
    platform.database.close()
    return folder


@pytest.fixture
def platform(server: tuple[str, FastAPI], compared_folder: Path, tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "platform"
    shutil.copytree(compared_folder, folder)
    with running(server, folder) as served:
        yield served


@pytest.fixture
def lena(platform: Running) -> Client:
    """The lead."""
    return platform.client("lena")


def matches(client: Client, submission_id: str) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/similarity/{submission_id}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["matches"]
    return found


def synced(client: Client, cursor: str = "") -> dict[str, dict[str, Any] | None]:
    """What changes tell of matches, by submission id; None for what is taken away."""
    changes, _ = client.changes(cursor)
    return {c["id"]: c["data"] if c["op"] == "upsert" else None for c in changes if c["type"] == "similarity"}


def same_words(excerpt: dict[str, Any]) -> str:
    return " ".join(run["text"] for run in excerpt["runs"] if run["same"])


def give(platform: Running, submission_id: str, actor_id: str) -> None:
    """Let somebody become an assessor of a submission."""
    with platform.platform.database.write() as session:
        given = Assignment(submission_id=submission_id, actor_id=actor_id, role=Role.ASSESSOR, active=True)
        given.claimed, given.sampled, given.lease_until = False, False, None
        session.add(given)
        session.flush()
        Feed(session, platform.clock.now()).assigned(given, session.get_one(Submission, submission_id))


def far_codes(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(match["other_code"][-4:], match["part"], match["weight"]) for match in found}


def short(submission_id: str) -> str:
    return submission_id[-4:]


# ---- what is found ----


def test_matches_are_found_part_by_part_and_weighed_by_what_was_declared(lena: Client) -> None:
    assert far_codes(matches(lena, HERE)) == {
        (short(THERE), "reflection", "look"),
        (short(TEAM), "artifact", "information"),
    }
    assert far_codes(matches(lena, THERE)) == {
        (short(HERE), "reflection", "look"),
        (short(AGAIN), "reflection", "look"),
    }


def test_a_learners_own_attempts_references_and_quoted_prompts_are_no_match(lena: Client) -> None:
    far = {
        submission_id: {code for code, _, _ in far_codes(matches(lena, submission_id))}
        for submission_id in (HERE, THERE, TEAM, AGAIN)
    }
    assert not any(short(REFERENCE) in codes for codes in far.values())
    assert far[HERE] == far[AGAIN] == {short(THERE), short(TEAM)}
    assert matches(lena, REFERENCE) == []
    assert matches(lena, APART) == [], "the prompt is the issuer's, and a plan is compared with plans"


def test_both_sides_see_the_same_passage_from_their_own_side(lena: Client) -> None:
    (near,) = [m for m in matches(lena, HERE) if m["part"] == "reflection"]
    (far,) = [m for m in matches(lena, THERE) if m["other_code"].endswith(short(HERE))]
    assert near["id"] == far["id"]
    (passage,), (turned,) = near["passages"], far["passages"]
    assert same_words(passage["here"]) == same_words(passage["there"]) == REFLECTION
    assert (passage["here"], passage["there"]) == (turned["there"], turned["here"])
    assert MARK_HERE in json.dumps(passage["here"])
    assert MARK_THERE in json.dumps(passage["there"])
    assert near["words"] == len(REFLECTION.split())
    assert (near["here"]["declared"], near["there"]["declared"]) == (True, False)
    assert near["there"]["note"] == far["here"]["note"] == NOTE_THERE


def test_words_of_a_file_are_compared_and_name_it(lena: Client) -> None:
    (cards,) = matches(lena, TEAM)[:1]
    assert {passage["here"]["source"] for passage in cards["passages"]} == {"Artifact 1.txt"}
    assert " ".join(same_words(passage["here"]) for passage in cards["passages"]) == CARDS


def test_a_submission_that_becomes_a_reference_is_taken_out(platform: Running, lena: Client) -> None:
    _, cursor = lena.changes()
    with platform.platform.database.write() as session:
        comparing.set_reference(session, THERE, platform.clock.now())
    assert far_codes(matches(lena, HERE)) == {(short(TEAM), "artifact", "information")}
    assert matches(lena, THERE) == []
    told = synced(lena, cursor)
    assert told[THERE] is None
    assert REFLECTION not in json.dumps(told[HERE])
    with platform.platform.database.read() as session:
        kept = select(ComparedText.id).where(ComparedText.submission_id == THERE)
        assert session.scalars(kept).all() == []
        assert session.scalar(select(Fingerprint.value).where(Fingerprint.text_id.in_(kept))) is None


def test_what_a_learner_withdrew_is_shown_to_nobody(platform: Running, lena: Client) -> None:
    with platform.platform.database.write() as session:
        session.get_one(Submission, THERE).status = SubmissionStatus.WITHDRAWN
    assert short(THERE) not in {code for code, _, _ in far_codes(matches(lena, HERE))}
    assert matches(lena, THERE) == []


# ---- who may know ----


def test_no_assessor_gets_a_word_of_another_learner(platform: Running) -> None:
    for name in ("anna", "bert", "both", "busy", "idle"):
        client = platform.client(name)
        told = json.dumps(client.changes()[0]) + client.get("/v1/sync/manifest").text
        assert "similarity" not in told
        for submission_id in (HERE, THERE, TEAM):
            answer = client.get(f"/v1/similarity/{submission_id}")
            assert answer.status_code in (403, 404)
    anna = json.dumps(platform.client("anna").changes()[0])
    assert MARK_HERE in anna
    assert MARK_THERE not in anna
    bert = json.dumps(platform.client("bert").changes()[0])
    assert MARK_THERE in bert
    assert MARK_HERE not in bert


def test_an_approver_gets_them_with_what_the_assessor_sent_and_not_before(
    platform: Running, anna: Client, otto: Client
) -> None:
    changes, cursor = otto.changes()
    assert "similarity" not in {change["type"] for change in changes}
    assert otto.get(f"/v1/similarity/{HERE}").status_code == 404
    assert recommend(anna, HERE).status_code == 201
    told = synced(otto, cursor)
    assert set(told) == {HERE}
    assert MARK_THERE in json.dumps(told[HERE])
    assert synced(anna) == {}


@pytest.mark.parametrize("has_read", [True, False])
def test_an_approver_asks_the_platform_only_after_an_own_reading(
    platform: Running, anna: Client, otto: Client, has_read: bool
) -> None:
    recommendation_id = sent(anna, HERE)
    assert code_of(otto.get(f"/v1/similarity/{HERE}")) == (403, "reading-first")
    read = {"revealed_at": utc_text(platform.clock.now())} if has_read else {}
    assert decide(otto, decision(recommendation_id, "return", **read), HERE).status_code == 201
    if not has_read:
        assert code_of(otto.get(f"/v1/similarity/{HERE}")) == (403, "reading-first")
        return
    assert len(matches(otto, HERE)) == 2


def test_an_approver_who_assesses_the_other_learner_gets_nothing_of_that_match(
    platform: Running, anna: Client
) -> None:
    assert recommend(anna, HERE).status_code == 201
    told = synced(platform.client("both"))
    data = told[HERE]
    assert data is not None
    assert [match["other_code"] for match in data["matches"]] == [f"S-{short(TEAM)}"]
    assert MARK_THERE not in json.dumps(data)


def test_whoever_begins_to_assess_the_other_learner_forgets_the_match(
    platform: Running, anna: Client, otto: Client
) -> None:
    assert recommend(anna, HERE).status_code == 201
    _, cursor = otto.changes()
    give(platform, THERE, "a-otto")
    told = synced(otto, cursor)[HERE]
    assert told is not None
    assert MARK_THERE not in json.dumps(told)
    assert [match["part"] for match in told["matches"]] == ["artifact"]


def test_an_approver_who_assesses_another_attempt_of_the_learner_gets_nothing(
    platform: Running, anna: Client, otto: Client
) -> None:
    give(platform, AGAIN, "a-otto")
    assert recommend(anna, HERE).status_code == 201
    assert synced(otto)[HERE] is None


def test_a_lead_who_assesses_gets_no_match_of_that_learner(platform: Running) -> None:
    give(platform, THERE, "a-lena")
    changes, _ = platform.client("lena").changes()
    told = [change for change in changes if change["type"] in ("case", "similarity")]
    codes = {change["data"]["code"][-4:] for change in told if change["op"] == "upsert"}
    assert codes == {short(HERE), short(TEAM), short(AGAIN)}
    assert MARK_THERE not in json.dumps([change for change in told if change["type"] == "similarity"])
    cases = [change["data"] for change in told if change["type"] == "case" and change["op"] == "upsert"]
    assert {case["detail"]["part"] for case in cases} == {"artifact"}


def test_nobody_is_named_but_by_code(lena: Client) -> None:
    told = json.dumps(synced(lena)) + json.dumps(matches(lena, HERE))
    for word in ("l-a", "l-b", "a-anna", "a-otto", HERE.replace("-", "")):
        assert f'"{word}' not in told
    assert THERE not in json.dumps(matches(lena, HERE))


# ---- the lead ----


def test_the_lead_has_one_case_for_each_pair_and_part(platform: Running, lena: Client) -> None:
    changes, _ = lena.changes()
    cases = [c["data"] for c in changes if c["type"] == "case" and c["op"] == "upsert"]
    assert {case["kind"] for case in cases} == {"match"}
    with platform.platform.database.read() as session:
        assert {case["id"] for case in cases} == set(session.scalars(select(SharedPart.id)))
        assert len(cases) == session.query(TeamCase).count() == 4
    pairs = {}
    for case in cases:
        pair = frozenset((case["code"][-4:], case["detail"]["other_code"][-4:]))
        pairs[pair, case["detail"]["part"]] = case["state"]
    assert pairs == {
        (frozenset((short(HERE), short(THERE))), "reflection"): "open",
        (frozenset((short(AGAIN), short(THERE))), "reflection"): "open",
        (frozenset((short(HERE), short(TEAM))), "artifact"): "closed",
        (frozenset((short(AGAIN), short(TEAM))), "artifact"): "closed",
    }
    comparing.catch_up(platform.platform)
    assert len([c for c in lena.changes()[0] if c["type"] == "case"]) == 4


def test_a_lead_gets_all_matches_when_the_account_is_new(platform: Running, lena: Client) -> None:
    assert set(synced(lena)) == {HERE, THERE, TEAM, AGAIN}
    with platform.platform.database.write() as session:
        Feed(session, platform.clock.now()).welcome("a-lena")
    assert set(synced(lena)) == {HERE, THERE, TEAM, AGAIN}


def test_what_came_in_since_is_compared_when_somebody_asks(
    server: tuple[str, FastAPI], tmp_path: Path
) -> None:
    lay(tmp_path / "platform", content)
    with running(server, tmp_path / "platform") as served:
        assert len(matches(served.client("lena"), HERE)) == 2


# ---- templates and sizes ----


def with_boilerplate(count: int, first: int = 0) -> DemoContent:
    """Submissions of as many learners, whose plans begin with the same words that are nobody's prompt."""
    numbers = range(first, first + count)
    plans = [
        plan_alone(str(uuid.UUID(int=0xC000 + n)), f"l-more-{n}", f"{CARDS} {filler(500 + n)}")
        for n in numbers
    ]
    learners = tuple(SeedLearner(f"l-more-{n}") for n in numbers)
    return replace(content(), learners=learners, submissions=tuple(plans))


def shared_pairs(platform: Platform) -> int:
    with platform.database.read() as session:
        return session.query(SharedPart).count()


def test_what_stands_in_more_than_twelve_submissions_is_a_template(tmp_path: Path) -> None:
    lay(tmp_path, with_boilerplate, 12)
    platform = platform_in(tmp_path)
    comparing.catch_up(platform)
    assert shared_pairs(platform) == 12 * 11 / 2
    more = with_boilerplate(1, first=12)
    loading.load(more, platform.database, platform.blobs, clock=platform.clock, make_renditions=no_renditions)
    comparing.catch_up(platform)
    assert shared_pairs(platform) == 0
    with platform.database.read() as session:
        assert session.query(TeamCase).count() == 0
    platform.database.close()


def test_a_template_is_known_however_many_arrive_at_once(tmp_path: Path) -> None:
    lay(tmp_path, with_boilerplate, 13)
    platform = platform_in(tmp_path)
    assert comparing.catch_up(platform) == 13
    assert shared_pairs(platform) == 0
    platform.database.close()


def test_a_page_of_changes_holds_the_matches_of_one_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_matches, "MOST_BYTES", 30_000)
    text = " ".join(filler(number, 200) for number in range(12))
    ids = [str(uuid.UUID(int=0xD000 + number)) for number in range(4)]
    plans = [plan_alone(one, f"l-more-{n}", f"{text} {filler(900 + n)}") for n, one in enumerate(ids)]
    learners = tuple(SeedLearner(f"l-more-{number}") for number in range(4))
    fill(tmp_path, replace(content(), learners=learners, submissions=tuple(plans)))
    platform = platform_in(tmp_path)
    comparing.catch_up(platform)
    with platform.database.read() as session:
        told = kept_matches.similarity_data(session, "a-lena", ids[:1])[ids[0]]
    assert len(json.dumps(told, ensure_ascii=False).encode()) < 31_000
    first, *_, last = told["matches"]
    assert len(told["matches"]) == 3
    assert first["passages"]
    assert (last["passages"], last["left_out"] > 0) == ([], True)
    platform.database.close()
