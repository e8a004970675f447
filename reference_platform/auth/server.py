"""The authorization server: Authlib's, with our tables.

Codes work once and for a minute. Refresh tokens rotate; one that is used twice was stolen or copied, and
its whole family is revoked (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc7636 import CodeChallenge
from fastapi import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.roles import SCOPES
from reference_platform.auth.bearer import token_digest
from reference_platform.auth.client import CLIENT_ID, Workstation
from reference_platform.auth.device import DeviceGrantType
from reference_platform.auth.families import granted_scopes, open_account, revoke_family
from reference_platform.clock import Clock
from reference_platform.models import Account, AuthorizationCode, Token
from reference_platform.platform import Settings

CODE_SECONDS = 60

# At debug level Authlib writes whole tokens to the log.
logging.getLogger("authlib").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Environment:
    """What the grants work with during one request."""

    session: Session
    clock: Clock
    settings: Settings


class Payload(OAuth2Payload):  # type: ignore[misc]  # authlib ships no types
    """The parameters of a request, each with all its values."""

    def __init__(self, parameters: dict[str, list[str]]) -> None:
        """Keep the parameters as parsed."""
        self._all = parameters

    @property
    def data(self) -> dict[str, str]:
        """The first value of each parameter."""
        return {name: values[0] for name, values in self._all.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """All values of each parameter."""
        return defaultdict(list, self._all)


class SignInRequest(OAuth2Request):  # type: ignore[misc]  # authlib ships no types
    """One request to the authorization or token endpoint."""

    def __init__(
        self, method: str, uri: str, parameters: dict[str, list[str]], environment: Environment
    ) -> None:
        """Describe a request.

        Args:
            method: HTTP method as Authlib's grants expect it.
            uri: address of the request.
            parameters: of the query, or of the form.
            environment: tables, clock and settings for this request.

        Raises:
            OAuth2Error: the address is neither https nor on this machine.
        """
        super().__init__(method, uri)
        self.payload = Payload(parameters)
        self.environment = environment

    @property
    def args(self) -> dict[str, str]:
        """The first value of each parameter."""
        return self.payload.data

    @property
    def form(self) -> dict[str, str]:
        """The first value of each parameter."""
        return self.payload.data


class S256Only(CodeChallenge):  # type: ignore[misc]  # authlib ships no types
    """PKCE with S256; a request without it, or with the plain method, is refused."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)
    DEFAULT_CODE_CHALLENGE_METHOD = "S256"

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse what has no S256 challenge."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with 'code_challenge_method=S256' is needed")
        super().validate_code_challenge(grant, redirect_uri)

    def get_authorization_code_challenge_method(self, _authorization_code: object) -> str:
        """Always S256."""
        return "S256"


class StoredCode:
    """A code from the table, as Authlib's grant wants it."""

    def __init__(self, row: AuthorizationCode) -> None:
        """Wrap a row."""
        self.row = row
        self.family_id = row.family_id
        self.code_challenge = row.code_challenge

    def get_redirect_uri(self) -> str:
        """The redirect address that the code was made for."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What was granted."""
        return self.row.scope


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib ships no types
    """Authorization codes, by digest, for public clients."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def save_authorization_code(self, code: str, request: SignInRequest) -> None:
        """Keep a new code with the scopes that the person's roles allow."""
        env = request.environment
        account: Account = request.user
        env.session.add(
            AuthorizationCode(
                code_sha256=token_digest(code),
                family_id=env.clock.new_id(),
                actor_id=account.actor_id,
                client_id=CLIENT_ID,
                redirect_uri=request.payload.redirect_uri,
                scope=" ".join(granted_scopes(account, request.scope)),
                code_challenge=request.payload.data["code_challenge"],
                expires_at=env.clock.now() + timedelta(seconds=CODE_SECONDS),
                used_at=None,
            )
        )

    def query_authorization_code(self, code: str, _client: Workstation) -> StoredCode | None:
        """The code, if it is good; a second use revokes what the first one brought."""
        env = self.request.environment
        row = env.session.get(AuthorizationCode, token_digest(code))
        if row is None or row.expires_at <= env.clock.now():
            return None
        if row.used_at is not None:
            revoke_family(env.session, row.family_id, env.clock.now())
            return None
        return StoredCode(row)

    def delete_authorization_code(self, authorization_code: StoredCode) -> None:
        """Mark the code as used."""
        authorization_code.row.used_at = self.request.environment.clock.now()

    def authenticate_user(self, authorization_code: StoredCode) -> Account | None:
        """Whom the code stands for."""
        return open_account(self.request.environment.session, authorization_code.row.actor_id)


