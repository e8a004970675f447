"""What was uncovered or opened elsewhere reaches the platform's audit trail, once, and from nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from assessor_app.cache import identity_findings
from assessor_app.domain.ids import SubmissionId
from assessor_app.services.context import Context
from reference_platform.models import AuditEntry
from tests.builders import FakeClock
from tests.contract.bodies import code_of
from tests.contract.running import Running, Server, lay, new_id, running
from tests.contract.small_content import ARTIFACT, FIRST, NOW, QUEUED, content
from tests.integration.at_work import FIRST_ID, answers_lost, at_work, sync, synced
from tests.stores import open_store

WORDS = ("uncovered", "covered again", "opened outside")


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    lay(tmp_path / "platform", content)
    with running(server, tmp_path / "platform") as served:
        yield served


@pytest.fixture
def anna(tmp_path: Path, platform: Running) -> Iterator[Context]:
    with at_work(tmp_path, platform, clock=FakeClock(NOW)) as context:
        yield context


def note(context: Context, what: str, submission_id: SubmissionId = FIRST_ID) -> None:
    now, name = context.clock.now(), context.clock.new_id()
    with context.store.write() as txn:
        identity_findings.note_effect(txn, name, submission_id, now, what, ARTIFACT)


def trail(platform: Running) -> list[str]:
    with platform.platform.database.read() as session:
        hers = (AuditEntry.actor_id == "a-anna", AuditEntry.what.in_(WORDS))
        return list(session.scalars(select(AuditEntry.what).where(*hers).order_by(AuditEntry.id)))


def untold(context: Context) -> int:
    with context.store.read() as txn:
        return len(identity_findings.untold_effects(txn, 10))


def test_effects_arrive_once_and_stay_known_here(platform: Running, anna: Context) -> None:
    note(anna, "uncovered")
    note(anna, "opened outside")
    with answers_lost(lambda _, path: path == "/v1/audit"):
        sync(anna)
    assert untold(anna) == 2
    note(anna, "covered again")
    synced(anna)
    synced(anna)
    assert trail(platform) == ["uncovered", "opened outside", "covered again"]
    assert untold(anna) == 0
    with anna.store.read() as txn:
        assert len(identity_findings.effects_of(txn, FIRST_ID)) == 3


def test_what_the_platform_never_wants_is_not_told_for_ever(platform: Running, anna: Context) -> None:
    note(anna, "uncovered", SubmissionId(QUEUED))
    synced(anna)
    assert (untold(anna), trail(platform)) == (0, [])


def test_nobody_tells_of_evidence_that_is_not_hers(platform: Running) -> None:
    effect = {"id": new_id(), "at": "2026-03-02T15:00:00Z", "what": "uncovered", "source_id": ARTIFACT}
    body = {"submission_id": FIRST, "effects": [effect]}
    assert code_of(platform.client("bert").write("POST", "/v1/audit", body))[0] in (403, 404)
    strange = {**body, "effects": [{**effect, "source_id": "another"}]}
    assert code_of(platform.client("anna").write("POST", "/v1/audit", strange)) == (422, "validation")
    told = {**body, "effects": [{**effect, "what": "read for an hour"}]}
    assert code_of(platform.client("anna").write("POST", "/v1/audit", told)) == (422, "validation")


def test_they_outlive_the_program(tmp_path: Path, anna: Context) -> None:
    note(anna, "uncovered")
    anna.store.close()
    with closing(open_store(tmp_path / "anna")) as store, store.read() as txn:
        assert [effect.what for effect in identity_findings.untold_effects(txn, 10)] == ["uncovered"]
