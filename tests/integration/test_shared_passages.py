"""Shared passages from the platform to each person's own computer: who holds them, and who may read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assessor_app.cache import cases
from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.matches import ComparedPart, MatchWeight
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import approving, matching
from reference_platform.models import Submission
from reference_platform.similarity import comparing
from tests.contract.bodies import recommend
from tests.contract.running import Running, Server, lay, running
from tests.contract.similar_content import HERE, MARK_HERE, MARK_THERE, NOTE_THERE, TEAM, THERE, content
from tests.integration.test_whole_job import person
from tests.stores import dump

HERE_ID = SubmissionId(HERE)


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, content)
    with running(server, folder) as served:
        comparing.catch_up(served.platform)
        yield served


@pytest.fixture
def people(tmp_path: Path, platform: Running):
    with ExitStack() as stack:

        def open_for(login: str, role: Role):
            somebody = person(tmp_path, platform.origin, login, role, stack)
            somebody.sign_in()
            somebody.sync()
            return somebody

        yield open_for


def held(somebody) -> str:
    """Everything in somebody's store, decrypted."""
    return repr(dump(somebody.context.store))


def test_no_word_of_another_learner_reaches_an_assessors_computer(people, platform: Running) -> None:
    anna, bert = people("anna", Role.ASSESSOR), people("bert", Role.ASSESSOR)
    assert recommend(platform.client("anna"), HERE).status_code == 201
    for somebody, own, other in ((anna, MARK_HERE, MARK_THERE), (bert, MARK_THERE, MARK_HERE)):
        somebody.sync()
        kept = held(somebody)
        assert own in kept
        assert other not in kept
        assert matching.of_submission(somebody.context, HERE_ID) is None
    assert NOTE_THERE not in held(anna)


def test_an_approver_reads_them_offline_and_only_after_she_has_read(people, platform: Running) -> None:
    assert recommend(platform.client("anna"), HERE).status_code == 201
    otto = people("otto", Role.APPROVER)
    platform.platform.database.close()
    assert approving.brief(otto.context, HERE_ID).matches == ()
    approving.reveal(otto.context, HERE_ID)
    found = approving.brief(otto.context, HERE_ID).matches
    assert [(match.part, match.weight) for match in found] == [
        (ComparedPart.REFLECTION, MatchWeight.LOOK),
        (ComparedPart.ARTIFACT, MatchWeight.INFORMATION),
    ]
    there = " ".join(run.text for run in found[0].passages[0].there.runs)
    assert MARK_THERE in there
    assert found[0].there.note == NOTE_THERE


def test_what_the_platform_takes_back_leaves_the_approvers_computer(people, platform: Running) -> None:
    assert recommend(platform.client("anna"), HERE).status_code == 201
    otto = people("otto", Role.APPROVER)
    assert MARK_THERE in held(otto)
    with platform.platform.database.write() as session:
        comparing.set_reference(session, THERE, platform.clock.now())
    otto.sync()
    assert MARK_THERE not in held(otto)
    assert matching.of_submission(otto.context, HERE_ID) is not None
    with platform.platform.database.write() as session:
        comparing.set_reference(session, TEAM, platform.clock.now())
    otto.sync()
    assert matching.of_submission(otto.context, HERE_ID) is None


def test_the_lead_gets_the_case_and_what_it_is_about(people) -> None:
    lena = people("lena", Role.LEAD)
    with lena.context.store.read() as txn:
        told = [case for case in cases.every(txn) if case.kind is CaseKind.MATCH]
    by_id = {case.id: case for case in told}
    known = matching.of_submission(lena.context, HERE_ID)
    assert known is not None
    for match in known.matches:
        is_look = match.weight is MatchWeight.LOOK
        assert by_id[match.id].state is (CaseState.OPEN if is_look else CaseState.CLOSED)
        assert dict(by_id[match.id].detail)["part"] == match.part.value
    assert len(told) == 4


def test_a_withdrawn_submission_takes_its_words_along(people, platform: Running) -> None:
    assert recommend(platform.client("anna"), HERE).status_code == 201
    otto = people("otto", Role.APPROVER)
    assert MARK_THERE in held(otto)
    with platform.platform.database.write() as session:
        comparing.forget(session, THERE, platform.clock.now())
        session.get_one(Submission, THERE).status = SubmissionStatus.WITHDRAWN
    otto.sync()
    assert MARK_THERE not in held(otto)
