"""What the attack `model` walked into with marks for herself alone, and what begins a round too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessor_app.cache import draft_copies
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.merging import Keep, Part, PartKind
from assessor_app.services import annotating, assessing, comparing, reading, syncing
from assessor_app.services.context import Context
from assessor_app.sync.transport import Answer, Transport
from reference_platform.models import Recommendation
from tests import builders
from tests.builders import FakeClock
from tests.contract.bodies import decide, decision
from tests.contract.running import Running
from tests.contract.small_content import CRITERIA, FIRST
from tests.integration.at_work import FIRST_ID, assess, at_work, opened, sync, synced
from tests.integration.test_walked_into import later

MARK = builders.annotation(1, submission_id=FIRST_ID, criteria=())


@pytest.fixture
def train(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """Her other machine."""
    with at_work(tmp_path / "train", platform, clock=FakeClock(clock.now(), seed=2)) as context:
        yield context


def marked(context: Context, comment: str, mark: Annotation = MARK) -> None:
    annotating.put(context, replace(mark, comment=comment), "Highlight")


def comments(context: Context) -> list[str]:
    return [mark.comment for mark in opened(context).annotations]


def sent_and_returned(context: Context, platform: Running, number: int = 1) -> None:
    """It is sent, and the approver gives it back."""
    assessing.send(context, FIRST_ID)
    synced(context)
    with platform.platform.database.read() as session:
        sent = session.query(Recommendation).filter_by(submission_id=FIRST, round=number).one().id
    returned = decision(sent, outcome="return", round=number, criteria=[CRITERIA[1]], return_to="same")
    assert decide(platform.client("otto"), returned).status_code == 201


def on_both(anna: Context, train: Context, *marks: Annotation) -> None:
    """Work with marks for herself alone that both machines have."""
    assess(anna)
    for mark in marks or (MARK,):
        marked(anna, "At first.", mark)
    later(anna)
    later(train)
    assert comments(train) == comments(anna) != []


def chosen(context: Context, keep: Keep) -> None:
    """Of the one mark that is to be compared."""
    (waits,) = comparing.comparable(context)
    seen = comparing.compare(context, waits.id)
    (part,) = (one.part for one in seen.parts if one.is_open)
    assert part == Part(PartKind.ANNOTATION, MARK.id)
    comparing.keep_as_draft(context, seen.id, seen.token, {part: keep})


def test_a_mark_changed_soon_after_a_copy_is_copied_before_the_work_is_sent(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    # Sooner than a draft is copied again; with sending, nothing of it could be copied any more.
    marked(anna, "At the desk.")
    sent_and_returned(anna, platform)
    later(train)
    assert comments(train) == ["At the desk."]


def test_what_waits_to_be_sent_takes_nothing_up_from_another_computer(
    anna: Context, train: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_both(anna, train)
    assessing.send(anna, FIRST_ID)
    marked(train, "On the train.")
    later(train)
    sync_without_sending(anna, monkeypatch)
    assert comments(anna) == ["At first."]


@pytest.mark.parametrize("keep", [Keep.MINE, Keep.THEIRS])
def test_a_mark_for_herself_that_both_changed_is_compared_when_one_was_sent(
    anna: Context, train: Context, platform: Running, keep: Keep
) -> None:
    on_both(anna, train)
    marked(train, "On the train.")
    sent_and_returned(train, platform)
    marked(anna, "At the desk.")
    later(anna)
    assert comments(anna) == ["At the desk."]
    chosen(anna, keep)
    for context in (anna, train):
        later(context)
        assert comments(context) == ["At the desk." if keep is Keep.MINE else "On the train."]


def test_a_mark_for_herself_that_one_changed_and_one_deleted_is_compared(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    marked(train, "On the train.")
    sent_and_returned(train, platform)
    annotating.delete(anna, FIRST_ID, MARK.id)
    later(anna)
    chosen(anna, Keep.THEIRS)
    assert comments(anna) == ["On the train."]


def test_a_mark_for_herself_that_only_the_sender_changed_is_taken_and_the_earlier_one_stays_readable(
    anna: Context, train: Context, platform: Running
) -> None:
    other = builders.annotation(2, submission_id=FIRST_ID, criteria=())
    on_both(anna, train, MARK, other)
    marked(train, "On the train.")
    annotating.delete(train, FIRST_ID, other.id)
    sent_and_returned(train, platform)
    later(anna)
    assert not comparing.comparable(anna)
    assert comments(anna) == ["On the train."]
    assert any("At first." in repr(one.mine) for one in comparing.versions(anna, FIRST_ID))
    assessing.undo(anna, FIRST_ID)
    assert comments(anna) == ["On the train."]


def test_a_mark_that_was_never_copied_before_sending_is_compared_where_it_was_sent(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    marked(anna, "At the desk.")
    later(anna)
    # The train does not know of that copy, so that its own is not taken; what it sends is.
    marked(train, "On the train.")
    sent_and_returned(train, platform)
    later(anna)
    assert comments(anna) == ["At the desk."]
    later(train)
    chosen(train, Keep.MINE)
    for context in (train, anna):
        later(context)
        assert comments(context) == ["On the train."]


def test_a_mark_in_a_comparison_that_was_let_go_is_compared_again(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    assessing.save_overall(train, FIRST_ID, "On the train. All in all a lesson to learn from.")
    marked(train, "On the train.")
    later(train)
    marked(anna, "At the desk.")
    later(anna)
    assert comparing.comparable(anna)
    sent_and_returned(train, platform)
    later(anna)
    chosen(anna, Keep.MINE)
    for context in (anna, train):
        later(context)
        assert comments(context) == ["At the desk."]


def test_what_was_left_of_an_earlier_round_is_not_compared_twice(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    marked(train, "On the train.")
    sent_and_returned(train, platform)
    later(anna)
    later(train)
    marked(anna, "At the desk.")
    # No mark has changed there: the platform still holds what was left of the first round.
    sent_and_returned(train, platform, 2)
    later(anna)
    assert not comparing.comparable(anna)
    assert comments(anna) == ["At the desk."]


def test_marks_are_put_together_with_what_a_withdrawn_copy_does_not_know(
    anna: Context, train: Context, platform: Running
) -> None:
    on_both(anna, train)
    marked(train, "On the train.")
    sent_and_returned(train, platform)
    with anna.store.write() as txn:
        draft_copies.withdraw_offer(txn, FIRST_ID)
    later(anna)
    chosen(anna, Keep.THEIRS)
    assert comments(anna) == ["On the train."]


class Gone(BaseException):
    """The program is gone."""


def test_a_round_that_begins_as_soon_as_it_is_here_begins_with_what_was_sent(
    anna: Context, train: Context, platform: Running
) -> None:
    assess(anna, words="At the desk.")
    later(anna)
    later(train)
    assessing.save_overall(train, FIRST_ID, "On the train. All in all a lesson to learn from.")
    sent_and_returned(train, platform)

    def gone(_: object) -> None:
        raise Gone

    with pytest.raises(Gone):
        syncing.sync(anna, report=lambda _: None, changed=gone)
    assessing.save_note(anna, FIRST_ID, "In the second round.")
    for context in (anna, train):
        later(context)
        now = opened(context).assessment
        assert (now.round, now.note_to_approver) == (2, "In the second round.")
        assert now.overall.startswith("On the train.")


def test_what_was_not_accepted_does_not_hold_up_the_round_that_was_sent_since(
    anna: Context, train: Context, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(train, words="On the train.")
    assess(anna, words="At the desk.")
    assessing.send(anna, FIRST_ID)
    with monkeypatch.context() as patch:
        patch.setattr(Transport, "call", answering(503))
        sync(anna)
    sent_and_returned(train, platform)
    with monkeypatch.context() as patch:
        patch.setattr(Transport, "call", answering(503))
        anna.clock.advance(3600)  # type: ignore[attr-defined]
        sync(anna)
    with anna.store.write() as txn:
        txn.connection.exec_driver_sql("UPDATE outbox SET next_try_us = NULL")
    sync_without_sending(anna, monkeypatch)
    assessing.save_overall(anna, FIRST_ID, "In the second round, all in all a lesson to learn from.")
    assessing.send(anna, FIRST_ID)
    anna.clock.advance(3600)  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(Transport, "call", answering(422, times=1))
        sync(anna)
    anna.clock.advance(3600)  # type: ignore[attr-defined]
    synced(anna)
    assert reading.waiting_count(anna) == (0, 0)
    (sent,) = (one for one in opened(anna).recommendations if one.round == 2)
    assert sent.overall.startswith("In the second round")


def sync_without_sending(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Transport, "call", answering(500))
        sync(context)


def answering(status: int, times: int = 1_000) -> Callable[..., Answer]:
    """A platform that answers so to what is sent, a number of times, and everything else as it is."""
    call, left = Transport.call, [times]

    def answer(self: Transport, method: str, path: str, **named: Any) -> Answer:
        if method == "PUT" and "/recommendations/" in path and left[0] > 0:
            left[0] -= 1
            return Answer(status, {"content-type": "application/problem+json"}, b"{}")
        return call(self, method, path, **named)

    return answer
