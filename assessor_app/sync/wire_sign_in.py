"""Wire types of the sign-in: the token endpoint and where things are. Part of the contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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
    device_authorization_endpoint: str | None = None
    """Where a sign-in on another device begins (RFC 8628); a platform may have none."""
    authorization_response_iss_parameter_supported: bool = False
    """Whether the answer in the browser names its issuer (RFC 9207)."""
    response_types_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]


class GivenBackOut(Wire):
    """The answer to a token that was given back (RFC 7009): empty, and the same for an unknown one."""


class DeviceCodeOut(Wire):
    """The beginning of a sign-in on another device (RFC 8628, 3.2)."""

    device_code: Annotated[str, Field(min_length=16, max_length=2000)]
    user_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{4,32}$")]
    verification_uri: Annotated[str, Field(max_length=2000)]
    verification_uri_complete: Annotated[str, Field(max_length=2000)] | None = None
    expires_in: Annotated[int, Field(ge=1, le=86_400)]
    interval: Annotated[int, Field(ge=1, le=600)] = 5


class SignInErrorOut(Wire):
    """Why the token endpoint gave nothing (RFC 6749, 5.2; RFC 8628, 3.5)."""

    error: Annotated[str, Field(max_length=200)]
    error_description: Annotated[str, Field(max_length=2000)] | None = None
    error_uri: Annotated[str, Field(max_length=2000)] | None = None
