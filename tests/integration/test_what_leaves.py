"""What never leaves a computer, looked for in every request of it; what a sync must not leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from assessor_app.cache import reading_state, submissions
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import DecisionOutcome, IndependentMark
from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, CriterionId, SubmissionId
from assessor_app.domain.reading import ReadingState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import (
    annotating,
    approving,
    assessing,
    comment_bank,
    giving_back,
    own_name,
    reading_progress,
    time_on_task,
)
from assessor_app.services.context import Context
from tests import builders
from tests.builders import FakeClock
from tests.contract.running import Running, Server, lay, running
from tests.contract.small_content import ARTIFACT, CRITERIA, NOW, RESUBMISSION, content
from tests.integration.at_work import FIRST_ID, assess, assess_and_send, at_work, synced
from tests.stores import dump

AGAIN = SubmissionId(RESUBMISSION)
HERS = "Lucid-meadow"
"""In every text that nobody but its writer may read."""
SPENT = timedelta(seconds=424_243)
SEEN = ((3313, 3317),)
ASKED_THEN = "Show the second lesson."


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, content)
    with running(server, folder) as served:
        yield served


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Everything that goes over the wire: addresses, headers and bodies."""
    sent: list[bytes] = []
    original = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **named: Any) -> requests.Response:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        sent.append(f"{request.method} {request.url} {dict(request.headers)}\n".encode() + body)
        return original(self, request, **named)

    with monkeypatch.context() as patch:
        patch.setattr(requests.Session, "send", send)
        yield sent


def work_privately(context: Context) -> None:
    """Everything that somebody does for herself alone."""
    time_on_task.add(context, FIRST_ID, SPENT)
    state = ReadingState(
        ARTIFACT, pages=SEEN, page_count=9973, played_ms=((88_801, 88_807),), length_ms=99_991
    )
    reading_progress.keep(context, FIRST_ID, [state])
    mark = builders.annotation(1, audience=Audience.ONLY_ME, comment=f"{HERS} thought.")
    mark = replace(mark, submission_id=FIRST_ID, anchor=replace(mark.anchor, source_id=ARTIFACT))
    annotating.put(context, mark, "Note")
    own_name.set_words(context, f"{HERS} nickname")
    entry = BankEntry(BankEntryId(context.clock.new_id()), Scope.PERSONAL, f"{HERS} title", f"{HERS} comment")
    comment_bank.keep(context, entry)


def _is_draft_copy(request: bytes) -> bool:
    """Whether a recorded request carries the person's own draft to the place that only she reads."""
    return request.startswith(b"PUT ") and request.split(b" ", 2)[1].endswith(b"/draft")


_OF_CHANCE = re.compile(
    rb"http://127\.0\.0\.1:\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}|=:[^:\s]+:"
)
"""Port, ids and digests: any four digits stand in one of them now and then."""


def test_time_pages_seen_and_private_words_are_in_no_request_of_a_whole_job(
    tmp_path: Path, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock(NOW)
    with recorded(monkeypatch) as sent, at_work(tmp_path, platform, clock=clock) as anna:
        work_privately(anna)
        assess(anna)
        assessing.send(anna, FIRST_ID)
        synced(anna)
        with anna.store.read() as txn:
            assert reading_state.of_submission(txn, FIRST_ID)
        assert time_on_task.load(anna, FIRST_ID) == SPENT
        assert HERS in repr(dump(anna.store))
    # The copy of a draft is its author's alone (decision 0032): it holds what no other request may.
    told = b"\n".join(request for request in sent if not _is_draft_copy(request))
    everything = _OF_CHANCE.sub(b"", told)
    assert b"PUT " in everything
    assert b"Well seen." in everything, "what is to leave was recorded"
    for never in (HERS, "424243", "424_243", "3313", "3317", "9973", "88801", "88807", "99991", "played"):
        assert never.encode() not in everything, never


def test_nobody_but_the_lead_gets_a_trace_of_a_recusal(tmp_path: Path, platform: Running) -> None:
    clock = FakeClock(NOW)
    with at_work(tmp_path, platform, clock=clock) as anna:
        giving_back.give_back(anna, FIRST_ID, RecusalReason.CONFLICT, f"{HERS} conflict.")
        synced(anna)
    for login, role in (("otto", Role.APPROVER), ("bert", Role.ASSESSOR), ("both", Role.APPROVER)):
        with at_work(tmp_path, platform, login, role, clock=clock) as other:
            kept = repr(dump(other.store)).casefold()
            assert HERS.casefold() not in kept, login
            assert "recus" not in kept.replace("recusal_note", ""), login
            assert "a-anna" not in kept, login


def test_an_award_takes_the_earlier_denials_off_every_computer(tmp_path: Path, platform: Running) -> None:
    clock = FakeClock(NOW)
    with (
        at_work(tmp_path, platform, clock=clock) as anna,
        at_work(tmp_path, platform, "otto", Role.APPROVER, clock=clock) as otto,
    ):
        for context in (anna, otto):
            assert ASKED_THEN in repr(dump(context.store)), "it is there while it is of use"
        assess_and_send(anna, AGAIN)
        synced(otto)
        for name in CRITERIA:
            approving.mark(otto, AGAIN, IndependentMark(CriterionId(name), True))
        approving.reveal(otto, AGAIN)
        approving.decide(otto, AGAIN, DecisionOutcome.AWARD)
        synced(otto)
        for context in (otto, anna):
            synced(context)
            with context.store.read() as txn:
                submission = submissions.get_submission(txn, AGAIN)
            assert submission is not None
            assert submission.status is SubmissionStatus.AWARDED
            assert (submission.attempt, submission.prior) == (None, ())
            kept = repr(dump(context.store))
            for gone in (ASKED_THEN, "S-OLD", "criteria_not_met"):
                assert gone not in kept.replace('"criteria_not_met":[]', ""), gone
            with context.store.read() as txn:
                flags = txn.connection.exec_driver_sql("SELECT id, is_resubmission FROM submission").all()
            assert all(not flag for _, flag in flags), flags
