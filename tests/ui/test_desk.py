"""The desk on a real platform: offline at first, signing in and out, closing, locking, and what is kept."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from sqlalchemy import update

from assessor_app.cache import outbox, sync_state
from assessor_app.clock import Clock
from assessor_app.config import ColourScheme, MachinePolicy, load_config
from assessor_app.desk import stretch
from assessor_app.desk.kept_settings import KeptSettings
from assessor_app.desk.look import KeptLook, kept_scheme
from assessor_app.desk.unlocking import PASSPHRASE_VARIABLE
from assessor_app.desk.way import SignInWay
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import reading
from assessor_app.services.opening import close_context, open_context
from assessor_app.sync import auth
from assessor_app.ui.refusal import RefusalPage
from assessor_app.ui.scoring.bank.manage import ManageComments
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.sync_rounds import FIRST_RETRY_MS, LONGEST_RETRY_MS
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.unlock import UnlockPage
from assessor_app.vault.keys import MasterKey
from reference_platform.models import Token
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import FIRST, content
from tests.ui.desks import (
    AT_ONCE,
    NOWHERE,
    PASSPHRASE,
    Person,
    browse_later,
    press,
    silent_platform,
    words_on,
)

BY_HAND = SignInWay(account="anna", browser=browse_later)
CLOSES_WITHIN_S = 5.0


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One platform for all: the desks' profiles are each test's own."""
    folder = tmp_path_factory.mktemp("platform") / "data"
    lay(folder, content)
    with serving() as server, running(server, folder) as platform:
        yield platform


@pytest.fixture
def person(qtbot, qapp, tmp_path, monkeypatch):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    someone = Person(qtbot, theme, tmp_path / "profile")
    yield someone
    someone.leave()
    theme.apply(Scheme.LIGHT, 100)


def open_first(person, desk):
    """The first submission, open in its workspace."""
    desk.open_submission(FIRST)
    person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    return desk.window.workspace()


def type_feedback(qtbot, workspace, text: str) -> None:
    edit = workspace.panel.cards[0].feedback.text.edit
    edit.setFocus()
    qtbot.keyClicks(edit, text)


def kept_feedback(person, master) -> list[str]:
    """The feedback of the first submission as the store has it."""
    context = open_context(
        person.folder, master.database_key(), origin=NOWHERE, role=person.role, clock=Clock()
    )
    try:
        opened = reading.open_submission(context, SubmissionId(FIRST))
        return [feedback.text for feedback in opened.assessment.feedback]
    finally:
        close_context(context)


def synced(person, served: Running):
    """A desk that is signed in and has everything."""
    person.origin = served.origin
    desk = person.sit_down(AT_ONCE)
    person.wait_bar(desk, "Up to date")
    person.wait(lambda: desk.window.inbox.model.known_row(SubmissionId(FIRST)) is not None)
    return desk


def test_the_first_start_without_the_platform_is_honest_and_goes_on_when_it_comes(
    person, tmp_path, qtbot, monkeypatch
):
    person.make_key()
    lay(tmp_path / "platform", content)
    with serving() as (origin, _):
        pass
    person.origin = origin
    desk = person.sit_down(AT_ONCE)
    person.wait_bar(desk, "Offline")
    person.wait(lambda: "Nothing is here yet." in words_on(desk.window.inbox))
    assert "Nothing is here yet.\nThe platform cannot be reached just now." in words_on(desk.window.inbox)
    assert "Nothing waits for you." not in words_on(desk.window)
    # Who opens the page of a network's own sign-in has it looked for soon, however long it took so far.
    opened: list[str] = []
    monkeypatch.setattr(stretch, "open_network_page", opened.append)
    person.wait(lambda: not desk.rounds.is_running)
    desk.rounds._is_offline = True
    desk.rounds._timer.start(LONGEST_RETRY_MS)
    desk.window.sync_bar.browser_requested.emit()
    assert (opened, desk.rounds._timer.interval()) == ([origin], FIRST_RETRY_MS)
    with serving(int(origin.rpartition(":")[2])) as server, running(server, tmp_path / "platform"):
        press(qtbot, desk.window, "Try again")
        person.wait_bar(desk, "Up to date")
        person.wait(lambda: desk.window.inbox.model.total > 0)
        desk.window.close()


