"""The keys with which unsent work leaves this profile as a file, and what is known of the platform's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.moments import from_us_or_none, to_us
from assessor_app.cache.safety_models import SealingRecord
from assessor_app.clock import Clock
from assessor_app.vault.envelope import KEY_BYTES, SealingKeys


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a file can be sealed and signed."""

    keys: SealingKeys
    asked_at: datetime | None
    """When the platform was last told of the keys; None: never."""
    actor_id: str | None
    """Whose files they sign, by pseudonym; None until the platform has said so."""
    platform_opening: bytes | None
    """To which files are sealed."""
    platform_signing: bytes | None
    """With which answers are checked."""


def load(txn: Transaction) -> Sealing | None:
    """What is there; None before the first sync."""
    row = txn.connection.execute(sa.select(SealingRecord.__table__)).first()
    if row is None:
        return None
    return Sealing(
        SealingKeys.of(row.secret),
        from_us_or_none(row.asked_us),
        row.actor_id,
        None if row.platform_opening is None else bytes.fromhex(row.platform_opening),
        None if row.platform_signing is None else bytes.fromhex(row.platform_signing),
    )


def renew(txn: Transaction, clock: Clock) -> Sealing:
    """Make keys in place of older ones; the platform knows nothing of them yet."""
    txn.connection.execute(sa.delete(SealingRecord))
    secret = clock.random_bytes(2 * KEY_BYTES)
    txn.connection.execute(sa.insert(SealingRecord).values(secret=secret))
    return Sealing(SealingKeys.of(secret), None, None, None, None)


def keep_answer(txn: Transaction, at: datetime, actor_id: str, opening: str, signing: str) -> None:
    """Keep that the platform knows the keys, and its own public ones in hexadecimal."""
    txn.connection.execute(
        sa.update(SealingRecord).values(
            asked_us=to_us(at), actor_id=actor_id, platform_opening=opening, platform_signing=signing
        )
    )


def keep_asked(txn: Transaction, at: datetime) -> None:
    """Keep that the platform was asked and takes no files; it is asked again another day."""
    txn.connection.execute(sa.update(SealingRecord).values(asked_us=to_us(at)))
