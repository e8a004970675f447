"""Errors that a person can act on: every kind says what happened, and bugs are none of them."""

from __future__ import annotations

import inspect

import pytest

from assessor_app import errors
from assessor_app.errors import KnownError

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_worded_for_the_person(kind: type[KnownError]) -> None:
    error = kind("The disk is full", "Your last save worked.", "Free some space.")
    assert isinstance(error, KnownError)
    assert (error.title, error.message, error.next_step) == (
        "The disk is full",
        "Your last save worked.",
        "Free some space.",
    )
    assert str(error) == "The disk is full. Your last save worked. Free some space."


def test_waiting_can_be_enough() -> None:
    error = KnownError("Offline", "3 items are waiting.")
    assert error.next_step == ""
    assert str(error) == "Offline. 3 items are waiting."


def test_a_bug_is_no_known_error() -> None:
    assert not issubclass(ValueError, KnownError)
    assert not issubclass(KnownError, (ValueError, OSError, RuntimeError))
