"""The change feed: pages of changes since a cursor, and the manifest to start over from."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import (
    MAX_PAGE_BYTES,
    ChangeWire,
    ManifestEntry,
    SyncManifest,
    SyncPage,
    as_json,
    utc_text,
)
from reference_platform import at_risk, cursors
from reference_platform.auth.bearer import SignedIn
from reference_platform.feed import floor, last_number
from reference_platform.models import FeedRow
from reference_platform.platform import platform_of
from reference_platform.projection import View, WireData

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
ENVELOPE_BYTES = 400
"""Room for what stands around the changes of a page."""

router = APIRouter(tags=["sync"])


@router.get("/v1/sync", response_model=SyncPage)
def sync(
    request: Request,
    actor: SignedIn,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """Changes after the cursor, oldest first; everything without one."""
    platform = platform_of(request)
    if Role.LEAD in actor.roles:
        at_risk.watch(platform)
    with platform.database.read() as session:
        after = cursors.decode(session, actor.actor_id, cursor) if cursor else 0
        if cursor and after < floor(session):
            raise cursors.expired()
        newest = last_number(session)
        rows = list(
            session.scalars(
                select(FeedRow)
                .where(FeedRow.actor_id == actor.actor_id, FeedRow.seq > after)
                .order_by(FeedRow.seq)
                .limit(limit + 1)
            )
        )
        data = View(session, actor.actor_id).data_of(rows[:limit])
        changes, taken = _fill_page(rows[:limit], data)
        has_more = taken < len(rows)
        number = rows[taken - 1].seq if has_more else max(newest, after)
        next_cursor = cursors.encode(session, actor.actor_id, number)
    tail = {
        "next_cursor": next_cursor,
        "has_more": has_more,
        "server_time": utc_text(platform.clock.now()),
    }
    body = b'{"changes":[' + b",".join(changes) + b"]," + json.dumps(tail).encode()[1:]
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/v1/sync/manifest", response_model=SyncManifest)
def manifest(request: Request, actor: SignedIn) -> Response:
    """All records that the actor should hold, and the cursor to go on from."""
    platform = platform_of(request)
    with platform.database.read() as session:
        document = SyncManifest(
            entries=_entries(session, actor.actor_id),
            next_cursor=cursors.encode(session, actor.actor_id, last_number(session)),
            server_time=platform.clock.now(),
        )
    body = json.dumps(as_json(document))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def _entries(session: Session, actor_id: str) -> list[ManifestEntry]:
    rows = session.scalars(
        select(FeedRow).where(FeedRow.actor_id == actor_id, FeedRow.removed.is_(False)).order_by(FeedRow.seq)
    ).all()
    seen = View(session, actor_id).data_of(rows)
    return [
        ManifestEntry(type=row.type, id=row.record_id, rev=row.seq)
        for row in rows
        if (row.type, row.record_id) in seen
    ]


def _fill_page(rows: list[FeedRow], data: dict[tuple[str, str], WireData]) -> tuple[list[bytes], int]:
    """Changes as JSON, and how many rows are told: as many as fit a page, but at least one."""
    page: list[bytes] = []
    size_bytes = ENVELOPE_BYTES
    for count, row in enumerate(rows):
        change = json.dumps(
            as_json(_change(row, data.get((row.type, row.record_id)))),
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        size_bytes += len(change) + 1
        if page and size_bytes > MAX_PAGE_BYTES:
            return page, count
        page.append(change)
    return page, len(rows)


def _change(row: FeedRow, data: WireData | None) -> ChangeWire:
    if row.removed or data is None:
        reason = row.reason if row.removed else "no longer yours"
        return ChangeWire(type=row.type, id=row.record_id, rev=row.seq, op="remove", reason=reason)
    return ChangeWire(type=row.type, id=row.record_id, rev=row.seq, op="upsert", data=data)
