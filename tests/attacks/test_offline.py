"""Weeks without a network end well: everything arrives once, every change comes, no conflict is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessor_app.domain.changes import ChangeSet
from assessor_app.sync import pull, push
from attacks import offline


@pytest.mark.timeout(600)
def test_long_spells_without_a_network_end_well(tmp_path: Path) -> None:
    assert offline.run(offline.SMALL, 1, tmp_path).broken == ()


def test_receipts_that_never_fit_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "matching_receipt", lambda *_: None)
    broken = offline.run(1, 1, tmp_path).broken
    assert any("ended as" in line or "still wait" in line for line in broken)


def test_changes_that_are_dropped_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apply = pull._Page._apply
    monkeypatch.setattr(
        pull._Page,
        "_apply",
        lambda self, kind, change, data: apply(self, kind, change, data) if change.rev % 5 else ChangeSet(),
    )
    assert any("records differ" in line for line in offline.run(1, 1, tmp_path).broken)
