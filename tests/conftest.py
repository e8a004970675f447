"""What every test may rely on: no screen, no network, no files of the person's, no silence."""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest

from tests import compiled_once, longest_first, noting_secrets

OUR_LOGGERS = ("assessor_app", "reference_platform")
NEVER_RESOLVED = (".invalid", ".test", ".example")
"""Endings that no name server knows (RFC 6761): asking for them is a way to be offline."""

_left_the_machine: list[str] = []

hypothesis.settings.register_profile("here", deadline=None, max_examples=50)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="show the windows that tests open")


def pytest_configure(config: pytest.Config) -> None:
    onscreen = bool(config.getoption("--onscreen"))
    if not onscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = Path(tempfile.mkdtemp(prefix="tests-home-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    _move_home(home, onscreen=onscreen)
    if noting_secrets.FOLDER_VARIABLE in os.environ:
        noting_secrets.begin(Path(os.environ[noting_secrets.FOLDER_VARIABLE]))
    compiled_once.begin()
    sys.addaudithook(_refuse_to_leave_the_machine)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Last: where a run begins depends on how many there are once those not asked for are out.
    longest_first.put_longest_first(items)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking for garbage in it again and again is in vain."""
    gc.collect()
    gc.freeze()


def _move_home(home: Path, *, onscreen: bool) -> None:
    """Let every place where a program keeps things of its user lie in a scratch folder."""
    if onscreen and "XAUTHORITY" not in os.environ:
        os.environ["XAUTHORITY"] = str(Path.home() / ".Xauthority")
    places = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "roaming",
        "LOCALAPPDATA": home / "local",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
    }
    if not onscreen:
        # With windows it stays: the display's socket lies there.
        places["XDG_RUNTIME_DIR"] = home / "runtime"
    for name, place in places.items():
        place.mkdir(mode=0o700, exist_ok=True)
        os.environ[name] = str(place)
    # A test must never meet the keychain of the person who runs it.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


def stays_here(host: object) -> bool:
    """Whether a host, as a program names it, is this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_to_leave_the_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop each connection and each name look-up that is not for this machine."""
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path: a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if stays_here(host) or host == urlsplit(os.environ.get("ASSESSOR_CONTRACT_SERVER", "")).hostname:
        # The one other machine that a person may name, to try her platform against the contract.
        return
    if str(host).endswith(NEVER_RESOLVED):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    _left_the_machine.append(f"{event} {host}")
    raise PermissionError(f"A test tried to reach {host!r}; tests stay on this machine.")


@pytest.fixture(autouse=True)
def _stay_on_this_machine() -> Iterator[list[str]]:
    """Fail the test even where the program takes the refusal for a lost network."""
    _left_the_machine.clear()
    yield _left_the_machine
    assert not _left_the_machine, f"the test tried to leave this machine: {_left_the_machine}"


@pytest.fixture
def forgiven_attempts(_stay_on_this_machine: list[str]) -> Iterator[list[str]]:
    """Attempts to leave the machine, forgiven at the end: for the test of the guard itself."""
    yield _stay_on_this_machine
    _stay_on_this_machine.clear()


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail the test when the program warned in its log and the test did not expect it."""
    yield
    patterns = [str(marker.args[0]) for marker in request.node.iter_markers("expects_log")]
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    unexpected = unexpected_records(records, patterns)
    assert not unexpected, f"unexpected in the log (see the marker expects_log): {unexpected}"


def unexpected_records(records: list[logging.LogRecord], patterns: list[str]) -> list[str]:
    """Warnings and errors of ours that no pattern fits."""
    return [
        f"{record.name}: {record.getMessage()}"
        for record in records
        if record.levelno >= logging.WARNING
        and record.name.split(".")[0] in OUR_LOGGERS
        and not any(re.search(pattern, record.getMessage()) for pattern in patterns)
    ]
