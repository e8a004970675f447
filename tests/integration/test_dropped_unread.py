"""A platform may grow: what is not known here is dropped unread, counted, and never stored or logged."""

from __future__ import annotations

import re
import threading
import urllib.request
from pathlib import Path

import pytest

from assessor_app.cache import counters, sync_state
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, claiming, syncing, taking_back
from assessor_app.services.context import Context
from assessor_app.sync import auth
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.planting import CANARY, Growth, grown
from tests.contract.running import Running
from tests.contract.small_content import NOW
from tests.integration.at_work import FIRST_ID, assess, synced
from tests.stores import dump

KINDS = (
    "GET /.well-known/oauth-authorization-server 200",
    "POST /oauth/token 200",
    "POST /oauth/token 400",
    "GET /v1/me 200",
    "GET /v1/sync 200",
    "GET /v1/sync/manifest 200",
    "GET /v1/queue 200",
    "POST /v1/queue/claims 403",
    "PUT /v1/submissions/*/recommendations/* 201",
    "POST /v1/submissions/*/recommendation/withdraw 201",
)
"""Every kind of answer that is read, each with names in fields that nobody knows."""


def browser(address: str) -> None:
    """A person signs in; her browser logs nothing here."""

    def visit() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:  # it follows to our own port
            page.read()

    threading.Thread(target=visit, daemon=True).start()


def whole_work(context: Context) -> None:
    """Sign in, sync, take, send, take back, be refused, renew the tokens, begin anew."""
    syncing.sign_in(context, open_browser=browser, login_hint="anna")
    auth.who_am_i(context.transport)
    synced(context)
    waiting = claiming.queue(context)
    claiming.claim(context, {waiting[0].microcredential_id: 1})
    synced(context)
    assess(context)
    assessing.send(context, FIRST_ID)
    synced(context)
    taking_back.take_back(context, FIRST_ID)
    synced(context)
    with context.store.write() as txn:
        # The access token has ended, and later the cursor.
        sync_state.set_secret(txn, auth.ACCESS, "ended")
        sync_state.set_cursor(txn, "AAAA", NOW)
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, "ended again")
        sync_state.set_secret(txn, auth.REFRESH, "ended too")
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)


HEADERS = frozenset(
    (
        *("host", "user-agent", "accept", "accept-encoding", "connection", "authorization", "content-type"),
        *("content-length", "content-digest", "idempotency-key", "contract-version"),
        *("if-none-match", "if-match", "if-range", "range"),
    )
)
"""All that a request may say of itself: no language, no cookie, nothing of the computer."""
_OFFSET = re.compile(rb"T\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:?\d{2}")


def check_neutral(growth: Growth) -> None:
    """Requests say nothing of who asks, beside the token, nor where."""
    ours = [one for one in growth.asked if not one[0].startswith("/oauth/authorize")]
    assert len(ours) > 20
    for path, headers, body in ours:
        assert set(headers) <= HEADERS, (path, set(headers) - HEADERS)
        assert headers["user-agent"] == "AssessorWorkstation"
        assert headers["accept-encoding"] == "identity"
        assert headers["accept"] in ("application/json", "*/*")
        assert not _OFFSET.search(body), path


def test_a_name_in_a_field_that_nobody_knows_is_nowhere(
    tmp_path: Path, platform: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with grown(platform.origin) as (origin, growth):
        context = context_in(tmp_path / "anna", Role.ASSESSOR, FakeClock(NOW), origin=origin)
        try:
            whole_work(context)
            kept = repr(dump(context.store))
            with context.store.read() as txn:
                counted = counters.value(txn, counters.DROPPED_FIELDS)
        finally:
            context.renderer.close()
            context.store.close()
    assert set(KINDS) <= growth.paths, (sorted(set(KINDS) - growth.paths), "; ".join(sorted(growth.paths)))
    assert growth.fields > 100
    check_neutral(growth)
    assert str(FIRST_ID) in kept, "what is known is there"
    assert CANARY.lower() not in kept.lower()
    assert CANARY.lower() not in caplog.text.lower()
    for file in tmp_path.joinpath("anna").rglob("*"):
        assert not file.is_file() or CANARY.lower().encode() not in file.read_bytes().lower(), file
    # Two names were planted in each object; what a rubric holds beside its own members is not counted.
    assert growth.fields < counted <= 2 * growth.fields
