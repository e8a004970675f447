"""The platform's own keys, to which unsent work is sealed, and the profiles' keys that sign it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessor_app.domain.roles import SCOPES, Role
from assessor_app.sync.wire_sealed import PlatformKeysOut, ProfileKeyOut
from assessor_app.vault.envelope import KEY_BYTES, SealingKeys
from reference_platform.auth.bearer import Actor
from reference_platform.models import Account, ProfileKey, Setting
from reference_platform.problems import Problem

SECRET = "sealing_secret"
"""Setting: both private keys of the platform, in hexadecimal."""
MOST_KEYS = 50
"""Keys of one person that were not revoked: one for each profile that she ever had."""


def prepare(session: Session) -> None:
    """Make the platform's keys, unless there are some."""
    if session.get(Setting, SECRET) is None:
        session.add(Setting(name=SECRET, value=secrets.token_hex(2 * KEY_BYTES)))


def own_keys(session: Session) -> SealingKeys:
    """The platform's private keys."""
    return SealingKeys.of(bytes.fromhex(session.get_one(Setting, SECRET).value))


def published(session: Session) -> PlatformKeysOut:
    """The platform's public keys."""
    keys = own_keys(session)
    return PlatformKeysOut(opening=keys.opening_public.hex(), signing=keys.signing_public.hex())


def register(session: Session, now: datetime, actor: Actor, signing: str) -> ProfileKeyOut:
    """Take a profile's key as the signed-in person's. A revoked one stays revoked.

    Raises:
        Problem: 409; the key is another person's, or she has too many.
    """
    known = session.get(ProfileKey, signing)
    if known is None:
        count = select(func.count()).select_from(ProfileKey)
        mine = (ProfileKey.actor_id == actor.actor_id, ProfileKey.revoked_at.is_(None))
        if (session.scalar(count.where(*mine)) or 0) >= MOST_KEYS:
            raise Problem(409, "too-many-keys", "Revoke keys of computers that are no longer used.")
        known = ProfileKey(signing=signing, actor_id=actor.actor_id, created_at=now, revoked_at=None)
        session.add(known)
    elif known.actor_id != actor.actor_id:
        raise Problem(409, "key-taken", "This key belongs to somebody else.")
    if known.revoked_at is None:
        known.scope = " ".join(SCOPES[role] for role in Role if role in actor.roles)
    return told(session, known)


def told(session: Session, key: ProfileKey) -> ProfileKeyOut:
    """What its owner is told of a key."""
    return ProfileKeyOut(
        signing=key.signing,
        actor_id=key.actor_id,
        is_revoked=key.revoked_at is not None,
        platform=published(session),
    )


def revoke(session: Session, now: datetime, actor_id: str, signing: str | None = None) -> int:
    """Take nothing more that was signed with a person's key, or with any of hers; gives how many ended."""
    found = select(ProfileKey).where(ProfileKey.actor_id == actor_id, ProfileKey.revoked_at.is_(None))
    if signing is not None:
        found = found.where(ProfileKey.signing == signing)
    keys = session.scalars(found).all()
    for key in keys:
        key.revoked_at = now
    return len(keys)


def author_of(session: Session, key: ProfileKey) -> tuple[Actor, bool]:
    """Who signs with a key, in the roles of its sign-in; and whether the account is closed."""
    account = session.get_one(Account, key.actor_id)
    scopes = key.scope.split()
    roles = frozenset(role for role in Role if account.has_role(role) and SCOPES[role] in scopes)
    return Actor(account.actor_id, roles, account.tz, account.employer_digest), account.disabled
