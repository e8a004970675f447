"""One small platform is made once; each test gets a copy of it to serve and to change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.running import Client, Running, Server, lay, running, serving
from tests.contract.small_content import content


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a platform with the small content, never served itself."""
    folder = tmp_path_factory.mktemp("platform")
    lay(folder, content)
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One web server for all tests; what it serves is each test's own."""
    with serving() as started:
        yield started


@pytest.fixture
def platform(server: Server, template: Path, tmp_path: Path) -> Iterator[Running]:
    """A running platform with the small content."""
    folder = tmp_path / "platform"
    shutil.copytree(template, folder)
    with running(server, folder) as served:
        yield served


@pytest.fixture
def anna(platform: Running) -> Client:
    """The assessor of most submissions."""
    return platform.client("anna")


@pytest.fixture
def otto(platform: Running) -> Client:
    """The approver of most submissions."""
    return platform.client("otto")
