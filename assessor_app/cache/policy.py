"""The issuer's settings and calendar as the platform last told them."""

from __future__ import annotations

import json
from datetime import date, time

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Setting
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.policy import DEFAULT_POLICY, Policy

_POLICY, _CALENDAR = "policy", "calendar"


def put_policy(txn: Transaction, policy: Policy) -> None:
    """Store the issuer's settings, in place of the earlier ones."""
    upsert(txn, Setting, {"name": _POLICY, "value": pack(policy).decode()})


def policy(txn: Transaction) -> Policy:
    """The issuer's settings; the defaults until the platform has told them."""
    stored = _stored(txn, _POLICY)
    return DEFAULT_POLICY if stored is None else unpack(Policy, stored.encode())


def put_calendar(txn: Transaction, calendar: Calendar) -> None:
    """Store the issuer's business days, in place of the earlier ones."""
    plain = {
        "id": calendar.id,
        "tz": calendar.tz,
        "weekend": sorted(calendar.weekend),
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
        "version": calendar.version,
        "end_of_business": calendar.end_of_business.isoformat(),
    }
    upsert(txn, Setting, {"name": _CALENDAR, "value": json.dumps(plain)})


def calendar(txn: Transaction) -> Calendar | None:
    """The issuer's business days; None until the platform has told them."""
    stored = _stored(txn, _CALENDAR)
    if stored is None:
        return None
    plain = json.loads(stored)
    return Calendar(
        id=plain["id"],
        tz=plain["tz"],
        weekend=frozenset(plain["weekend"]),
        holidays=frozenset(date.fromisoformat(day) for day in plain["holidays"]),
        version=plain["version"],
        end_of_business=time.fromisoformat(plain["end_of_business"]),
    )


def _stored(txn: Transaction, name: str) -> str | None:
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == name))
