"""The cases that need an address alone: on the reference platform, and on any other server that is named.

`python3 dev.py contract URL --tokens FILE [--writes]` names one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract import any_server
from tests.contract.any_server import READING, WRITING, Case, Server
from tests.contract.running import lasting_token, running

ADDRESS, TOKENS, MAY_WRITE = (f"ASSESSOR_CONTRACT_{name}" for name in ("SERVER", "TOKENS", "WRITES"))


@pytest.fixture(scope="module")
def any_platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server that the environment names; without one the reference platform."""
    if address := os.environ.get(ADDRESS):
        tokens = json.loads(Path(os.environ[TOKENS]).read_text("utf-8"))
        may_write = os.environ.get(MAY_WRITE) == "1"
        yield Server(address.rstrip("/"), tokens["assessor"], tokens.get("other_assessor"), may_write)
        return
    folder = tmp_path_factory.mktemp("any") / "platform"
    shutil.copytree(request.getfixturevalue("template"), folder)
    with running(request.getfixturevalue("server"), folder) as served:
        yield Server(served.origin, lasting_token("anna"), lasting_token("bert"), may_write=True)


@pytest.mark.parametrize("case", READING, ids=lambda case: case.__name__)
def test_reading(any_platform: Server, case: Case) -> None:
    case(any_platform)


@pytest.mark.parametrize("case", WRITING, ids=lambda case: case.__name__)
def test_writing(any_platform: Server, case: Case) -> None:
    if not any_platform.may_write:
        pytest.skip("the server may only be read from; --writes allows its drafts to be written")
    case(any_platform)


def test_every_case_is_run() -> None:
    cases = {
        value
        for name, value in vars(any_server).items()
        if callable(value) and getattr(value, "__module__", "") == any_server.__name__ and name[0] != "_"
    }
    assert cases - {Server} == {*READING, *WRITING}
