"""The issuer's dry run on a real platform: past ratings, open work, and nobody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assessor_app.rubric.native import rubric_to_json
from assessor_app.rubric.schema import Count, RubricStatus, RubricVersion
from reference_platform.__main__ import main
from reference_platform.models import Account, Learner, Recommendation
from tests.contract.bodies import decide, decision, denial, sent
from tests.contract.running import Client, Running
from tests.contract.small_content import CANARIES, CRITERIA, rubric


def draft(**changes: Any) -> RubricVersion:
    return replace(rubric(), version=4, supersedes=3, status=RubricStatus.DRAFT, hash="", **changes)


@pytest.fixture
def tried(platform: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command on the running platform's own database."""

    def run(version: RubricVersion, *more: str) -> tuple[int, str, str]:
        file = tmp_path / "draft.json"
        file.write_text(json.dumps(rubric_to_json(version)), "utf-8")
        status = main(["dry-run", str(file), "--data", str(tmp_path / "platform"), *more])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_a_milder_rule_would_have_awarded_what_was_denied(anna: Client, otto: Client, tried: Any) -> None:
    recommendation_id = sent(anna, body=denial(anna))
    status, out, _ = tried(draft(award_rule=Count(1)), "--json")
    before = json.loads(out)
    assert status == 0
    waiting = next(work for work in before["open"] if work["code"] == "S-0001")
    assert (waiting["criteria"], waiting["changes"]) == ([], ["What must be reached for an award changed."])
    assert decide(otto, decision(recommendation_id, "deny")).status_code == 201
    after = json.loads(tried(draft(award_rule=Count(1)), "--json")[1])
    assert after["assessments"] == before["assessments"] + 1
    assert [(one["code"], one["before"], one["after"]) for one in after["changed"]] == [
        ("S-0001", "no", "yes")
    ]
    assert len(after["open"]) == len(before["open"]) - 1
    status, out, err = tried(draft(award_rule=Count(1)))
    assert (status, err) == (0, "")
    assert "S-0001 (rated under version 3): deny -> award\n" in out


def test_an_approver_s_changes_count(anna: Client, otto: Client, tried: Any) -> None:
    override = {"criterion_id": CRITERIA[1], "level": "demonstrated", "why": "Page 4 shows it."}
    assert decide(otto, decision(sent(anna, body=denial(anna)), overrides=[override])).status_code == 201
    report = json.loads(tried(draft(title="Thinking aloud"), "--json")[1])
    assert (report["changed"], report["open"]) == ([], [])
    assert {"before": "yes", "after": "yes", "assessments": 1} in report["counts"]


def test_nobody_is_in_it(anna: Client, otto: Client, platform: Running, tried: Any) -> None:
    decide(otto, decision(sent(anna, body=denial(anna)), "deny"))
    out = tried(draft(award_rule=Count(1)), "--json")[1] + tried(draft(award_rule=Count(1)))[1]
    with platform.platform.database.read() as session:
        people = [*session.scalars(select(Account.actor_id)), *session.scalars(select(Account.login))]
        people += [*session.scalars(select(Learner.id))]
        texts = [row.body["feedback"]["overall"] for row in session.scalars(select(Recommendation))]
    for word in (*CANARIES, *people, *filter(None, texts)):
        assert word not in out


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"id": "think-alouds", "version": 1e999}'])
def test_a_draft_that_cannot_be_used_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "draft.json").write_bytes(content)
    assert main(["dry-run", str(tmp_path / "draft.json"), "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(str(tmp_path / "draft.json"))
    assert not (tmp_path / "platform.db").exists()


def test_a_folder_without_a_platform_stays_empty(tmp_path: Path, tried: Any) -> None:
    status, out, err = tried(draft(), "--data", str(tmp_path / "other"))
    assert (status, out) == (1, "")
    assert "holds no data of a platform" in err
    assert not (tmp_path / "other").exists()
