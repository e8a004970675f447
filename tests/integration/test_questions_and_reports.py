"""Questions and reports between real stores and a real platform: who asks, who answers, who never learns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from assessor_app.cache import cases as case_cache
from assessor_app.cache import outbox, submissions
from assessor_app.domain.cases import CaseKind, CaseState, FindingKind, RecusalReason
from assessor_app.domain.roles import Role
from assessor_app.errors import NotAllowed
from assessor_app.services import asking, giving_back, team_cases
from assessor_app.services.context import Context
from assessor_app.services.team_cases import MayName, OpenedCase
from tests.builders import FakeClock
from tests.contract.bodies import act, asked_of
from tests.contract.running import Running, Server, lay, running
from tests.contract.small_content import CANARIES, FIRST, NOW, QUEUED, content
from tests.integration.at_work import FIRST_ID, at_work, sync, synced
from tests.stores import dump

QUESTION = "Does the second plan count for this criterion?"
ANSWER = "It does: both plans belong to one unit."


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, content)
    with running(server, folder) as served:
        yield served


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def people(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Callable[[str, Role], Context]]:
    with ExitStack() as stack:

        def open_for(login: str, role: Role = Role.ASSESSOR) -> Context:
            return stack.enter_context(at_work(tmp_path, platform, login, role, clock=clock))

        yield open_for


@pytest.fixture
def lena(people: Callable[..., Context]) -> Context:
    return people("lena", Role.LEAD)


def of_kind(context: Context, kind: CaseKind, submission_id: str = FIRST) -> OpenedCase:
    """The one case of a kind about a submission, as its lead opens it."""
    [row] = [
        r for r in team_cases.overview(context).rows if (r.kind, r.submission_id) == (kind, submission_id)
    ]
    opened = team_cases.open_case(context, row.id)
    assert opened is not None
    return opened


def state_of(context: Context, case_id: str) -> CaseState:
    return next(row.state for row in team_cases.overview(context).rows if row.id == case_id)


def later(platform: Running, clock: FakeClock, **by: float) -> None:
    platform.clock.move(**by)
    clock.advance(timedelta(**by).total_seconds())


def test_a_question_is_answered_offline_and_read_by_who_asked(
    people: Callable[..., Context], lena: Context, platform: Running
) -> None:
    anna, otto = people("anna"), people("otto", Role.APPROVER)
    asking.ask(anna, FIRST_ID, CaseKind.QUESTION, QUESTION)
    synced(anna)
    synced(lena)
    opened = of_kind(lena, CaseKind.QUESTION)
    assert (opened.case.entries[0].text, opened.state) == (QUESTION, CaseState.OPEN)
    team_cases.answer(lena, opened.case.id, ANSWER, closes=True)
    waiting = of_kind(lena, CaseKind.QUESTION)
    assert (waiting.state, waiting.case.state) == (CaseState.CLOSED, CaseState.OPEN)
    assert [(doing.text, doing.can_take_back) for doing in waiting.waiting] == [(ANSWER, True)]
    synced(anna)
    assert asking.threads(anna, FIRST_ID)[0].unread == 0
    synced(lena)
    arrived = of_kind(lena, CaseKind.QUESTION)
    assert (arrived.case.state, arrived.waiting) == (CaseState.CLOSED, ())
    synced(anna)
    [thread] = asking.threads(anna, FIRST_ID)
    assert [entry.text for entry in thread.case.entries if entry.text] == [QUESTION, ANSWER]
    assert thread.unread
    synced(otto)
    for word in (QUESTION, ANSWER, arrived.case.id):
        assert word not in repr(dump(otto.store))


def test_what_never_left_is_taken_back_and_is_a_draft_again(lena: Context, platform: Running) -> None:
    case_id = asked_of(platform, "Why?")
    synced(lena)
    team_cases.answer(lena, case_id, ANSWER)
    team_cases.close(lena, case_id)
    assert state_of(lena, case_id) is CaseState.CLOSED
    team_cases.take_back(lena, case_id)
    opened = team_cases.open_case(lena, case_id)
    assert opened is not None
    assert (opened.state, opened.waiting, opened.draft) == (CaseState.OPEN, (), ANSWER)
    with pytest.raises(NotAllowed, match="on its way"):
        team_cases.take_back(lena, case_id)
    synced(lena)
    assert platform.client("lena").get("/v1/cases").json()["cases"][0]["state"] == "open"


def test_a_closed_case_is_opened_again_and_takes_nothing_before(lena: Context, platform: Running) -> None:
    case_id = asked_of(platform, "Why?")
    synced(lena)
    team_cases.close(lena, case_id)
    for refused in (
        lambda: team_cases.answer(lena, case_id, ANSWER),
        lambda: team_cases.close(lena, case_id),
        lambda: team_cases.reassign(lena, case_id, None),
    ):
        with pytest.raises(NotAllowed, match="It is closed"):
            refused()
    team_cases.reopen(lena, case_id)
    team_cases.answer(lena, case_id, ANSWER)
    synced(lena)
    assert state_of(lena, case_id) is CaseState.ANSWERED
    with pytest.raises(NotAllowed, match="nothing to send"):
        team_cases.answer(lena, case_id, "  ")
    with pytest.raises(NotAllowed, match="not offered"):
        team_cases.reassign(lena, case_id, "a-anna")


def test_a_question_never_closes_unanswered_when_somebody_was_quicker(
    people: Callable[..., Context], lena: Context, platform: Running
) -> None:
    """An answer that comes too late is refused whole, and says so; the close in it does not go through."""
    anna = people("anna")
    asking.ask(anna, FIRST_ID, CaseKind.QUESTION, QUESTION)
    synced(anna)
    synced(lena)
    case_id = of_kind(lena, CaseKind.QUESTION).case.id
    team_cases.answer(lena, case_id, ANSWER, closes=True)
    asking.ask_on(anna, FIRST_ID, case_id, "And the third plan?")
    synced(anna)
    sync(lena)
    opened = of_kind(lena, CaseKind.QUESTION)
    assert opened.state is opened.case.state is CaseState.OPEN
    [doing] = opened.waiting
    assert "meanwhile" in doing.trouble
    assert (doing.text, doing.can_take_back) == (ANSWER, False)
    [row] = team_cases.overview(lena).rows
    assert (row.is_refused, row.is_unread) == (True, True)
    team_cases.answer(lena, case_id, "Both of them do.")
    assert [d.trouble for d in of_kind(lena, CaseKind.QUESTION).waiting] == [""]
    synced(lena)
    assert state_of(lena, case_id) is CaseState.ANSWERED
    with lena.store.read() as txn:
        assert outbox.items(txn) == ()


def test_a_recusal_and_a_finding_reach_the_lead_alone(
    people: Callable[..., Context], lena: Context, platform: Running
) -> None:
    anna, bert, otto = people("anna"), people("bert"), people("otto", Role.APPROVER)
    with anna.store.read() as txn:
        assert case_cache.every(txn) == ()
    report_a_finding(platform)
    giving_back.give_back(anna, FIRST_ID, RecusalReason.KNOWS_LEARNER, "Lucid note for the lead.")
    synced(anna)
    synced(lena)
    finding = of_kind(lena, CaseKind.IDENTITY_FINDING)
    assert finding.case.told("finding") == FindingKind.PDF_PROPERTIES.value
    assert finding.case.told("source") == "Artifact 1.pdf"
    recusal = of_kind(lena, CaseKind.RECUSAL)
    assert (recusal.case.told("reason"), recusal.case.entries[0].text) == (
        "knows_learner",
        "Lucid note for the lead.",
    )
    for somebody in (bert, otto):
        synced(somebody)
        kept = repr(dump(somebody.store))
        assert "Lucid note" not in kept
        assert "knows_learner" not in kept
        assert finding.case.id not in kept
    team_cases.close(lena, finding.case.id)
    team_cases.answer(lena, recusal.case.id, "Given on.")
    synced(lena)
    assert state_of(lena, finding.case.id) is CaseState.CLOSED
    assert state_of(lena, recusal.case.id) is CaseState.ANSWERED


def report_a_finding(platform: Running) -> None:
    """What the guard of an assessor's program sends of a file."""
    body = {"source_id": "artifact-1", "kinds": ["pdf_properties"]}
    answer = platform.client("anna").write("POST", f"/v1/submissions/{FIRST}/findings", body)
    assert answer.status_code == 201


