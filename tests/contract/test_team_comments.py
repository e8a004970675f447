"""The team's comments, from the real platform over HTTP into real stores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from assessor_app.cache import comment_bank
from assessor_app.cache.engine import Store
from assessor_app.domain.comment_bank import BankEntry, Scope, leftover_placeholders
from assessor_app.privacy.text_scan import find_identity
from assessor_app.sync.protocol import ChangeType
from assessor_app.sync.pull import pull
from assessor_app.sync.transport import Transport
from reference_platform.demo import frame
from reference_platform.demo.team_comments import team_comments
from reference_platform.feed import Feed
from reference_platform.models import Document
from tests.builders import FakeClock
from tests.contract.running import Running, fill, lasting_token, running
from tests.contract.small_content import content
from tests.stores import open_store


def pulled(platform: Running, store: Store, login: str) -> dict[str, BankEntry]:
    """What somebody holds after a sync."""
    transport = Transport(platform.origin, access_token=lambda: lasting_token(login))
    pull(store, transport, clock=FakeClock())
    with store.read() as txn:
        return {entry.id: entry for entry in comment_bank.entries(txn)}


@pytest.mark.parametrize("login", ["anna", "otto"])
def test_everybody_who_judges_gets_them_and_their_changes(
    server: tuple[str, FastAPI], tmp_path: Path, login: str
) -> None:
    folder = tmp_path / "platform"
    fill(folder, replace(content(), team_comments=team_comments()))
    store = open_store(tmp_path / "store")
    with running(server, folder) as platform:
        first = pulled(platform, store, login)
        assert set(first) == {comment.id for comment in team_comments()}
        assert {entry.scope for entry in first.values()} == {Scope.TEAM}
        with platform.platform.database.write() as session:
            document = session.get(Document, ("team_comment", "team-claim"))
            assert document is not None
            document.body = {**document.body, "text": "Please show it."}
            Feed(session, platform.clock.now()).document(ChangeType.TEAM_COMMENT, "team-claim")
        after = pulled(platform, store, login)
        assert after["team-claim"].text == "Please show it."
        assert {k: v for k, v in after.items() if k != "team-claim"} == {
            k: v for k, v in first.items() if k != "team-claim"
        }
    store.close()


def test_the_demos_comments_fit_its_rubrics_and_name_nobody() -> None:
    rubrics = {f"mc-{rubric_id}": rubric for rubric_id, rubric in frame.rubrics().items()}
    kinds = set()
    for comment in team_comments():
        assert not find_identity(comment.text)
        assert all(placeholder.word for placeholder in leftover_placeholders(comment.text))
        kinds.add((bool(comment.microcredential_id), bool(comment.criterion_id), bool(comment.level)))
        if comment.microcredential_id is not None:
            rubric = rubrics[comment.microcredential_id]
            ids = {criterion.id for criterion in rubric.criteria}
            assert comment.criterion_id is None or comment.criterion_id in ids
            codes = {level.code for scale in rubric.scales for level in scale.levels}
            assert comment.level is None or comment.level in codes
    assert len(kinds) >= 4
