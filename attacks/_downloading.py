"""A workstation without windows that fetches what it wants, in a process that may be killed at any moment."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.sync.download_gate import DownloadGate
from assessor_app.sync.downloads import fetch_all
from assessor_app.sync.transport import Transport
from assessor_app.vault.sealed_file import SealedWriter
from tests.stores import open_store


class AtOnce(DownloadGate):
    """Tries again without a wait: the server that it talks to is this machine."""

    def wait(self, seconds: float) -> None:
        """Wait for nothing."""


def begin_anew() -> None:
    """Forget what has come at every cut and every start, as a client does that knows nothing of ranges."""
    original = SealedWriter.__init__

    def anew(self: SealedWriter, *arguments: object, **named: object) -> None:
        original(self, *arguments, **named | {"resume": False})  # type: ignore[arg-type]

    SealedWriter.__init__ = anew  # type: ignore[method-assign]


def main(folder: str, origin: str, is_forgetful: str) -> None:
    """Fetch, and say how much memory that took."""
    if is_forgetful == "1":
        begin_anew()
    clock = Clock()
    store = open_store(Path(folder), clock)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    transport = Transport(origin, access_token=lambda: "t")
    fetched = fetch_all(store, transport, clock=clock, gate=AtOnce(clock))
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    store.close()
    sys.stdout.write(json.dumps({"fetched": fetched, "grown_mb": grown_kb / 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