def test_signing_in_by_hand_offline_cancelled_and_done(person, served, qtbot):
    person.make_key()
    person.origin = served.origin
    opened: list[str] = []
    person_is_slow = SignInWay(account="anna", browser=opened.append)
    desk = person.sit_down(person_is_slow)
    page = person.wait_gate(desk, SignInPage)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: opened)
    press(qtbot, page, "Cancel")
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: len(opened) == 2)
    # The first attempt's page is of no use any more; the second one's is.
    browse_later(opened[1])
    person.wait(lambda: desk.window.gate() is None)
    person.wait_bar(desk, "Up to date")
    assert "Nothing waits for you." not in words_on(desk.window.inbox)
    person.wait(lambda: desk.window.inbox.model.total > 0)


def test_a_platform_that_is_not_there_is_told_on_the_page_that_signs_in(person, qtbot):
    person.make_key()
    desk = person.sit_down(BY_HAND)
    page = person.wait_gate(desk, SignInPage)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "cannot be reached" in page.said())
    assert "safe" in page.said()
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: "cannot be reached" in page.said())


def test_what_was_typed_last_is_kept_when_the_window_closes_at_once(person, served, qtbot):
    master = person.make_key()
    desk = synced(person, served)
    workspace = open_first(person, desk)
    assert desk.window.windowTitle() == "S-0001 - Assessor Workstation"
    type_feedback(qtbot, workspace, "to the last letter Z")
    desk.window.close()
    assert kept_feedback(person, master) == ["to the last letter Z"]


def test_a_submission_wanted_before_the_store_is_open_opens_then(person, served):
    person.make_key()
    synced(person, served).window.close()
    desk = person.sit_down(AT_ONCE)
    desk.open_submission(FIRST)
    assert desk.window.workspace() is None
    person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    assert desk.window.workspace().opened.submission.id == FIRST


def test_the_comments_window_opens_from_the_menu_once_the_profile_is_open(person, served):
    person.make_key()
    desk = synced(person, served)
    desk.window.menus.own("bank.manage").trigger()
    person.wait(lambda: desk.window.findChildren(ManageComments) != [])
    (dialog,) = desk.window.findChildren(ManageComments)
    person.wait(lambda: dialog.shelf.is_read)
    dialog.accept()
    desk.lock()
    assert not desk.window.menus.own("bank.manage").isEnabled()


def test_the_title_names_nobody(person, served):
    person.make_key()
    desk = synced(person, served)
    open_first(person, desk)
    titles = [desk.window.windowTitle(), QApplication.applicationDisplayName()]
    assert not [title for title in titles if "anna" in title or "profile" in title]


def test_closing_during_a_sync_neither_waits_nor_loses_anything(person, qtbot):
    master = person.make_key()
    with silent_platform() as (origin, called):
        store = person.store(master)
        with store.write() as txn:
            sync_state.set_secret(txn, auth.ACCESS, "token")
        store.close()
        person.origin = origin
        desk = person.sit_down(AT_ONCE)
        person.wait(called.is_set)
        assert desk.rounds.is_running
        started = time.monotonic()
        desk.window.close()
        assert time.monotonic() - started < CLOSES_WITHIN_S
        assert lane_threads() == []
    store = person.store(master)
    with store.read() as txn:
        assert sync_state.get_secret(txn, auth.ACCESS) == "token"
        assert outbox.items(txn) == ()
    store.close()


def test_closing_while_it_opens_leaves_no_render_worker(person):
    before = render_workers()
    person.make_key()
    desk = person.sit_down(AT_ONCE)
    person.wait(lambda: desk._opening._built is not None or desk.rounds is not None)
    desk.window.close()
    assert render_workers() <= before
    # The last connection takes the write-ahead log with it.
    assert not (person.folder / "store.db-wal").exists()


def lane_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("lane-")]


def render_workers() -> set[int | None]:
    """Those of this process; tests that ran before may keep some of their own."""
    return {child.pid for child in multiprocessing.active_children()}


def mirrored_keys(master: MasterKey) -> list[bytes]:
    return [master.secret[::-1], master.database_key()[::-1]]


def holders_of(mirrored: list[bytes]) -> set[str]:
    """Kinds of living objects that hold one of these keys, told backwards so that this test holds none."""
    gc.collect()
    found = set()
    for thing in gc.get_objects():
        for held in gc.get_referents(thing):
            is_key = isinstance(held, bytes) and len(held) == 32 and held[::-1] in mirrored
            is_text = isinstance(held, str) and any(one[::-1].hex() in held for one in mirrored)
            if is_key or is_text:
                found.add(type(thing).__name__)
    return found