def test_work_at_risk_is_given_to_another_assessor(
    people: Callable[..., Context], lena: Context, platform: Running, clock: FakeClock
) -> None:
    anna = people("anna")
    later(platform, clock, days=4, hours=1)
    synced(lena)
    opened = of_kind(lena, CaseKind.AT_RISK)
    assert opened.case.told("risks") == "due_soon"
    assert len(opened.case.may_take) == 3
    team_cases.reassign(lena, opened.case.id, opened.case.may_take[0].id)
    assert of_kind(lena, CaseKind.AT_RISK).state is CaseState.ANSWERED
    synced(lena)
    [holder] = [
        login
        for login in ("bert", "busy", "idle")
        if platform.client(login).get(f"/v1/submissions/{FIRST}").status_code == 200
    ]
    theirs = people(holder)
    assert FIRST in repr(dump(theirs.store))
    synced(anna)
    with anna.store.read() as txn:
        assert submissions.get_submission(txn, FIRST_ID) is None
    for somebody in (anna, theirs):
        assert opened.case.id not in repr(dump(somebody.store))


def test_a_refused_reassignment_says_so_and_leaves_the_work_where_it_is(
    people: Callable[..., Context], lena: Context, platform: Running, clock: FakeClock
) -> None:
    later(platform, clock, days=4, hours=1)
    synced(lena)
    opened = of_kind(lena, CaseKind.AT_RISK, QUEUED)
    team_cases.reassign(lena, opened.case.id, None)
    for name in ("bert", "busy", "idle", "both", "anna"):
        platform.client(name).write("POST", f"/v1/submissions/{QUEUED}/claim", {})
        platform.client(name).write("POST", f"/v1/submissions/{QUEUED}/recuse", {"reason_code": "other"})
    sync(lena)
    again = of_kind(lena, CaseKind.AT_RISK, QUEUED)
    assert again.state is CaseState.OPEN
    assert "Nobody else may have this work" in again.waiting[-1].trouble


