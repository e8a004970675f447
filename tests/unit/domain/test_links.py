"""What looks at a link prove: only that it did not open, and for good only on two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.domain.links import failed_checks, is_confirmed, may_be_marked
from assessor_app.domain.submissions import LinkCheck, LinkState
from tests import builders
from tests.builders import NOON

CLOSED = replace(
    builders.link(1, LinkState.CLOSED),
    checks=(
        LinkCheck(NOON - timedelta(hours=1), "404"),
        LinkCheck(NOON - timedelta(hours=3), "404 Not Found"),
    ),
)


def test_two_looks_on_one_day_are_provisional():
    assert may_be_marked(CLOSED)
    assert not is_confirmed(CLOSED)


def test_a_second_look_on_another_day_confirms():
    later = (*CLOSED.checks, LinkCheck(NOON - timedelta(days=1), "timed out"))
    assert is_confirmed(replace(CLOSED, checks=later))


def test_a_look_that_opened_is_no_proof():
    opened = (LinkCheck(NOON - timedelta(days=2), "200 OK"), CLOSED.checks[0])
    assert failed_checks(replace(CLOSED, checks=opened)) == (CLOSED.checks[0],)
    assert not is_confirmed(replace(CLOSED, checks=opened))


@pytest.mark.parametrize("state", [LinkState.OPENS, LinkState.UNKNOWN])
def test_what_opens_or_is_unknown_is_never_marked(state):
    assert not may_be_marked(replace(CLOSED, state=state))
    assert not is_confirmed(replace(CLOSED, state=state))


def test_closed_without_any_look_has_no_proof():
    assert not may_be_marked(replace(CLOSED, checks=()))
