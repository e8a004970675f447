"""Giving tokens back to the platform (RFC 7009), so that nobody can use what was left somewhere."""

from __future__ import annotations

from assessor_app.errors import PlatformError
from assessor_app.sync.token_endpoint import post, server_info
from assessor_app.sync.transport import Transport


def revoke(plain: Transport, refresh_token: str) -> bool:
    """Ask the platform to end the sign-in that a refresh token belongs to.

    Args:
        plain: a transport without tokens.
        refresh_token: of the sign-in.

    Returns:
        Whether the platform said that it has ended; False where it cannot be reached or has no such thing.
        Then the tokens end by themselves, when their time is over.
    """
    try:
        endpoint = server_info(plain).revocation_endpoint
        if endpoint is None:
            return False
        answer = post(plain, endpoint, {"token": refresh_token, "token_type_hint": "refresh_token"})
    except PlatformError:
        return False
    return answer.status == 200
