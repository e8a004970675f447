"""Evidence and levels of earlier attempts: they come with the present one, to its holders, until an award."""

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

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import PriorWire, SubmissionWire
from reference_platform.models import Assignment, Decision, Recommendation, Submission
from reference_platform.seeding import DemoContent, SeedAssignment
from tests.contract.bodies import code_of, decide, decision, sent
from tests.contract.running import Client, Running, lay, running
from tests.contract.small_content import CANARIES, CRITERIA, NOW, PDF, content, seed, wire

PRESENT, BEFORE, OF_ANOTHER = (str(uuid.UUID(int=0xA000 + n)) for n in range(1, 4))
CODE = "S-BFR1"
FILE = f"/v1/artifacts/{BEFORE[-4:]}-artifact-1"


def with_a_resubmission() -> DemoContent:
    """One learner's two attempts, and another learner's attempt that has the same code."""
    prior = PriorWire(code=CODE, attempt=1, outcome="denied", decided_at=NOW, feedback={"design-1": "More."})
    unknown = prior.model_copy(update={"code": "S-GONE"})
    made = content()
    denied = SubmissionStatus.DENIED
    anna, otto = SeedAssignment("a-anna", Role.ASSESSOR), SeedAssignment("a-otto", Role.APPROVER)
    attempts = (
        seed(wire(OF_ANOTHER, status=denied, code=CODE), "l-2", SeedAssignment("a-idle", Role.ASSESSOR)),
        seed(wire(BEFORE, status=denied, code=CODE), "l-1", SeedAssignment("a-bert", Role.ASSESSOR)),
        seed(wire(PRESENT, attempt=3, prior=[unknown, prior]), "l-1", anna, otto),
    )
    return replace(made, submissions=(*made.submissions, *attempts))


@pytest.fixture(scope="module")
def folder_with_attempts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attempts")
    lay(folder, with_a_resubmission)
    return folder


@pytest.fixture
def platform(server: tuple[str, FastAPI], folder_with_attempts: Path, tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "platform"
    shutil.copytree(folder_with_attempts, folder)
    with running(server, folder) as served:
        yield served


def told(client: Client) -> dict[str, Any]:
    """The present attempt as the change feed tells it."""
    (found,) = [c["data"] for c in client.changes()[0] if c["id"] == PRESENT and c["type"] == "submission"]
    return dict(found)


def test_what_was_handed_in_before_comes_along(anna: Client) -> None:
    read = SubmissionWire.model_validate(anna.get(f"/v1/submissions/{PRESENT}").json())
    assert SubmissionWire.model_validate(told(anna)) == read
    unknown, prior = read.prior
    assert unknown.parts == []
    (part,) = prior.parts
    assert (part.artifacts[0].id, part.artifacts[0].size_bytes) == (f"{BEFORE[-4:]}-artifact-1", len(PDF))
    assert part.responses[0].id == f"{BEFORE[-4:]}-response-1"
    assert prior.feedback == {"design-1": "More."}


def test_its_files_can_be_fetched_by_who_holds_the_present_attempt(
    platform: Running, anna: Client, otto: Client
) -> None:
    for client in (anna, otto, platform.client("bert")):
        assert client.get(f"{FILE}/content").content == PDF
        assert client.get(FILE).json()["id"] == f"{BEFORE[-4:]}-artifact-1"
    for login in ("both", "idle"):
        assert code_of(platform.client(login).get(f"{FILE}/content")) == (404, "not-found")


def test_another_learners_attempt_never_comes_along(platform: Running, anna: Client) -> None:
    path = f"/v1/artifacts/{OF_ANOTHER[-4:]}-artifact-1/content"
    assert platform.client("idle").get(path).status_code == 200
    assert code_of(anna.get(path)) == (404, "not-found")
    assert f"{OF_ANOTHER[-4:]}-artifact-1" not in json.dumps(told(anna))


def test_an_attempt_that_was_taken_back_does_not_come_along(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.get_one(Submission, BEFORE).status = SubmissionStatus.WITHDRAWN
    assert [prior.get("parts", []) for prior in told(anna)["prior"]] == [[], []]
    assert code_of(anna.get(f"{FILE}/content")) == (404, "not-found")


def test_who_gives_the_present_attempt_back_loses_the_earlier_files(platform: Running, anna: Client) -> None:
    with platform.platform.database.write() as session:
        session.get_one(Assignment, (PRESENT, "a-anna", Role.ASSESSOR)).active = False
    assert code_of(anna.get(f"{FILE}/content")) == (404, "not-found")


def test_after_an_award_it_is_gone_for_those_who_judged_the_present_one(
    platform: Running, anna: Client, otto: Client
) -> None:
    assert decide(otto, decision(sent(anna, PRESENT)), PRESENT).status_code == 201
    for client in (anna, otto):
        assert told(client)["prior"] == []
        assert code_of(client.get(f"{FILE}/content")) == (404, "not-found")
    assert platform.client("bert").get(f"{FILE}/content").status_code == 200


def judged_before(platform: Running) -> None:
    """The earlier attempt was judged in two rounds, and the approver changed one rating in the end."""
    with platform.platform.database.write() as session:
        session.get_one(Submission, BEFORE).round = 2
        for number, level in ((1, "not_met"), (2, "progressing")):
            scores = [{"criterion_id": name, "level": level} for name in CRITERIA]
            scores[1] = (
                {"criterion_id": CRITERIA[1], "not_scorable": "unreadable"} if number == 2 else scores[1]
            )
            made = {"id": f"rec-{number}", "submission_id": BEFORE, "round": number, "actor_id": "a-bert"}
            session.add(Recommendation(**made, sent_at=NOW, body={"scores": scores, "overall": "PRIVATE"}))
        for number, level in ((1, "not_met"), (2, "demonstrated")):
            criterion = CRITERIA[2 - number]
            overrides = [{"criterion_id": criterion, "level": level, "why": "Seen on page 2."}]
            made = {"id": f"dec-{number}", "submission_id": BEFORE, "round": number, "actor_id": "a-otto"}
            session.add(Decision(**made, decided_at=NOW, body={"outcome": "deny", "overrides": overrides}))


def test_the_levels_of_the_last_round_come_along_as_the_approver_left_them(
    platform: Running, anna: Client
) -> None:
    """The workstation covers them until the criterion is rated now."""
    assert told(anna)["prior"][1]["levels"] == {}
    judged_before(platform)
    unknown, prior = told(anna)["prior"]
    assert prior["levels"] == {CRITERIA[0]: "demonstrated"}
    assert unknown["levels"] == {}
    assert (
        SubmissionWire.model_validate(anna.get(f"/v1/submissions/{PRESENT}").json()).prior[1].levels
        == (prior["levels"])
    )


def test_no_word_about_the_judgement_and_no_person_comes_along(platform: Running, anna: Client) -> None:
    judged_before(platform)
    text = json.dumps(told(anna)["prior"])
    for word in (*CANARIES, "score", "not_scorable", "PRIVATE", "Seen on", "l-1", "a-bert", "a-otto", BEFORE):
        assert f'"{word}' not in text


def test_after_an_award_no_level_is_left(platform: Running, anna: Client, otto: Client) -> None:
    judged_before(platform)
    assert decide(otto, decision(sent(anna, PRESENT)), PRESENT).status_code == 201
    assert "levels" not in json.dumps(told(anna))
