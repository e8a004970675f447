"""A walk of chance through the whole client keeps every promise, and bugs planted on purpose are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assessor_app.cache import outbox
from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import OutboxRecord
from assessor_app.domain.assessments import OutboxItem, Receipt
from assessor_app.domain.drafts import Draft, Together
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState
from assessor_app.sync import draft_backup, push
from assessor_app.sync.transport import Answer, Transport
from attacks import model
from tests.builders import uuid_text

SEEDS = range(1, 11)
"""Ten worlds, 10,000 steps together: about five seconds of one processor each."""
FEW = 1_000
"""So many steps are enough to find a planted bug: most walks end after two hundred, where it is found."""
A_WORLD = 200
"""For what only shows in the end, where all sides are held beside each other."""


@pytest.mark.parametrize("seed", SEEDS)
def test_no_walk_loses_doubles_or_falsely_sends_anything(tmp_path: Path, seed: int) -> None:
    assert model.run(model.STEPS, seed, tmp_path).broken == ()


def test_a_new_key_at_each_try_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move, numbers = outbox.move, iter(range(10**6))

    def with_a_new_key(txn: Transaction, outbox_id: OutboxId, new: OutboxState, **named: Any) -> None:
        move(txn, outbox_id, new, **named)
        if new is OutboxState.QUEUED and not named.get("never_left"):
            txn.connection.exec_driver_sql("DROP TRIGGER IF EXISTS outbox_is_frozen")
            renamed = sa.update(OutboxRecord).where(OutboxRecord.id == outbox_id)
            txn.connection.execute(renamed.values(id=uuid_text(next(numbers))))

    monkeypatch.setattr(outbox, "move", with_a_new_key)
    assert model.run(FEW, 1, tmp_path).broken


def test_another_computers_copy_in_place_of_the_draft_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def theirs_wins(_base: Draft | None, _mine: Draft | None, theirs: Draft) -> Together:
        return Together(theirs)

    monkeypatch.setattr(draft_backup, "put_together", theirs_wins)
    assert any("went" in line or "lost" in line for line in model.run(FEW, 1, tmp_path).broken)


def test_success_without_a_receipt_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def any_success(answer: Answer, item: OutboxItem) -> Receipt | None:
        at = item.created_at
        return Receipt(str(item.id), item.sha256, item.submission_id, at, "") if answer.status < 300 else None

    monkeypatch.setattr(push, "matching_receipt", any_success)
    assert any("falsely sent" in line for line in model.run(FEW, 1, tmp_path).broken)


def test_a_copy_that_replaces_what_it_has_not_seen_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Transport.call

    def over_everything(self: Transport, method: str, path: str, **named: Any) -> Answer:
        if (method, path.rpartition("/")[2]) == ("PUT", "draft"):
            has_one = call(self, "GET", path).status == 200
            kept = {n: v for n, v in named["headers"].items() if not n.startswith("If-")}
            named["headers"] = kept | ({"If-Match": "*"} if has_one else {"If-None-Match": "*"})
        return call(self, method, path, **named)

    monkeypatch.setattr(Transport, "call", over_everything)
    monkeypatch.setattr(draft_backup._Step, "_news", lambda *_: None)
    assert model.run(A_WORLD, 1, tmp_path).broken
