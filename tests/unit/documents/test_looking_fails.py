"""Where looking for names itself fails, the page is not handed on as if there were none."""

from __future__ import annotations

from typing import Any

import pytest

from assessor_app.documents import worker_identity
from assessor_app.privacy import identity_scan


class OnePage:
    """A document of one page with one word."""

    def __init__(self, *, is_readable: bool = True) -> None:
        self.is_readable = is_readable

    def words(self, _page: int) -> list[Any]:
        if not self.is_readable:
            raise ValueError("no words in it")
        return [(10.0, 10.0, 60.0, 20.0, "Name:", 0, 0, 0)]

    def page_size(self, _page: int) -> tuple[float, float]:
        return 612.0, 792.0

    def is_picture(self, _page: int) -> bool:
        return False


def test_a_page_whose_words_cannot_be_read_has_nothing_to_cover() -> None:
    found: Any = worker_identity._look_at(OnePage(is_readable=False), 0)
    assert found == worker_identity.LookedAt([], ())


def test_a_fault_of_the_scan_is_not_taken_for_a_page_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(identity_scan, "scan_page", broken)
    with pytest.raises(RuntimeError):
        worker_identity._look_at(OnePage(), 0)
