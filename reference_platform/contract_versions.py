"""Which versions of the contract are still spoken, and a name for every request, around the application."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessor_app.sync.protocol import API_VERSION
from reference_platform import problems
from reference_platform.platform import Settings

HEADER = b"contract-version"
REQUEST_ID = b"x-request-id"
EARLIER_VERSIONS = 2
"""How many versions before the present one are spoken as well."""


class ContractVersions:
    """Refuses clients that speak a contract which was left behind; whoever says nothing is let in."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 426 or let it through; each answer carries the request's name."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(8).encode()

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (REQUEST_ID, name)]
            await send(message)

        settings = _settings(scope)
        if scope["path"].startswith("/v1/") and _spoken(scope) < minimum_contract(settings):
            refusal = problems.Problem(
                426,
                "contract-left-behind",
                "This version of the contract is not spoken any more.",
                minimum_version=settings.workstation_version or None,
            )
            await problems.answer(refusal, scope["path"])(scope, receive, send_named)
            return
        await self._app(scope, receive, send_named)


def minimum_contract(settings: Settings) -> int:
    """The earliest version of the contract that is spoken."""
    return settings.minimum_contract or max(1, API_VERSION - EARLIER_VERSIONS)


def _settings(scope: Scope) -> Settings:
    platform: Any = scope["app"].state.platform
    return Settings() if platform is None else platform.settings


def _spoken(scope: Scope) -> int:
    told = next((value for name, value in scope["headers"] if name == HEADER), b"")
    return int(told) if told.isdigit() and len(told) < 10 else API_VERSION
