"""Rows of the inbox for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import SubmissionStatus

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""A Tuesday."""
DAY = timedelta(days=1)
BANDS = {LocalState.NEEDS_YOU: 0, LocalState.WAITING_TO_SEND: 2, LocalState.SENT: 2}
SETTLED = (
    SubmissionStatus.AWARDED,
    SubmissionStatus.DENIED,
    SubmissionStatus.INCOMPLETE,
    SubmissionStatus.WITHDRAWN,
)


def inbox_row(
    number: int = 1, due: timedelta | None = 3 * DAY, *, now: datetime = NOW, **changes: Any
) -> InboxRow:
    """A submission that was not started and is due in three days; its band follows from its state."""
    values: dict[str, Any] = {
        "id": SubmissionId(f"id-{number}"),
        "code": f"S-{number:04X}",
        "title": "Asking questions that make thinking visible",
        "status": SubmissionStatus.WAITING_ON_ASSESSOR,
        "submission_type": SubmissionType.FULL_PORTFOLIO,
        "due_at": None if due is None else now + due,
        "due_kind": None,
        "final_at": now + 10 * DAY,
        "local_state": LocalState.NOT_STARTED,
        "rated": 0,
        "criteria": 6,
        "is_resubmission": False,
        "is_returned": False,
        "lease_until": None,
        "evidence_ready": 4,
        "evidence_total": 6,
    } | changes
    band = 3 if values["status"] in SETTLED else BANDS.get(values["local_state"], 1)
    return InboxRow(**({"band": band} | values))


class LaterStore:
    """Answers requests for rows when told to, as a lane does: later."""

    def __init__(self, rows: list[InboxRow]) -> None:
        self.rows = {row.id: row for row in rows}
        self.asked: list[tuple[Any, Any]] = []

    @property
    def ids(self) -> list[SubmissionId]:
        return list(self.rows)

    @property
    def order(self) -> InboxOrder:
        return self.order_of(self.ids)

    def order_of(self, ids: Sequence[SubmissionId]) -> InboxOrder:
        return InboxOrder.of_rows(self.rows[key] for key in ids)

    def fetch(self, ids: Sequence[SubmissionId], deliver: Callable[[tuple[InboxRow, ...]], None]) -> None:
        self.asked.append((ids, deliver))

    def answer(self, count: int = 1000) -> None:
        while self.asked and count:
            ids, deliver = self.asked.pop(0)
            deliver(tuple(self.rows[key] for key in ids if key in self.rows))
            count -= 1
