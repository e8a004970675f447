"""Wire types of the sign-in: the token endpoint and where things are. Part of the contract."""

from __future__ import annotations

from typing import Literal

from assessor_app.sync.wire_base import Wire


class TokenOut(Wire):
    """The answer of the token endpoint (RFC 6749, 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    scope: str


class ServerInfo(Wire):
    """Where things are (RFC 8414), at `/.well-known/oauth-authorization-server`."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str | None = None
    """Where tokens are given back (RFC 7009); a platform may have none."""
    response_types_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]


class GivenBackOut(Wire):
    """The answer to a token that was given back (RFC 7009): empty, and the same for an unknown one."""
