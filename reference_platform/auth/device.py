"""Signing in on another device (RFC 8628): Authlib's endpoint and grant, with our table.

A workstation gets a long code for itself and a short one for the person. She types the short one on a page of
the platform, on any device, sees what is asked for and from where, and says yes or no there; meanwhile the
workstation asks with the long one. Both are kept by digest alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reference_platform.auth.bearer import token_digest
from reference_platform.auth.client import Workstation
from reference_platform.auth.families import open_account, revoke_family
from reference_platform.models import Account, DeviceGrant

CODE_SECONDS = 600
INTERVAL_S = 5
SLOW_DOWN_S = 5
"""What one question too early adds to the interval (RFC 8628, 3.5)."""
KEPT = timedelta(hours=1)
"""How long a code is known after its end, so that a late question hears "expired" and not "unknown"."""


def user_digest(typed: str) -> str:
    """What is stored of a short code; capitals, hyphens and spaces make no difference when it is typed."""
    return token_digest(_letters(typed))


def as_shown(typed: str) -> str:
    """A short code as the workstation shows it, however it was typed."""
    letters = _letters(typed)
    return f"{letters[:4]}-{letters[4:]}"


def _letters(typed: str) -> str:
    return "".join(character for character in typed.upper() if character.isalnum())


def awaiting(session: Session, typed: str, now: datetime) -> DeviceGrant | None:
    """The request that a typed code belongs to, as long as it can be answered."""
    row = session.scalar(select(DeviceGrant).where(DeviceGrant.user_sha256 == user_digest(typed)))
    if row is None or row.expires_at <= now or row.actor_id is not None or row.is_denied:
        return None
    return row


class DeviceEndpoint(DeviceAuthorizationEndpoint):  # type: ignore[misc]  # authlib ships no types
    """Where a workstation asks for a pair of codes; made for one request."""

    CLIENT_AUTH_METHODS = ("none",)
    EXPIRES_IN = CODE_SECONDS
    INTERVAL = INTERVAL_S

    def __init__(self, server: Any, environment: Any, *, page: str, asked_from: str) -> None:
        """Get ready for one request.

        Args:
            server: the authorization server.
            environment: tables, clock and settings for this request.
            page: where the person types the short code.
            asked_from: the network address that asks.
        """
        super().__init__(server)
        self._environment, self._page, self._asked_from = environment, page, asked_from

    def generate_device_code(self) -> str:
        """256 random bits."""
        code: str = self._environment.clock.token()
        return code

    def get_verification_uri(self) -> str:
        """Where the person types the short code."""
        return self._page

    def save_device_credential(self, client_id: str, scope: str | None, data: dict[str, Any]) -> None:
        """Keep the digests of both codes, and forget what ended long ago."""
        env = self._environment
        now = env.clock.now()
        env.session.execute(delete(DeviceGrant).where(DeviceGrant.expires_at <= now - KEPT))
        env.session.add(
            DeviceGrant(
                device_sha256=token_digest(data["device_code"]),
                user_sha256=user_digest(data["user_code"]),
                client_id=client_id,
                scope=Workstation().get_allowed_scope(scope) or "",
                asked_from=self._asked_from,
                begun_at=now,
                expires_at=now + timedelta(seconds=CODE_SECONDS),
                interval_s=INTERVAL_S,
                asked_at=None,
                actor_id=None,
                is_denied=False,
                used_at=None,
            )
        )


class StoredDevice:
    """A pair of codes from the table, as Authlib's grant wants it."""

    def __init__(self, row: DeviceGrant, now: datetime) -> None:
        """Wrap a row."""
        self.row, self._now = row, now

    @property
    def family_id(self) -> str:
        """The family of the tokens that come from this code."""
        return self.row.device_sha256

    def get_client_id(self) -> str:
        """Who asked."""
        return self.row.client_id

    def get_scope(self) -> str:
        """What was granted, once it was."""
        return self.row.scope

    def get_user_code(self) -> DeviceGrant:
        """What the person's answer is found by: the row itself, since the short code is not kept."""
        return self.row

    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.row.expires_at <= self._now


class DeviceGrantType(DeviceCodeGrant):  # type: ignore[misc]  # authlib ships no types
    """Tokens for a code that the person has confirmed; once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def query_device_credential(self, device_code: str) -> StoredDevice:
        """The pair of codes.

        Raises:
            InvalidGrantError: it is not known, or was used: then what it brought ends.
        """
        env = self.request.environment
        now = env.clock.now()
        row = env.session.get(DeviceGrant, token_digest(device_code))
        if row is None:
            raise InvalidGrantError("The code is not known.")
        if row.used_at is not None:
            revoke_family(env.session, row.device_sha256, now)
            raise InvalidGrantError("The code was used.")
        return StoredDevice(row, now)

    def query_user_grant(self, row: DeviceGrant) -> tuple[Account | None, bool] | None:
        """Who answered, and whether it was a yes; None while nobody has."""
        if row.is_denied:
            return None, False
        if row.actor_id is None:
            return None
        account = open_account(self.request.environment.session, row.actor_id)
        return account, account is not None

    def should_slow_down(self, credential: StoredDevice) -> bool:
        """Whether it asks more often than it was told to; that makes the interval longer."""
        now: datetime = self.request.environment.clock.now()
        row = credential.row
        is_early = row.asked_at is not None and now < row.asked_at + timedelta(seconds=row.interval_s)
        row.asked_at = now
        if is_early:
            row.interval_s += SLOW_DOWN_S
        return is_early

    def save_token(self, token: dict[str, Any]) -> None:
        """Keep the tokens; the code has done its work."""
        self.request.credential.row.used_at = self.request.environment.clock.now()
        super().save_token(token)
