"""A real platform with the small content, and an assessor at work on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_app.services.context import Context
from tests.builders import FakeClock
from tests.contract.running import Running, Server, lay, running, serving
from tests.contract.small_content import NOW, content
from tests.integration.at_work import at_work


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One web server for all tests; what it serves is each test's own."""
    with serving() as started:
        yield started


@pytest.fixture
def platform(tmp_path: Path, server: Server) -> Iterator[Running]:
    """A running platform of the test's own."""
    folder = tmp_path / "platform"
    lay(folder, content)
    with running(server, folder) as served:
        yield served


@pytest.fixture
def clock() -> FakeClock:
    """The clock of the assessor's machine."""
    return FakeClock(NOW)


@pytest.fixture
def anna(tmp_path: Path, platform: Running, clock: FakeClock) -> Iterator[Context]:
    """An assessor who is signed in and has everything."""
    with at_work(tmp_path, platform, clock=clock) as context:
        yield context
