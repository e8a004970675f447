"""Saved and synced: two facts, each in words; the queue; the banner."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from assessor_app.domain.states import OutboxState
from assessor_app.domain.troubles import Trouble
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.ui.external_links import open_network_page
from assessor_app.ui.sync_bar import OfflineBanner, SyncBar
from assessor_app.ui.waiting_list import WaitingList

_spec = importlib.util.spec_from_file_location("builders", Path(__file__).parents[1] / "builders.py")
assert _spec is not None
assert _spec.loader is not None
builders = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(builders)

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def bar(qtbot):
    made = SyncBar(zone=UTC)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("status", "words", "button"),
    [
        (SyncStatus(SyncState.IDLE), "Not synced yet", "Sync now"),
        (SyncStatus(SyncState.SYNCING), "Syncing…", ""),
        (SyncStatus(SyncState.SYNCING, done=3, total=9), "Syncing, 3 of 9 files", "Pause downloads"),
        (
            SyncStatus(
                SyncState.SYNCING, done=3, total=9, received_bytes=120_000_000, size_bytes=480_000_000
            ),
            "Syncing, 3 of 9 files, 120 MB of 480 MB of this one",
            "Pause downloads",
        ),
        (
            SyncStatus(SyncState.UP_TO_DATE, total=9, at=AT, is_paused=True),
            "Downloads paused, 9 files to come",
            "Go on with downloads",
        ),
        (SyncStatus(SyncState.UP_TO_DATE, at=AT, is_paused=True), "Up to date 14:02", "Sync now"),
        (SyncStatus(SyncState.SYNCING, waiting=2), "Sending, 2 to go", ""),
        (SyncStatus(SyncState.UP_TO_DATE, at=AT), "Up to date 14:02", "Sync now"),
        (SyncStatus(SyncState.OFFLINE), "Offline", "Try again"),
        (SyncStatus(SyncState.OFFLINE, waiting=1), "Offline - 1 change waiting to send", "Try again"),
        (SyncStatus(SyncState.OFFLINE, waiting=3), "Offline - 3 changes waiting to send", "Try again"),
        (
            SyncStatus(SyncState.SIGN_IN),
            "Sign in again to receive what is new. You can go on working.",
            "Sign in",
        ),
        (
            SyncStatus(SyncState.SIGN_IN, waiting=1, trouble=Trouble.SIGN_IN),
            "Sign in again to send 1 item. You can go on working.",
            "Sign in",
        ),
        (
            SyncStatus(SyncState.SIGN_IN, waiting=3, trouble=Trouble.SIGN_IN),
            "Sign in again to send 3 items. You can go on working.",
            "Sign in",
        ),
        (SyncStatus(SyncState.NEEDS_YOU, needs_you=1), "Needs you: 1 thing to look at", ""),
        (SyncStatus(SyncState.NEEDS_YOU, needs_you=2), "Needs you: 2 things to look at", ""),
    ],
)
def test_every_state_of_the_connection_is_said_in_words(bar, status, words, button):
    bar.show_status(status)
    assert bar.connection_text() == words
    shown = [b.text() for b in bar.findChildren(QPushButton) if b.isVisible()]
    assert shown == ([button, words] if button else [words])


TROUBLES = [
    (Trouble.OFFLINE, {"state": SyncState.OFFLINE}, "Offline", "Try again"),
    (Trouble.PORTAL, {}, "This network wants you to sign in first.", "Open browser"),
    (Trouble.NOT_FOUND, {}, "Platform not reachable", "Try again"),
    (Trouble.CHECKING, {}, "Checking whether it arrived", "Try again"),
    (Trouble.BUSY, {}, "The platform is busy, next try 14:02", "Try again"),
    (Trouble.UNAVAILABLE, {}, "Platform not available since 14:02", "Try again"),
    (
        Trouble.SIGN_IN,
        {"state": SyncState.SIGN_IN, "waiting": 2},
        "Sign in again to send 2 items. You can go on working.",
        "Sign in",
    ),
    (Trouble.ACCESS, {}, "Your access has changed. Contact the team lead.", "Try again"),
    (
        Trouble.INTERCEPTED,
        {},
        "This network intercepts secure connections. Try another, or ask IT.",
        "Try again",
    ),
    (Trouble.CLOCK, {"named": "2024"}, "Your computer's clock says 2024. Correct it to send.", "Try again"),
    (Trouble.CLOCK, {}, "Your computer's date is wrong. Correct it to send.", "Try again"),
    (
        Trouble.CERTIFICATE,
        {},
        "The platform's certificate has run out. Check your clock, or ask IT.",
        "Try again",
    ),
    (Trouble.UPDATE, {"named": "1.4"}, "Ask IT for version 1.4 to send. Work is kept.", "Try again"),
    (Trouble.UPDATE, {}, "Ask IT for a newer version to send. Work is kept.", "Try again"),
    (Trouble.UNREADABLE, {}, "The platform's answer could not be read. Your work is kept.", "Try again"),
    (Trouble.DISK_FULL, {}, "Disk full. Free space to go on.", "Try again"),
    (Trouble.DAMAGED, {}, "Part of the local store is damaged. What can be read is kept.", "Try again"),
    (Trouble.STORE, {"message": "In use by another program."}, "In use by another program.", "Try again"),
]


@pytest.mark.parametrize(("trouble", "facts", "words", "button"), TROUBLES)
def test_each_trouble_is_one_sentence_with_one_button(bar, trouble, facts, words, button):
    status = SyncStatus(SyncState.NEEDS_YOU, trouble=trouble, moment=AT)
    bar.show_status(replace(status, **facts))
    assert bar.connection_text() == words
    assert bar._retry.text() == button
    assert bar._retry.isVisible()


def test_no_trouble_is_without_its_sentence():
    assert {row[0] for row in TROUBLES} == set(Trouble)


def test_a_full_disk_names_the_last_save(bar):
    bar.show_saved(AT)
    bar.show_status(SyncStatus(SyncState.NEEDS_YOU, trouble=Trouble.DISK_FULL))
    assert bar.connection_text() == "Disk full. Your last save worked at 14:02. Free space to go on."


def test_more_is_said_in_the_bar_on_request_and_goes_with_the_trouble(bar, qtbot):
    bar.show_status(SyncStatus(SyncState.NEEDS_YOU, trouble=Trouble.INTERCEPTED))
    assert not bar._more.isVisible()
    qtbot.mouseClick(bar._details, Qt.MouseButton.LeftButton)
    assert bar._more.isVisible()
    assert "Nothing was sent" in bar._more.text()
    assert not any("anyway" in b.text().lower() for b in bar.findChildren(QPushButton))
    bar.show_status(SyncStatus(SyncState.UP_TO_DATE, at=AT))
    assert not bar._more.isVisible()
    assert not bar._details.isVisible()


def test_the_button_for_a_networks_page_asks_for_the_browser(bar, qtbot):
    bar.show_status(SyncStatus(SyncState.OFFLINE, trouble=Trouble.PORTAL))
    with qtbot.waitSignal(bar.browser_requested):
        qtbot.mouseClick(bar._retry, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("origin", "opened"),
    [
        ("https://assess.example.org:8443", ["http://assess.example.org/"]),
        ("http://127.0.0.1:8765", ["http://127.0.0.1/"]),
        ("file:///etc/passwd", []),
    ],
)
def test_a_networks_page_is_looked_for_at_the_platforms_own_host(origin, opened):
    heard: list[str] = []

    def hand_over(url):
        heard.append(url.toString())
        return True

    done = open_network_page(origin, open_url=hand_over)
    assert (heard, done) == (opened, bool(opened))


def test_a_sentence_without_room_ends_in_an_ellipsis_and_keeps_its_name(bar, qtbot):
    bar.show_status(SyncStatus(SyncState.NEEDS_YOU, trouble=Trouble.INTERCEPTED))
    bar.resize(500, bar.height())
    assert bar._connection.text().endswith("…")
    assert bar.connection_text() == bar._connection.accessibleName()
    assert bar.minimumSizeHint().width() < 500
    bar.resize(1400, bar.height())
    assert bar._connection.text() == bar.connection_text()


def test_every_state_is_covered():
    assert {state.value for state in SyncState} == {
        "idle",
        "syncing",
        "up_to_date",
        "offline",
        "sign_in",
        "needs_you",
    }


def test_saving_is_told_apart_from_syncing(bar):
    bar.show_status(SyncStatus(SyncState.OFFLINE, waiting=1))
    bar.show_saving(1)
    assert bar.saved_text() == "Saving…"
    bar.show_saved(AT)
    bar.show_saving(0)
    assert bar.saved_text() == "Saved on this computer 14:02"
    assert bar.connection_text() == "Offline - 1 change waiting to send"
    bar.show_not_saved("the disk is full")
    assert bar.saved_text() == "Not saved: the disk is full"


def test_a_full_disk_is_said_once_and_until_there_is_room(bar):
    bar.show_disk_full()
    assert bar.connection_text() == "Disk full. Free space to go on."
    bar.show_disk_full(False)
    assert bar.connection_text() == "Not synced yet"
    bar.show_saved(AT)
    bar.show_saving(1)
    bar.show_disk_full()
    said = "Disk full. Your last save worked at {}. Free space to go on."
    assert bar.connection_text() == said.format("14:02")
    assert bar.saved_text() == "Saved on this computer 14:02"
    # Saved in the room that is kept, and full all the same; a sync changes nothing about that.
    bar.show_saved(AT + timedelta(minutes=3))
    bar.show_status(SyncStatus(SyncState.SYNCING))
    assert bar.connection_text() == said.format("14:05")
    bar.show_disk_full(False)
    assert bar.connection_text() == "Syncing…"


def test_clicks_open_the_list_try_again_and_sign_in(bar, qtbot):
    heard: list[str] = []
    bar.waiting_list_requested.connect(lambda: heard.append("list"))
    bar.retry_requested.connect(lambda: heard.append("retry"))
    bar.sign_in_requested.connect(lambda: heard.append("sign in"))
    bar.show_status(SyncStatus(SyncState.OFFLINE))
    for button in bar.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    bar.show_status(SyncStatus(SyncState.SIGN_IN))
    qtbot.mouseClick(bar._retry, Qt.MouseButton.LeftButton)
    assert sorted(heard) == ["list", "retry", "sign in"]


def test_the_banner_comes_once_and_goes_when_the_platform_is_back(qtbot):
    banner = OfflineBanner()
    qtbot.addWidget(banner)
    offline, back = SyncStatus(SyncState.OFFLINE), SyncStatus(SyncState.UP_TO_DATE)
    seen = []
    for status in (back, offline, back, offline):
        banner.show_status(status)
        seen.append(banner.isVisible())
    assert seen == [False, True, False, False]


def texts_of(items, qtbot, now=AT):
    waiting = WaitingList(zone=UTC)
    qtbot.addWidget(waiting)
    waiting.show()
    waiting.show_items(items, {builders.submission_id(1): "S-0001, Asking questions"}, now)
    texts = [label.text() for label in waiting.findChildren(QLabel) if label.isVisible() and label.text()]
    return waiting, texts


def test_what_waits_says_what_when_and_how_far(qtbot):
    item = builders.outbox_item(1, created_at=AT - timedelta(hours=2))
    _, texts = texts_of([item], qtbot)
    assert "Recommendation for S-0001, Asking questions" in texts
    assert "Waiting to send" in texts
    assert "Made today 12:02" in texts


def test_attempts_are_told_from_the_third_on(qtbot):
    item = builders.outbox_item(1, created_at=AT)
    _, twice = texts_of([replace(item, attempts=2)], qtbot)
    _, thrice = texts_of([replace(item, attempts=3, next_try_at=AT + timedelta(minutes=8))], qtbot)
    assert not any("tried" in text for text in twice)
    assert "Waiting to send, tried 3 times. Next try 14:10" in thrice


def test_what_was_sent_shows_its_receipt_below_what_waits(qtbot):
    sent = builders.outbox_item(1, created_at=AT, state=OutboxState.ACKED)
    sent = replace(sent, receipt=builders.receipt(sent, received_at=AT))
    _, texts = texts_of([sent, builders.outbox_item(2, created_at=AT - timedelta(days=1))], qtbot)
    said = f"Sent today 14:02. Receipt {sent.sha256[:8].upper()}"
    assert texts.index("Waiting to send", 1) < texts.index(said)


@pytest.mark.parametrize("state", list(OutboxState))
def test_every_state_says_that_the_work_is_kept_or_where_it_is(qtbot, state):
    _, texts = texts_of([builders.outbox_item(1, created_at=AT, state=state)], qtbot)
    assert any(
        word in text
        for text in texts
        for word in ("Waiting to send", "Sending", "Sent", "kept")
        if text != texts[0]
    )


def test_the_list_opens_and_retries(qtbot):
    waiting, _ = texts_of([builders.outbox_item(1, created_at=AT)], qtbot)
    heard: list[object] = []
    waiting.open_requested.connect(heard.append)
    waiting.retry_requested.connect(lambda: heard.append("retry"))
    for button in waiting.findChildren(QPushButton):
        if button.isVisible():
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sorted(map(str, heard)) == sorted([str(builders.submission_id(1)), "retry"])


def test_an_empty_list_says_so_and_offers_nothing_to_try(qtbot):
    waiting, texts = texts_of([], qtbot)
    assert "Nothing waits to be sent." in texts
    assert not [button for button in waiting.findChildren(QPushButton) if button.isVisible()]


def test_the_details_of_a_trouble_lead_to_what_is_going_on(qtbot, bar):
    bar.show_status(SyncStatus(SyncState.NEEDS_YOU, trouble=Trouble.INTERCEPTED))
    (button,) = [b for b in bar.findChildren(QPushButton) if b.text() == "What is going on"]
    assert not button.isVisible()
    bar.toggle_details()
    assert button.isVisible()
    with qtbot.waitSignal(bar.going_on_requested):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    bar.show_status(SyncStatus(SyncState.UP_TO_DATE))
    assert not button.isVisible()
