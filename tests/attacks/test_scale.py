"""A large cache: everything comes, and what a person waits for stays within its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import scale
from attacks.scale import SMALL


@pytest.mark.timeout(400)
def test_a_cache_of_ten_thousand_is_filled_opened_searched_and_saved_to(tmp_path: Path) -> None:
    figure = scale.run(SMALL, 1, tmp_path)
    assert figure.broken == ()
    assert f"{SMALL:,} submissions, {4 * SMALL:,} artifacts, 0 set aside" in figure.lines


def test_what_takes_too_long_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "RATE_AT_LEAST", 10**6)
    assert any(line.startswith("first sync") for line in scale.run(50, 1, tmp_path).broken)


def test_an_inbox_that_is_slow_behind_a_write_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "INBOX_MS", 0.001)
    broken = scale.run(50, 1, tmp_path).broken
    assert [line.partition(":")[0] for line in broken] == [
        "inbox open behind a write",
        "inbox open while saves go on",
    ]
