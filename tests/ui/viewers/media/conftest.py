"""A desk with the demo's video and sound."""

from __future__ import annotations

import pytest

from tests.ui.viewers.media.stages import SOUND, VIDEO, MediaDesk


@pytest.fixture
def desk(qtbot, renderer, tmp_path):
    made = MediaDesk(
        tmp_path / "profile",
        renderer,
        {"Artifact 1.mp4": VIDEO.read_bytes(), "Artifact 2.m4a": SOUND.read_bytes()},
    )
    yield made
    made.close()