class StoredToken:
    """A token from the table, as Authlib's grant wants it."""

    def __init__(self, row: Token) -> None:
        """Wrap a row."""
        self.row = row
        self.family_id = row.family_id

    def check_client(self, client: Workstation) -> bool:
        """Whether it was issued to this client."""
        return self.row.client_id == client.get_client_id()

    def get_scope(self) -> str:
        """What was granted."""
        return self.row.scope


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib ships no types
    """Refresh tokens that rotate."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> StoredToken | None:
        """The token, if it is good; a second use revokes its family."""
        env = self.request.environment
        row = env.session.scalar(select(Token).where(Token.refresh_sha256 == token_digest(refresh_token)))
        if row is None:
            return None
        if row.refreshed_at is not None:
            revoke_family(env.session, row.family_id, env.clock.now())
            return None
        if row.revoked_at is not None or row.refresh_expires_at <= env.clock.now():
            return None
        return StoredToken(row)

    def authenticate_user(self, refresh_token: StoredToken) -> Account | None:
        """Whom the token stands for."""
        return open_account(self.request.environment.session, refresh_token.row.actor_id)

    def revoke_old_credential(self, refresh_token: StoredToken) -> None:
        """The old pair ends as the new one begins."""
        now = self.request.environment.clock.now()
        refresh_token.row.refreshed_at = now
        refresh_token.row.revoked_at = now


class SignInServer(AuthorizationServer):  # type: ignore[misc]  # authlib ships no types
    """Authlib's server without a web framework of its own; needs nothing between requests."""

    def __init__(self) -> None:
        """Register what this platform grants."""
        super().__init__(scopes_supported=list(SCOPES.values()))
        self.register_grant(CodeGrant, [S256Only(required=True)])
        self.register_grant(RefreshGrant)
        self.register_grant(DeviceGrantType)

    def query_client(self, client_id: str) -> Workstation | None:
        """The one known client."""
        return Workstation() if client_id == CLIENT_ID else None

    def generate_token(self, *_args: object, **kwargs: Any) -> dict[str, Any]:
        """A fresh opaque pair; its life in seconds is set when it is saved."""
        clock = Clock()
        return {
            "access_token": clock.token(),
            "token_type": "Bearer",
            "expires_in": 0,
            "refresh_token": clock.token(),
            "scope": kwargs["scope"],
        }

    def save_token(self, token: dict[str, Any], request: SignInRequest) -> None:
        """Keep the digests of a new pair, in the family that it comes from."""
        env = request.environment
        now = env.clock.now()
        credential = request.refresh_token or request.authorization_code or request.credential
        token["expires_in"] = env.settings.access_token_s
        env.session.add(
            Token(
                access_sha256=token_digest(token["access_token"]),
                refresh_sha256=token_digest(token["refresh_token"]),
                family_id=credential.family_id,
                actor_id=request.user.actor_id,
                client_id=CLIENT_ID,
                scope=token["scope"],
                access_expires_at=now + timedelta(seconds=env.settings.access_token_s),
                refresh_expires_at=now + timedelta(seconds=env.settings.refresh_token_s),
                refreshed_at=None,
                revoked_at=None,
            )
        )

    def create_oauth2_request(self, request: SignInRequest) -> SignInRequest:
        """Requests are made by the routes already."""
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        """The HTTP answer; OAuth errors keep the form of RFC 6749, 5.2."""
        content = body if isinstance(body, str) else json.dumps(body)
        return Response(content, status, headers=dict(headers))
