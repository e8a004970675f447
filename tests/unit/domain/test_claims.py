"""What a refusal of a claim means."""

from __future__ import annotations

import pytest

from assessor_app.domain.claims import ClaimAnswer, answer_of


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("already-claimed", ClaimAnswer.ALREADY_CLAIMED),
        ("not-qualified", ClaimAnswer.NOT_QUALIFIED),
        ("conflict-of-interest", ClaimAnswer.CONFLICT),
        ("nothing-left", ClaimAnswer.NOTHING_LEFT),
        ("not-claimed", ClaimAnswer.GIVEN_BY_TEAM),
        ("state", ClaimAnswer.MOVED_ON),
        ("something-new", ClaimAnswer.REFUSED),
        ("", ClaimAnswer.REFUSED),
    ],
)
def test_a_refusal_is_understood(code: str, answer: ClaimAnswer) -> None:
    assert answer_of(code) is answer
