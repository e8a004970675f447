"""One renderer with its child for all tests of this folder; a test that ends children makes its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import seal


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    shared = Renderer()
    shared.warm_up()
    yield shared
    shared.close()


@pytest.fixture
def sealed(tmp_path: Path) -> Callable[..., EvidenceSource]:
    def seal_here(data: bytes, name: str, media_type: str = "") -> EvidenceSource:
        return seal(tmp_path, data, name, media_type)

    return seal_here
