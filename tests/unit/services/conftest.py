"""An assessor's and an approver's open profile with the same submission in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services.context import Context
from tests import builders
from tests.builders import FakeClock
from tests.contexts import context_in, give


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def assessor(tmp_path: Path, clock: FakeClock) -> Iterator[Context]:
    context = context_in(tmp_path / "assessor", Role.ASSESSOR, clock)
    give(context.store, builders.submission())
    yield context
    context.store.close()


@pytest.fixture
def approver(tmp_path: Path, clock: FakeClock) -> Iterator[Context]:
    context = context_in(tmp_path / "approver", Role.APPROVER, clock)
    give(context.store, builders.submission(status=SubmissionStatus.WAITING_ON_APPROVER), Role.APPROVER)
    yield context
    context.store.close()
