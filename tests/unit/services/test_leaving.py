"""What is here alone is told in full, and signing out keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import requests

from assessor_app.cache import belonging, draft_copies, outbox, submissions, sync_state
from assessor_app.cache import unsent_questions as questions
from assessor_app.domain.assessments import CriterionFeedback, OutboxKind
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.services import assessing, reading, signing_out
from assessor_app.services.context import Context
from assessor_app.services.unsent import UnsentKind, unsent_work
from assessor_app.sync import auth
from assessor_app.sync.person import SomebodyElse, check_same_person
from tests import builders
from tests.builders import CRITERIA, FakeClock
from tests.contexts import assess, context_in
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import content


def told(context: Context) -> list[UnsentKind]:
    return [item.kind for item in unsent_work(context)]


def test_a_draft_what_waits_and_a_question_are_told_and_what_arrived_is_not(assessor: Context) -> None:
    submission = builders.submission()
    assert told(assessor) == []
    reading.open_submission(assessor, submission.id)
    assert told(assessor) == []
    feedback = CriterionFeedback(CRITERIA[0], "An evening's work.")
    assessing.save_feedback(assessor, submission.id, feedback)
    assert told(assessor) == [UnsentKind.ASSESSMENT]
    with assessor.store.write() as txn:
        questions.put(txn, submission.id, "May I")
    assert told(assessor) == [UnsentKind.ASSESSMENT, UnsentKind.QUESTION]
    assess(assessor, submission)
    assessing.send(assessor, submission.id)
    (waiting, _) = unsent_work(assessor)
    assert (waiting.kind, waiting.is_sendable) == (UnsentKind.WAITING, True)
    assert waiting.title == f"{submission.code}, {submission.title}"


def test_a_draft_that_the_platform_holds_is_told_again_once_it_changes(assessor: Context) -> None:
    submission = builders.submission()
    assessing.save_overall(assessor, submission.id, "An evening's work.")
    assert told(assessor) == [UnsentKind.ASSESSMENT]
    copy = draft_copies.DraftCopy("v1", "0" * 64, assessor.clock.now(), b"{}")
    with assessor.store.write() as txn:
        draft_copies.put_copy(txn, submission.id, submission.round, copy)
    # Held, but as it was before: the last change has no copy.
    assert told(assessor) == [UnsentKind.ASSESSMENT]
    with assessor.store.write() as txn:
        ((changed, seq),) = draft_copies.changed(txn)
        draft_copies.clear_change(txn, changed, seq)
    assert told(assessor) == []
    assessing.save_overall(assessor, submission.id, "An evening's work, and a morning's.")
    assert told(assessor) == [UnsentKind.ASSESSMENT]
    with assessor.store.write() as txn:
        ((changed, seq),) = draft_copies.changed(txn)
        draft_copies.clear_change(txn, changed, seq)
        draft_copies.put_copy(txn, submission.id, submission.round, replace(copy, etag=""))
    assert told(assessor) == [UnsentKind.ASSESSMENT]


def test_what_the_platform_did_not_take_is_told_as_stopped_and_what_nobody_made_is_not(
    assessor: Context,
) -> None:
    refused, by_itself = builders.outbox_item(1), builders.outbox_item(2, kind=OutboxKind.FINDING)
    with assessor.store.write() as txn:
        for item in (by_itself, refused):
            outbox.enqueue(txn, item)
        outbox.move(txn, by_itself.id, OutboxState.SENDING)
        outbox.move(txn, by_itself.id, OutboxState.ACKED, receipt=builders.receipt(by_itself))
        outbox.enqueue(txn, replace(by_itself, id=OutboxId("again")))
    (waiting,) = unsent_work(assessor)
    assert (waiting.kind, waiting.is_sendable, waiting.sends) == (UnsentKind.WAITING, True, refused.kind)
    for state, kind in (
        (OutboxState.SENDING, UnsentKind.WAITING),
        (OutboxState.BLOCKED, UnsentKind.STOPPED),
    ):
        with assessor.store.write() as txn:
            outbox.move(txn, refused.id, state)
        (told_of,) = unsent_work(assessor)
        assert (told_of.kind, told_of.is_sendable) == (kind, kind is UnsentKind.WAITING)


def test_words_to_the_lead_have_no_copy_whatever_the_platform_holds(assessor: Context) -> None:
    submission = builders.submission()
    with assessor.store.write() as txn:
        questions.put(txn, submission.id, "May I")
        copy = draft_copies.DraftCopy("v1", "0" * 64, assessor.clock.now(), b"{}")
        draft_copies.put_copy(txn, submission.id, submission.round, copy)
        for sid, seq in draft_copies.changed(txn):
            draft_copies.clear_change(txn, sid, seq)
    (asked,) = unsent_work(assessor)
    assert (asked.kind, asked.is_sendable) == (UnsentKind.QUESTION, False)


def test_a_copy_of_an_earlier_round_is_none_of_this_one(assessor: Context) -> None:
    submission = builders.submission()
    with assessor.store.write() as txn:
        later = replace(submission, round=2, status=SubmissionStatus.RETURNED)
        submissions.put_submission(txn, later)
    assessing.save_overall(assessor, submission.id, "An evening's work.")
    copy = draft_copies.DraftCopy("v1", "0" * 64, assessor.clock.now(), b"{}")
    for of_round, expected in ((1, [UnsentKind.ASSESSMENT]), (2, [])):
        with assessor.store.write() as txn:
            draft_copies.put_copy(txn, submission.id, of_round, copy)
            for sid, seq in draft_copies.changed(txn):
                draft_copies.clear_change(txn, sid, seq)
        assert told(assessor) == expected


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform") / "data"
    lay(folder, content)
    with serving() as server, running(server, folder) as platform:
        yield platform


def signed_in(folder: Path, served: Running, login: str) -> tuple[Context, str]:
    context = context_in(folder, Role.ASSESSOR, FakeClock(), origin=served.origin)
    tokens = served.tokens(login)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.REFRESH, tokens["refresh_token"])
        sync_state.set_secret(txn, auth.ACCESS, tokens["access_token"])
    return context, tokens["access_token"]


def is_let_in(served: Running, token: str) -> bool:
    answer = requests.get(f"{served.origin}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    return answer.status_code == 200


def test_signing_out_ends_the_sign_in_on_both_sides_and_keeps_the_work(
    tmp_path: Path, served: Running
) -> None:
    context, token = signed_in(tmp_path, served, "anna")
    assert is_let_in(served, token)
    assert signing_out.sign_out(context) is True
    assert not is_let_in(served, token)
    with context.store.read() as txn:
        assert sync_state.get_secret(txn, auth.REFRESH) is sync_state.get_secret(txn, auth.ACCESS) is None
    assert signing_out.sign_out(context) is False
    context.store.close()


def test_without_a_network_signing_out_still_forgets(tmp_path: Path, served: Running) -> None:
    context, _ = signed_in(tmp_path, served, "anna")
    context.transport.cut()
    assert signing_out.sign_out(context) is False
    with context.store.read() as txn:
        assert sync_state.get_secret(txn, auth.REFRESH) is None
    context.store.close()


def test_tokens_of_somebody_else_are_refused_before_they_are_kept(tmp_path: Path, served: Running) -> None:
    context = context_in(tmp_path, Role.ASSESSOR, FakeClock(), origin=served.origin)
    mine, others = served.tokens("anna")["access_token"], served.tokens("bert")["access_token"]
    check_same_person(context.store, served.origin, mine)
    check_same_person(context.store, served.origin, mine)
    with pytest.raises(SomebodyElse, match="never mixed"):
        check_same_person(context.store, served.origin, others)
    with context.store.read() as txn:
        assert belonging.person(txn) == "a-anna"
        assert sync_state.get_secret(txn, auth.ACCESS) is None
    context.store.close()
