"""When a lead is told that work may miss its date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assessor_app.domain.cases import WorkRisk
from assessor_app.domain.work_at_risk import work_risks

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SOON = NOW + timedelta(days=1)
LATER = NOW + timedelta(days=4)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"due_at": LATER, "final_at": LATER, "yours_until": LATER}, []),
        ({"due_at": LATER, "is_somebodys": False}, []),
        ({"due_at": SOON}, [WorkRisk.DUE_SOON]),
        ({"due_at": NOW}, [WorkRisk.DUE_SOON]),
        ({"due_at": SOON + timedelta(seconds=1)}, []),
        ({"due_at": SOON, "is_somebodys": False}, [WorkRisk.NOBODY]),
        ({"due_at": NOW - timedelta(seconds=1)}, [WorkRisk.OVERDUE]),
        ({"final_at": SOON}, [WorkRisk.FINAL_LIMIT]),
        ({"final_at": SOON + timedelta(seconds=1)}, []),
        ({"yours_until": NOW}, [WorkRisk.TIME_ENDED]),
        ({"yours_until": NOW + timedelta(seconds=1)}, []),
        ({"yours_until": NOW, "is_somebodys": False}, []),
        (
            {"due_at": NOW - timedelta(days=9), "final_at": NOW, "yours_until": NOW},
            [WorkRisk.OVERDUE, WorkRisk.FINAL_LIMIT, WorkRisk.TIME_ENDED],
        ),
    ],
)
def test_what_presses_most_comes_first(facts: dict[str, Any], found: list[WorkRisk]) -> None:
    asked = {"due_at": None, "final_at": None, "is_somebodys": True, **facts}
    assert work_risks(NOW, SOON, **asked) == tuple(found)
