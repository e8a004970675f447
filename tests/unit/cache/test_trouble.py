from __future__ import annotations

import pytest

from assessor_app.cache import trouble
from assessor_app.errors import DiskFull, StoreDamaged, StoreError, StoreUnwritable


class DriverError(Exception):
    def __init__(self, code: object) -> None:
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (5, StoreError),
        (6, StoreError),
        (261, StoreError),  # busy while another connection recovers
        (8, StoreUnwritable),
        (10, StoreUnwritable),
        (778, StoreUnwritable),  # a failed write
        (11, StoreDamaged),
        (13, DiskFull),
        (14, StoreUnwritable),
        (26, StoreDamaged),
    ],
)
def test_every_trouble_has_its_sentence(code: int, kind: type[StoreError]) -> None:
    told = trouble.translated(DriverError(code))
    assert type(told) is kind
    assert "safe" in told.message
    assert told.next_step


@pytest.mark.parametrize("code", [1, 19, 21, None])
def test_bugs_are_not_explained_away(code: int | None) -> None:
    assert trouble.translated(DriverError(code)) is None
    assert trouble.translated(ValueError()) is None
