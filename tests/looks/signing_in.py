"""The page that signs in, in each of its states."""

from __future__ import annotations

from collections.abc import Callable

from assessor_app.errors import Offline, SignInNeeded
from assessor_app.ui.sign_in import SignInPage
from tests.evidence_desk import pause
from tests.looks.stage import SETTLE_MS, Stage

HOST = "assess.northstate.example.org"
ADDRESS = f"https://{HOST}/oauth/device"


def _page(stage: Stage, act: Callable[[SignInPage], object]) -> None:
    window = stage.sit_down()
    page = SignInPage(HOST, has_work=True)
    window.show_gate(page)
    act(page)
    pause(SETTLE_MS)


def _code(page: SignInPage) -> None:
    page.show_code("BCDF-GHJK", ADDRESS, f"{ADDRESS}?user_code=BCDF-GHJK", 583)


def _late_browser(page: SignInPage) -> None:
    page._start()
    page.offer_elsewhere()


def _code_offline(page: SignInPage) -> None:
    _code(page)
    page.show_reached(False)


def _refused(page: SignInPage) -> None:
    page.show_error(
        SignInNeeded(
            "The platform did not sign you in",
            "Either “no” was chosen in the browser, or this account may not do this work. Nothing was "
            "changed; your work is safe on this computer.",
            "Sign in again, or ask the team lead about your account.",
        )
    )


def _offline(page: SignInPage) -> None:
    page.show_error(
        Offline(
            "The platform cannot be reached",
            "There is no connection. Your work is safe on this computer and is sent when the connection is "
            "back.",
            "You can go on working.",
        )
    )


SIGNING_IN = {
    "signing-in": lambda stage: _page(stage, lambda _: None),
    "signing-in-browser": lambda stage: _page(stage, lambda page: page._start()),
    "signing-in-late": lambda stage: _page(stage, _late_browser),
    "signing-in-code": lambda stage: _page(stage, _code),
    "signing-in-code-offline": lambda stage: _page(stage, _code_offline),
    "signing-in-ended": lambda stage: _page(stage, SignInPage.show_code_ended),
    "signing-in-refused": lambda stage: _page(stage, _refused),
    "signing-in-offline": lambda stage: _page(stage, _offline),
}
"""States of the page, by the name of the picture; with unsent work beside it: `unsent-sign-in`."""
