"""The inbox in each of its states: groups, filters, saved views, search, taking work, nothing there."""

from __future__ import annotations

from typing import Any

from assessor_app.desk.trips import TripDesk
from assessor_app.domain.claims import QueueCount
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, SavedView
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, saved_views, searching
from assessor_app.ui.bulk_dialog import BulkDialog
from assessor_app.ui.claim_dialog import ClaimDialog, CountBox
from assessor_app.ui.inbox_search import SearchPage
from assessor_app.ui.sync_rounds import SyncRounds
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.afterwards import put_sent
from tests.looks.judging import finish, rate
from tests.looks.stage import SETTLE_MS, Stage


def _work(stage: Stage) -> None:
    """All of the demo's work: some of it begun, some sent, some waiting to leave."""
    for code in demo.codes_of(Role.ASSESSOR):
        stage.put(code)
    rate(stage, demo.submission("S-4TNB"), "331")
    put_sent(stage)
    waiting = demo.submission("S-7K2M")
    finish(stage, waiting)
    assessing.send(stage.context, waiting.id)


def _inbox(stage: Stage) -> Any:
    _work(stage)
    inbox = stage.sit_down().inbox
    inbox.focus_list()
    pause(SETTLE_MS)
    return inbox


def inbox_groups(stage: Stage) -> None:
    """By what is due."""
    _inbox(stage)


def inbox_at_risk(stage: Stage) -> None:
    """Only what is at risk."""
    _inbox(stage).bar.set_filter(InboxFilter(at_risk=True))
    pause(SETTLE_MS)


def inbox_filters(stage: Stage) -> None:
    """Several filters in layers."""
    layers = InboxFilter(
        kinds=(Kind.NEW, Kind.RETURNED), all_here=True,
        microcredentials=(MicrocredentialId("mc-math-talk"), MicrocredentialId("mc-writers-feedback")),
    )  # fmt: skip
    _inbox(stage).bar.set_filter(layers)
    pause(SETTLE_MS)


def inbox_nothing_fits(stage: Stage) -> None:
    """Filters that nothing fits."""
    _inbox(stage).bar.set_filter(InboxFilter(has_recordings=True, kinds=(Kind.RESUBMISSION,), text="letters"))
    pause(SETTLE_MS)


def inbox_views(stage: Stage) -> Any:
    """Saved views above the inbox."""
    views = (
        SavedView("", "Before Friday", InboxFilter(at_risk=True)),
        SavedView("", "With recordings", InboxFilter(has_recordings=True)),
        SavedView("", "Returned to me", InboxFilter(kinds=(Kind.RETURNED,))),
    )
    saved_views.save_views(stage.context, views)
    return _inbox(stage)


def inbox_view_saved(stage: Stage) -> None:
    """Saving a view."""
    inbox = inbox_views(stage)
    inbox.bar.set_filter(InboxFilter(all_here=True, kinds=(Kind.NEW,)))
    inbox.bar.save_requested.emit()
    pause(SETTLE_MS)


def inbox_views_arranged(stage: Stage) -> None:
    """Arranging the views."""
    inbox_views(stage).bar.manage_requested.emit()
    pause(SETTLE_MS)


def _search(stage: Stage, words: str) -> None:
    _work(stage)
    while searching.left(stage.context):
        searching.index_some(stage.context)
    stage.sit_down()
    stage.command("inbox.search")
    (page,) = stage.window.inbox.findChildren(SearchPage)
    stage.type(page.field, words)
    pause(4 * SETTLE_MS)


def search_found(stage: Stage) -> None:
    """What was found, by place."""
    _search(stage, "students talk")


def search_nothing(stage: Stage) -> None:
    """Nothing was found."""
    _search(stage, "zebra")


def work_taken(stage: Stage) -> None:
    """How much waits for whom, and how many she takes."""
    _inbox(stage)
    dialog = ClaimDialog(stage.window)
    titles = {f"mc-{version.id}": version.title for version in demo.content().rubrics}
    counts = zip(titles.items(), (12, 3, 1), strict=False)
    dialog.show_queue([QueueCount(MicrocredentialId(key), title, n) for (key, title), n in counts])
    dialog.show()
    dialog.findChildren(CountBox)[0].set_value(2)
    pause(SETTLE_MS)


def work_given_back(stage: Stage) -> None:
    """Giving several back at once."""
    inbox = _inbox(stage)
    rows = [row for code in ("S-4TNB", "S-6CZJ") if (row := inbox.model.known_row(demo.submission(code).id))]
    BulkDialog(rows, gives_back=True, parent=stage.window).show()
    pause(SETTLE_MS)


def _trip(stage: Stage) -> Any:
    for code in ("S-6CZJ", "S-2LPM", "S-W3QD"):
        stage.put(code)
    stage.put("S-4TNB")
    window = stage.sit_down()
    rounds = SyncRounds(stage.lanes, window)
    desk = TripDesk(
        window, stage.actions, stage.lanes, stage.lists, rounds, stage.context.clock, lambda _: None, window
    )
    stage.command("inbox.trip")
    stage.wait(lambda: desk.dialog is not None)
    pause(SETTLE_MS)
    return desk


def trip_chosen(stage: Stage) -> None:
    """Until when, and what comes along."""
    stage.press("In a week", _trip(stage).dialog)


def trip_checked(stage: Stage) -> Any:
    """What the check before leaving has found."""
    desk = _trip(stage)
    stage.press("In a week", desk.dialog)
    stage.press("Get everything and check", desk.dialog)
    stage.wait(lambda: not desk.dialog.is_running)
    return desk


def trip_line(stage: Stage) -> None:
    """The line above the inbox while a trip is set."""
    trip_checked(stage).dialog.close()
    pause(2 * SETTLE_MS)


def inbox_empty(stage: Stage) -> None:
    """Nothing is there."""
    stage.sit_down().inbox.end_first_sync()
    pause(SETTLE_MS)


WORK_LIST = {
    "inbox-groups": inbox_groups,
    "inbox-at-risk": inbox_at_risk,
    "inbox-filters": inbox_filters,
    "inbox-nothing-fits": inbox_nothing_fits,
    "inbox-views": inbox_views,
    "inbox-view-saved": inbox_view_saved,
    "inbox-views-arranged": inbox_views_arranged,
    "trip-chosen": trip_chosen,
    "trip-checked": trip_checked,
    "trip-line": trip_line,
    "inbox-empty": inbox_empty,
    "search-found": search_found,
    "search-nothing": search_nothing,
    "work-taken": work_taken,
    "work-given-back": work_given_back,
}
"""The inbox, by the name of its picture."""
