"""Views of the inbox: kept in order, by role, over a restart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, SavedView, Show
from assessor_app.domain.inbox_groups import Group
from assessor_app.domain.roles import Role
from assessor_app.services import inbox_reading, saved_views
from assessor_app.services.context import Context
from tests.stores import open_store

WEEKEND = SavedView("", "Before the weekend", InboxFilter(due=(Group.OVERDUE, Group.TODAY), at_risk=True))
VIDEOS = SavedView(
    "",
    "Videos",
    InboxFilter(
        show=Show.TO_DO,
        microcredentials=(MicrocredentialId("mc-1"),),
        kinds=(Kind.NEW,),
        has_recordings=True,
        all_here=True,
        text="plan",
    ),
)


def test_views_are_kept_over_a_restart_in_the_persons_order(assessor: Context) -> None:
    saved_views.save_views(assessor, [WEEKEND, VIDEOS])
    first, second = saved_views.views(assessor)
    assert (first.wanted, second.wanted) == (WEEKEND.wanted, VIDEOS.wanted)
    assert first.id
    assert first.id != second.id
    saved_views.save_views(assessor, [second, replace(first, title="Friday")])
    assessor.store.close()
    again = replace(assessor, store=open_store(assessor.folder))
    assert saved_views.views(again) == (second, replace(first, title="Friday"))
    assert inbox_reading.overview(again, InboxFilter()).views == saved_views.views(again)
    saved_views.save_views(again, [second])
    assert saved_views.views(again) == (second,)
    again.store.close()


def test_each_role_has_its_own_views(assessor: Context) -> None:
    lead = replace(assessor, role=Role.LEAD)
    saved_views.save_views(assessor, [WEEKEND])
    saved_views.save_views(lead, [VIDEOS])
    assert [view.title for view in saved_views.views(assessor)] == ["Before the weekend"]
    assert [view.title for view in saved_views.views(lead)] == ["Videos"]


@pytest.mark.parametrize("document", [b"{}", b'{"id":"1","title":"x","wanted":{"show":"other"}}'])
def test_a_view_of_another_version_is_left_out(assessor: Context, document: bytes) -> None:
    saved_views.save_views(assessor, [WEEKEND, VIDEOS])
    with assessor.store.write() as txn:
        txn.connection.exec_driver_sql("UPDATE saved_filter SET document = ? WHERE position = 0", (document,))
    assert [view.title for view in saved_views.views(assessor)] == ["Videos"]
