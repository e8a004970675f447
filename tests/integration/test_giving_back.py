"""Work that is given back for good: kept until the platform has confirmed, then gone from this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessor_app.cache import outbox, search, search_index, submissions
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.errors import NotAllowed
from assessor_app.services import assessing, giving_back, inbox_reading
from assessor_app.services.context import Context
from assessor_app.ui.inbox_words import state_said
from tests.builders import FakeClock
from tests.contract.bodies import cases_of
from tests.contract.running import Running
from tests.contract.small_content import NOW
from tests.integration.at_work import (
    FIRST_ID,
    answers_lost,
    assess,
    assess_and_send,
    at_work,
    opened,
    sync,
    synced,
)
from tests.stores import dump

WORDS = "Lucid-meadow words on a learner whom she knows."
KNOWS = RecusalReason.KNOWS_LEARNER


def row(context: Context) -> InboxRow | None:
    return next(iter(inbox_reading.rows(context, [FIRST_ID])), None)


def words(context: Context) -> str:
    found = row(context)
    return "" if found is None else state_said(found, {}).text


def is_gone(context: Context) -> bool:
    """Nothing of it is left but what was sent and that it arrived."""
    with context.store.read() as txn:
        assert submissions.get_submission(txn, FIRST_ID) is None
        (told,) = outbox.every_of_kinds(txn, FIRST_ID, tuple(OutboxKind))
    assert told.state is OutboxState.ACKED
    left = {name for name, rows in dump(context.store).items() if FIRST_ID in repr(rows)}
    assert left <= {"erasure", "outbox", "search_todo"}, left
    assert WORDS not in repr(dump(context.store))
    return row(context) is None


def test_until_it_is_sent_it_can_be_kept(anna: Context, platform: Running) -> None:
    assess(anna, words=WORDS)
    giving_back.give_back(anna, FIRST_ID, KNOWS, "  We worked together. ")
    assert words(anna) == "Given back, waiting to be sent"
    found = row(anna)
    assert found is not None
    assert found.local_state is LocalState.WAITING_TO_SEND
    now = opened(anna)
    assert (now.is_editable, now.giving_back.waits, now.giving_back.can_keep) == (False, True, True)
    with pytest.raises(NotAllowed, match="read-only now"):
        assessing.save_overall(anna, FIRST_ID, "More.")
    with pytest.raises(NotAllowed, match="given back already"):
        giving_back.give_back(anna, FIRST_ID, KNOWS, "")
    giving_back.keep(anna, FIRST_ID)
    assert opened(anna).is_editable
    assert opened(anna).assessment.overall.startswith(WORDS)
    synced(anna)
    assert cases_of(platform.client("lena")) == []


def test_once_confirmed_all_of_it_is_erased_here(anna: Context, platform: Running) -> None:
    assess(anna, words=WORDS)
    assert {file.state.value for file in opened(anna).evidence} == {"ready"}
    files = set(anna.store.evidence_folder.iterdir())
    own = {path for path in files if any(f.blob_id in path.name for f in opened(anna).evidence)}
    assert own
    with anna.store.write() as txn:
        search_index.index_some(txn, lambda: 0.0)
        assert search.find(txn, Role.ASSESSOR, "Lucid").submissions
    giving_back.give_back(anna, FIRST_ID, KNOWS, "We worked together.")
    synced(anna)
    assert is_gone(anna)
    with anna.store.read() as txn:
        assert not search.find(txn, Role.ASSESSOR, "Lucid").submissions
    assert not own & set(anna.store.evidence_folder.iterdir())
    (case,) = cases_of(platform.client("lena"))
    assert case["entries"][0]["text"] == "We worked together."
    with pytest.raises(NotAllowed, match="not on this computer"):
        opened(anna)
    with pytest.raises(NotAllowed, match="given back already"):
        giving_back.keep(anna, FIRST_ID)
    synced(anna)
    assert is_gone(anna)


def test_an_answer_that_was_lost_is_asked_for_again(anna: Context) -> None:
    assess(anna, words=WORDS)
    giving_back.give_back(anna, FIRST_ID, KNOWS, "")
    with answers_lost(lambda method, path: path.endswith("/recuse")):
        sync(anna)
    with pytest.raises(NotAllowed, match="given back already"):
        giving_back.keep(anna, FIRST_ID)
    clock = anna.clock
    assert isinstance(clock, FakeClock)
    clock.advance(120)
    synced(anna)
    assert is_gone(anna)


def test_what_was_sent_meanwhile_on_another_computer_is_told(
    anna: Context, tmp_path: Path, platform: Running
) -> None:
    with at_work(tmp_path / "other", platform, clock=FakeClock(NOW, seed=7)) as other:
        assess_and_send(other)
    assess(anna, words=WORDS)
    giving_back.give_back(anna, FIRST_ID, KNOWS, "")
    synced(anna)
    now = opened(anna)
    assert "could not be given back" in now.giving_back.refused
    assert not now.giving_back.waits
    assert now.assessment.overall.startswith(WORDS)
    with anna.store.read() as txn:
        assert outbox.items(txn) == ()


def test_what_is_refused_here(anna: Context, tmp_path: Path, platform: Running) -> None:
    assess(anna)
    assessing.send(anna, FIRST_ID)
    with pytest.raises(NotAllowed, match="cannot be given back now"):
        giving_back.give_back(anna, FIRST_ID, KNOWS, "")
    clock = FakeClock(NOW, seed=3)
    with (
        at_work(tmp_path / "idle", platform, "idle", clock=clock) as idle,
        pytest.raises(NotAllowed, match="not on this computer"),
    ):
        giving_back.give_back(idle, FIRST_ID, KNOWS, "")


def test_an_approver_gives_back_too(tmp_path: Path, platform: Running, anna: Context) -> None:
    assess_and_send(anna)
    with at_work(tmp_path / "otto", platform, "otto", Role.APPROVER, clock=FakeClock(NOW, seed=5)) as otto:
        giving_back.give_back(otto, FIRST_ID, RecusalReason.CONFLICT, "")
        synced(otto)
        with otto.store.read() as txn:
            assert submissions.get_submission(txn, FIRST_ID) is None
