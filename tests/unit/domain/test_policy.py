"""The issuer's settings: what the workstation derives from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assessor_app.domain.policy import DEFAULT_POLICY, Policy

RECEIVED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_grace_period_counts_from_the_receipt() -> None:
    assert Policy(grace_minutes=30).grace_ends_at(RECEIVED) == RECEIVED + timedelta(minutes=30)


def test_without_a_policy_there_is_no_grace() -> None:
    assert DEFAULT_POLICY.grace_ends_at(RECEIVED) == RECEIVED
