"""What comes from one sign-in ends together, and closed accounts have no part in any."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from assessor_app.domain.roles import SCOPES, Role
from reference_platform.models import Account, Token


def revoke_family(session: Session, family_id: str, now: datetime) -> None:
    """End all tokens that come from one sign-in."""
    session.execute(
        update(Token).where(Token.family_id == family_id, Token.revoked_at.is_(None)).values(revoked_at=now)
    )


def open_account(session: Session, actor_id: str) -> Account | None:
    """An account that may sign in; None for a closed one."""
    account = session.get(Account, actor_id)
    return account if account is not None and not account.disabled else None


def granted_scopes(account: Account, asked: str) -> list[str]:
    """The scopes that were asked for and that the person's roles allow."""
    allowed = {SCOPES[role] for role in Role if account.has_role(role)}
    return [name for name in asked.split() if name in allowed]
