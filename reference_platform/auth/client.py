"""The one client of this platform: a public one that comes back on a loopback port."""

from __future__ import annotations

import re

from authlib.oauth2.rfc6749 import ClientMixin

from assessor_app.domain.roles import SCOPES

CLIENT_ID = "assessor-workstation"
GRANT_TYPES = ("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code")
LOOPBACK_REDIRECT = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]):([0-9]{1,5})/cb")
"""RFC 8252, 7.3: the address is a literal, IPv4 or IPv6; the port is whatever the client was given."""


class Workstation(ClientMixin):  # type: ignore[misc]  # authlib ships no types
    """The assessor workstation: no secret, PKCE instead."""

    def get_client_id(self) -> str:
        """Its id."""
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        """None: the port is never known beforehand."""
        return

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The known scopes among those asked for, all if none was named; None if nothing is left."""
        asked = scope.split() if scope else list(SCOPES.values())
        return " ".join(name for name in SCOPES.values() if name in asked) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is our path on the loopback address, on any port."""
        match = LOOPBACK_REDIRECT.fullmatch(redirect_uri)
        return match is not None and 0 < int(match[1]) < 65536

    def check_client_secret(self, _client_secret: str) -> bool:
        """Never: there is no secret."""
        return False

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Only as a public client."""
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        """Only codes; no token ever stands in an address."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Codes, refresh tokens, and codes that are confirmed on another device."""
        return grant_type in GRANT_TYPES
