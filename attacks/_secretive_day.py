"""One day with every secret that the program has, all of it logged at DEBUG: run as a process of its own.

`python -m attacks._secretive_day FOLDER NUMBER`: a new profile with a passphrase and a recovery code, a
sign-in, rounds that end well and badly, tokens that are refused, keys that do not fit.
"""

from __future__ import annotations

import logging
import sys
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import requests

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.diagnostics import start_logging
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.services import syncing
from assessor_app.services.context import Context
from assessor_app.sync import auth
from assessor_app.vault import keys
from tests import noting_secrets
from tests.builders import FakeClock
from tests.contract.running import fill, running, serving
from tests.contract.small_content import NOW, content

LOGS, NOTES = "logs", "notes"
_LOG = logging.getLogger("assessor_app.attack")


def main(folder: Path, number: int) -> None:
    """Live through it."""
    note = noting_secrets.begin(folder / NOTES)
    start_logging(folder / LOGS, level=logging.DEBUG)
    # Louder than the program ever is: the log's own formatter has to hold.
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    clock = FakeClock(NOW, seed=number)
    phrase = f"a passphrase of day {number} that nobody guesses"
    profile = folder / "profile"
    profile.mkdir()
    master = keys.create_key(profile, "profile-1", passphrase=phrase, clock=clock)
    code = keys.recovery_code(master)
    keys.open_key(profile, "profile-1", passphrase=phrase)
    keys.open_with_recovery_code(profile, "profile-1", code)
    for wrong in (phrase + "x", code.replace("-", "")):
        _tried(lambda wrong=wrong: keys.open_key(profile, "profile-1", passphrase=wrong))  # type: ignore[misc]
    fill(folder / "platform", content())
    store = Store.open(profile, master.database_key(), clock=clock)
    try:
        with serving() as server, running(server, folder / "platform") as served:
            context = Context(
                store, auth.transport_for(store, served.origin), Renderer(clock=clock), clock, Role.ASSESSOR,
                served.origin, profile,
            )  # fmt: skip
            _work(context)
        # The platform is gone.
        _synced(context)
        context.renderer.close()
    finally:
        store.close()
    _tried(lambda: Store.open(profile, bytes(range(32)), clock=clock).close())
    _errors_of_others(note, number)


def _work(context: Context) -> None:
    syncing.sign_in(context, open_browser=_browser, login_hint="anna")
    _synced(context)
    with context.store.write() as txn:
        _LOG.debug("tokens: %s", bool(sync_state.get_secret(txn, auth.ACCESS)))
        sync_state.set_secret(txn, auth.ACCESS, "an-access-token-that-has-ended")
    _synced(context)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, "an-access-token-that-has-ended-too")
        sync_state.set_secret(txn, auth.REFRESH, "a-refresh-token-that-nobody-gave")
    _synced(context)
    _tried(lambda: auth.who_am_i(context.transport))
    _LOG.debug("an open profile: %r", replace(context))


def _synced(context: Context) -> None:
    status = syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    _LOG.debug("a round: %r", status)


def _browser(address: str) -> None:
    def visit() -> None:
        with urllib.request.urlopen(address, timeout=10) as page:
            page.read()

    threading.Thread(target=visit, daemon=True).start()


def _tried(job: Callable[[], object]) -> None:
    try:
        job()
    except KnownError as error:
        _LOG.debug("refused", exc_info=error)


def _errors_of_others(note: Callable[[str], None], number: int) -> None:
    """What libraries say of a signed address that cannot be reached, and of headers."""
    signature = f"sig-{number}-Kq83hfZpQ0"
    bearer = f"bearer-{number}-Zk11LmQe9"
    for secret in (signature, bearer):
        note(secret)
    address = f"http://127.0.0.1:1/v1/artifacts/a-1/content?expires=99&signature={signature}"
    try:
        requests.get(address, headers={"Authorization": f"Bearer {bearer}"}, timeout=5)
    except requests.RequestException as error:
        _LOG.debug("a download broke: %s", error)
        _LOG.exception("with its traceback")
        _LOG.debug("sent: %s", {"Authorization": f"Bearer {bearer}"})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