def test_locking_hides_everything_keeps_the_draft_and_comes_back_to_it(person, served, qtbot, monkeypatch):
    before = render_workers()
    mirrored = mirrored_keys(person.make_key())
    desk = synced(person, served)
    workspace = open_first(person, desk)
    type_feedback(qtbot, workspace, "half a sent")
    assert {"MasterKey", "Store"} <= holders_of(mirrored)
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    qtbot.keyClick(
        desk.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    page = person.wait_gate(desk, UnlockPage)
    assert desk.window.workspace() is None
    assert desk.window.inbox.model.total == 0
    assert "S-0001" not in desk.window.windowTitle() + words_on(desk.window)
    assert desk.rounds is None
    assert lane_threads().count("lane-network-0") == 1
    assert render_workers() <= before
    del workspace
    # Nothing that lives holds the key any more.
    person.wait(lambda: not holders_of(mirrored))
    field = next(f for f in page.findChildren(QLineEdit) if f.isVisible())
    qtbot.keyClicks(field, PASSPHRASE)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    person.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    card = desk.window.workspace().panel.cards[0]
    assert card.feedback.text.text() == "half a sent"
    person.wait_bar(desk, "Up to date")


def test_unlocking_without_a_passphrase_is_one_button(person, served, qtbot):
    person.make_key()
    desk = synced(person, served)
    desk.lock()
    page = person.wait_gate(desk, RefusalPage)
    assert "Everything you wrote is kept." in words_on(page)
    press(qtbot, page, "Unlock")
    person.wait_open(desk)
    person.wait(lambda: desk.window.inbox.model.total > 0)


def test_an_ended_sign_in_is_asked_for_in_the_bar_and_work_goes_on(person, served, qtbot):
    person.make_key()
    synced(person, served).window.close()
    with served.platform.database.write() as session:
        mine = update(Token).where(Token.actor_id == "a-anna")
        session.execute(mine.values(revoked_at=served.clock.now()))
    for _ in range(2):  # refused once, and then known to be
        desk = person.sit_down(BY_HAND)
        person.wait_bar(desk, "Sign in again to ")
        assert desk.window.gate() is None
        desk.window.close()
    desk = person.sit_down(BY_HAND)
    person.wait_bar(desk, "Sign in again to ")
    workspace = open_first(person, desk)
    type_feedback(qtbot, workspace, "still here")
    workspace.flush()
    person.wait(lambda: desk.window.sync_bar.saved_text().startswith("Saved on this computer"))
    press(qtbot, desk.window, "Sign in")
    page = person.wait_gate(desk, SignInPage)
    press(qtbot, page, "Sign in with your browser")
    person.wait_bar(desk, "Up to date")
    assert desk.window.gate() is None
    assert desk.window.workspace() is workspace


def test_working_offline_ends_the_wait_for_the_browser(person, served, qtbot):
    person.make_key()
    synced(person, served).window.close()
    opened: list[str] = []
    desk = person.sit_down(SignInWay(account="anna", browser=opened.append))
    person.wait_bar(desk, "Up to date")
    desk.show_sign_in()
    page = person.wait_gate(desk, SignInPage)
    press(qtbot, page, "Sign in with your browser")
    person.wait(lambda: opened)
    press(qtbot, page, "Work offline")
    assert desk.window.gate() is None
    desk.sync_now()
    person.wait_bar(desk, "Up to date")


@pytest.mark.parametrize(
    ("entry", "scheme"), [("theme.dark", Scheme.DARK), ("theme.high_contrast", Scheme.HIGH_CONTRAST)]
)
def test_colours_and_text_size_are_kept_for_the_next_start(person, qapp, tmp_path: Path, entry, scheme):
    person.make_key()
    data = tmp_path / "data"
    config = load_config(data_dir=data, policy=MachinePolicy())
    desk = person.sit_down(AT_ONCE)
    lanes = Lanes(None)
    settings = KeptSettings(config, lanes)
    KeptLook(settings, person.theme, settings)
    desk.window.menus.own(entry).trigger()
    desk.window.menus.own("text.larger").trigger()
    desk.window.close()
    assert lanes.close()
    config = load_config(data_dir=data, policy=MachinePolicy())
    assert (config.colour_scheme.value, config.font_scale_percent) == (scheme.value, 110)
    again = Theme(qapp)
    again.apply(kept_scheme(config), config.font_scale_percent)
    assert (again.scheme, again.scale_percent) == (scheme, 110)


def test_every_scheme_can_be_kept():
    assert {scheme.value for scheme in Scheme} == {scheme.value for scheme in ColourScheme}
