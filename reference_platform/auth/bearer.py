"""Who is asking: the access token of a request and what it allows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select

from assessor_app.domain.roles import SCOPES, Role
from reference_platform.models import Account, Token
from reference_platform.platform import platform_of
from reference_platform.problems import Problem


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person, by pseudonym."""

    actor_id: str
    roles: frozenset[Role]
    """Roles that both the account has and the token was issued for."""
    tz: str
    employer_digest: str | None

    def need(self, role: Role) -> None:
        """Go on only in a role.

        Raises:
            Problem: 403; the account or the token does not hold it.
        """
        if role not in self.roles:
            raise Problem(403, "insufficient-scope", f"This needs the scope {SCOPES[role]}.")


def token_digest(token: str) -> str:
    """What is stored of a token or a code: these have 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(request: Request) -> Actor:
    """The person whose access token came with a request.

    Raises:
        Problem: 401; there is no token, or it is unknown, expired or revoked.
    """
    platform = platform_of(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("Bearer", "Sign in first.")
    with platform.database.read() as session:
        found = session.execute(
            select(Token, Account)
            .join(Account, Account.actor_id == Token.actor_id)
            .where(Token.access_sha256 == token_digest(token.strip()))
        ).one_or_none()
        if found is None:
            raise _unauthorized('Bearer error="invalid_token"', "The sign-in is not known.")
        stored, account = found
        if stored.revoked_at is not None or stored.access_expires_at <= platform.clock.now():
            raise _unauthorized('Bearer error="invalid_token"', "The sign-in has ended.")
        if account.disabled:
            raise Problem(403, "account-disabled", "This account is closed.")
        scopes = stored.scope.split()
        roles = frozenset(role for role in Role if account.has_role(role) and SCOPES[role] in scopes)
        return Actor(account.actor_id, roles, account.tz, account.employer_digest)


SignedIn = Annotated[Actor, Depends(signed_in)]
"""Parameter of a route that needs somebody to be signed in."""

WRITTEN_BY = "assessor_platform.written_by"
"""Where the platform's own call of a write path names the author; no request from outside can."""


def author(request: Request) -> Actor:
    """Whose a write is: the author of an imported file, or else the signed-in person.

    Raises:
        Problem: 401; nobody is signed in.
    """
    written_by = request.scope.get(WRITTEN_BY)
    return written_by if isinstance(written_by, Actor) else signed_in(request)


Author = Annotated[Actor, Depends(author)]
"""Parameter of what changes something; everything else is for people who are signed in."""


def _unauthorized(challenge: str, detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})