# ---- no identity ----


def test_a_planted_name_reaches_no_store_and_no_log(
    people: Callable[..., Context], lena: Context, platform: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = (
        f"I am {CANARIES[2]} of {CANARIES[4]}. Why? Write to {CANARIES[3]}, call 312-555-0147.\n{CANARIES[2]}"
    )
    case_id = asked_of(platform, text)
    anna = people("anna")
    synced(lena)
    team_cases.answer(lena, case_id, "The table on page 3 was not in it.", closes=True)
    synced(lena)
    synced(anna)
    said = "".join(record.getMessage() for record in caplog.records).lower()
    for context in (lena, anna):
        kept = repr(dump(context.store)).lower()
        for canary in (CANARIES[2], CANARIES[3], CANARIES[4], "vogelfrei", "555-0147"):
            assert canary.lower() not in kept
            assert canary.lower() not in said
    assert "why?" in repr(dump(lena.store)).lower()
    assert case_id not in repr(dump(anna.store))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Write to me: lena@mail.example", "e-mail address"),
        ("Call 312-555-0147", "telephone number"),
        ("Ask Maria Hernandez", "May name|may name"),
        ("We of Lighthouse Elementary think so", "may name"),
    ],
)
def test_an_answer_that_would_name_somebody_stays_here(
    lena: Context, platform: Running, text: str, error: str
) -> None:
    case_id = asked_of(platform, "Why?")
    synced(lena)
    with pytest.raises(NotAllowed, match=error):
        team_cases.answer(lena, case_id, text)
    opened = team_cases.open_case(lena, case_id)
    assert opened is not None
    assert opened.waiting == ()


def test_the_lead_decides_about_the_look_of_a_name_and_not_about_an_address(
    lena: Context, platform: Running
) -> None:
    case_id = asked_of(platform, "Why?")
    synced(lena)
    with pytest.raises(MayName):
        team_cases.answer(lena, case_id, "Read what Maria Hernandez wrote on it.")
    with pytest.raises(NotAllowed, match="e-mail") as refused:
        team_cases.answer(lena, case_id, "Ask a@b.example.", may_name=True)
    assert not isinstance(refused.value, MayName)
    team_cases.answer(lena, case_id, "Read what Maria Hernandez wrote on it.", may_name=True)
    synced(lena)
    assert state_of(lena, case_id) is CaseState.ANSWERED


def test_a_note_for_the_team_is_not_looked_through(
    lena: Context, platform: Running, clock: FakeClock
) -> None:
    later(platform, clock, days=4, hours=1)
    synced(lena)
    case_id = of_kind(lena, CaseKind.AT_RISK).case.id
    team_cases.answer(lena, case_id, "Called the office: 312-555-0147.")
    assert state_of(lena, case_id) is CaseState.ANSWERED


# ---- reading ----


def test_unread_until_it_was_before_the_lead(
    people: Callable[..., Context], lena: Context, platform: Running
) -> None:
    anna = people("anna")
    asking.ask(anna, FIRST_ID, CaseKind.QUESTION, QUESTION)
    synced(anna)
    synced(lena)
    [row] = team_cases.overview(lena).rows
    assert row.is_unread
    assert team_cases.mark_read(lena, row.id)
    assert not team_cases.mark_read(lena, row.id)
    assert not team_cases.overview(lena).rows[0].is_unread
    asking.ask_on(anna, FIRST_ID, row.id, "And the third plan?")
    synced(anna)
    synced(lena)
    again = team_cases.overview(lena).rows[0]
    assert (again.is_unread, again.text) == (True, "And the third plan?")
    assert team_cases.open_count(lena) == 1


def test_a_draft_is_kept_through_a_sync_and_never_sent(lena: Context, platform: Running) -> None:
    case_id = asked_of(platform, "Why?")
    synced(lena)
    team_cases.save_draft(lena, case_id, "Lucid beginning")
    assert act(platform.client("lena"), case_id, "answer", text="By another device.").status_code == 201
    synced(lena)
    opened = team_cases.open_case(lena, case_id)
    assert opened is not None
    assert (opened.draft, len(opened.case.entries)) == ("Lucid beginning", 2)
    assert "Lucid" not in platform.client("lena").get("/v1/cases").text
    assert team_cases.open_case(lena, "gone") is None
    with pytest.raises(NotAllowed, match="not there any more"):
        team_cases.close(lena, "gone")
    assert not team_cases.mark_read(lena, "gone")
