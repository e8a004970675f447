"""Damage is noticed and drafts come back; without the note beside the store the attack sees the loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessor_app.cache import generation
from attacks import damage

pytestmark = pytest.mark.expects_log("does not verify; it is made again")


def test_every_harm_is_noticed_and_every_draft_comes_back(tmp_path: Path) -> None:
    figure = damage.run(damage.SMALL, 1, tmp_path)
    assert figure.broken == ()


@pytest.mark.parametrize("harm", ["older file", "log gone"])
def test_without_the_note_a_loss_would_pass_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(damage, "_ORDER", (harm,))
    monkeypatch.setattr(generation, "check", lambda *_: None)
    figure = damage.run(1, 1, tmp_path)
    assert figure.broken == (f"{harm}: not noticed, and something is not as it was saved",)
