"""Whose a store is: the platform and the person it was made for, kept inside the encrypted store itself."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Setting
from assessor_app.cache.stored import upsert

_ORIGIN = "belongs_to_origin"
_PERSON = "belongs_to_person"


def origin(txn: Transaction) -> str | None:
    """The platform's origin; None in a store that was never opened for one."""
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _ORIGIN))


def set_origin(txn: Transaction, origin: str) -> None:
    """Note the platform, once and for all."""
    upsert(txn, Setting, {"name": _ORIGIN, "value": origin})


def person(txn: Transaction) -> str | None:
    """The platform's pseudonym of the person who signed in here first; None before anybody did."""
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _PERSON))


def set_person(txn: Transaction, pseudonym: str) -> None:
    """Note the person, once and for all."""
    upsert(txn, Setting, {"name": _PERSON, "value": pseudonym})
