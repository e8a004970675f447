"""How a person signs in on this desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def open_sign_in_page(address: str) -> object:
    """Open the platform's page in the person's browser, with what only then has to be loaded."""
    from assessor_app.ui import external_links

    return external_links.open_sign_in_page(address)


@dataclass(frozen=True, slots=True)
class SignInWay:
    """How a person signs in on this desk."""

    account: str = ""
    """Suggested to the platform."""
    browser: Callable[[str], object] = open_sign_in_page
    """Opens the platform's page. The demo's walks through it by itself, on a lane."""
    is_automatic: bool = False
    """Whether sign-in starts without a click."""
