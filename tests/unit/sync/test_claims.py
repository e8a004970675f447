"""Claims, renewals and releases: what is an answer to one of them, and what is none and is asked again."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.errors import KnownError, ProtocolBroken
from assessor_app.sync import claims
from assessor_app.sync.network_errors import AccessChanged
from assessor_app.sync.transport import Transport, UnknownEffect
from tests import builders
from tests.answering import answering, as_json, problem, raw_server, reset
from tests.builders import FakeClock
from tests.unit.sync.test_push import transport

SID = builders.submission_id(1)
Verb = Callable[[Transport], ClaimOutcome]


def claim(there: Transport) -> ClaimOutcome:
    return claims.claim_next(there, MicrocredentialId("mc-questions"), 72, FakeClock())


def renew(there: Transport) -> ClaimOutcome:
    return claims.renew(there, SID, 72, FakeClock())


VERBS = [claim, renew]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", [400, 408, 423, 429, 500, 501, 503])
def test_an_answer_that_refuses_nothing_is_no_refusal(verb: Verb, status: int) -> None:
    """Were it one, a claim would not be renewed again by itself, and would run out under somebody's hands."""
    with answering(lambda _: problem(status, "not-now")) as server, pytest.raises(KnownError):
        verb(transport(server.origin))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", [403, 404, 409, 410, 422])
def test_a_refusal_of_an_unknown_kind_is_one(verb: Verb, status: int) -> None:
    with answering(lambda _: problem(status, "of-tomorrow")) as server:
        outcome = verb(transport(server.origin))
    assert outcome.answer is ClaimAnswer.REFUSED
    assert outcome.lease_until is None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("code", ["account-disabled", "insufficient-scope"])
def test_a_refusal_of_the_person_is_none_of_the_work(verb: Verb, code: str) -> None:
    with answering(lambda _: problem(403, code)) as server, pytest.raises(AccessChanged):
        verb(transport(server.origin))


def test_a_success_of_another_kind_is_no_claim() -> None:
    with answering(lambda _: as_json({})) as server, pytest.raises(ProtocolBroken):
        claim(transport(server.origin))


@pytest.mark.parametrize("verb", VERBS)
def test_what_may_have_arrived_is_asked_once_more_and_no_oftener(verb: Verb) -> None:
    count = 0

    def cut(connection: socket.socket) -> None:
        nonlocal count
        count += 1
        reset(connection)

    with raw_server(cut) as origin, pytest.raises(UnknownEffect):
        verb(transport(origin))
    assert count == claims.TRIES
