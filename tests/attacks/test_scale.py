"""A large cache: everything comes, and what a person waits for stays within its limits; small here."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import scale

FEW = 200


def test_a_large_cache_is_filled_opened_searched_and_saved_to(tmp_path: Path) -> None:
    figure = scale.run(FEW, 1, tmp_path)
    assert figure.broken == ()
    assert f"{FEW:,} submissions, {4 * FEW:,} artifacts, 0 set aside" in figure.lines


@pytest.mark.heavy
def test_ten_thousand_submissions(tmp_path: Path) -> None:
    assert scale.run(scale.SMALL, 1, tmp_path).broken == ()


def test_what_takes_too_long_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "RATE_AT_LEAST", 10**6)
    assert any(line.startswith("first sync") for line in scale.run(50, 1, tmp_path).broken)
