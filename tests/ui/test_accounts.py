"""Several accounts on one computer, with real platforms, stores and keys: changed over, never mixed, left."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from typing import Any

import keyring
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from assessor_app.app import Start, first_profile, open_accounts
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.config import MachinePolicy, load_config
from assessor_app.desk.accounts import Accounts
from assessor_app.desk.way import SignInWay
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, StoreDamaged
from assessor_app.services import profiles
from assessor_app.services.profiles import PROFILE_NAME, Profile, find_or_create, listing
from assessor_app.single_instance import SingleInstance
from assessor_app.tour.demo import walk_through_sign_in
from assessor_app.ui.accounts.account_form import AccountForm, NameForm
from assessor_app.ui.accounts.leave_dialog import LeaveDialog
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.vault import keys
from tests.contract.running import fill, running, serving
from tests.contract.small_content import FIRST, content
from tests.keychains import use_folder_keychain
from tests.ui.desks import NOWHERE, PATIENCE_MS, press, words_on

TIMES = 10
PLAIN = Start()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform") / "data"
    fill(folder, content())
    with serving() as server, running(server, folder) as platform:
        yield platform


@pytest.fixture
def keychain(tmp_path):
    before = keyring.get_keyring()
    yield use_folder_keychain(tmp_path / "keychain")
    keyring.set_keyring(before)


class Laptop:
    """One computer with its accounts, and the program on it."""

    def __init__(self, qtbot, theme: Theme, folder: Path) -> None:
        self.qtbot, self.theme, self.folder = qtbot, theme, folder
        self.bugs: list[str] = []
        self.accounts: Any = None

    @property
    def profiles(self) -> Path:
        return self.folder / "profiles"

    def add(self, origin: str, account: str) -> Profile:
        """An account that was set up before."""
        profile = find_or_create(self.profiles, origin, account, clock=Clock())
        master = keys.create_key(profile.folder, profile.id, clock=Clock(), passphrase=None)
        Store.open(profile.folder, master.database_key(), clock=Clock()).close()
        return profile

    def start(self):
        """The program, with nothing open yet."""
        config = load_config(data_dir=self.folder, policy=MachinePolicy())
        self.accounts = accounts = Accounts(config, self.theme, Clock(), way_for)
        accounts.lanes.bug.connect(self.bugs.append)
        accounts.begin(listing(config.profiles_dir))
        return accounts

    def wait(self, look) -> None:
        self.qtbot.waitUntil(lambda: bool(look()), timeout=PATIENCE_MS)

    def wait_open(self, profile):
        """Until this account is open and its store as well."""
        self.wait(
            lambda: (
                self.accounts.present is not None
                and self.accounts.present.profile == profile
                and self.accounts.present.desk.is_open
            )
        )
        self.accounts.present.desk.lanes.bug.connect(self.bugs.append)

    def leave(self):
        if self.accounts is not None:
            self.accounts.end()
            self.accounts.deleteLater()
        assert self.bugs == []


def way_for(profile: Profile) -> SignInWay:
    return SignInWay(profile.account, walk_through_sign_in, is_automatic=profile.origin != NOWHERE)


@pytest.fixture
def laptop(qtbot, qapp, tmp_path, keychain):
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    made = Laptop(qtbot, theme, tmp_path / "data")
    yield made
    made.leave()


def dialog_of(kind):
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found[-1] if found else None


def other_menu(accounts):
    return accounts.present.desk.window.navigation.account.menu()


def files_of(folder: Path) -> set[str]:
    """Files that this process holds open below a folder."""
    held = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{descriptor}")
        except OSError:
            continue
        if target.startswith(str(folder)):
            held.add(target)
    return held


def settle() -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
    gc.collect()


@pytest.mark.heavy
@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="handles are counted as on Linux")
def test_changing_over_again_and_again_leaves_nothing_of_the_other_behind(laptop):
    north, south = laptop.add(NOWHERE, "anna"), laptop.add("http://127.0.0.1:7", "anna")
    accounts = laptop.start()
    accounts.open(north)
    laptop.wait_open(north)
    counts = []
    for turn in range(TIMES):
        wanted, left = (south, north) if turn % 2 == 0 else (north, south)
        # Two clicks: the button opens its menu, and there the other account stands.
        first = other_menu(accounts).actions()[0]
        assert first.data() == wanted.id
        first.trigger()
        laptop.wait_open(wanted)
        settle()
        assert not {path for path in files_of(left.folder) if not path.endswith("/lock")}
        assert not (left.folder / "lock").exists()
        windows = [w for w in QApplication.topLevelWidgets() if w.objectName() == "main_window"]
        counts.append((threading.active_count(), len(files_of(laptop.folder)), len(windows)))
    # Threads of lanes start when they are asked: the count may differ by those of one window, never grow.
    assert max(count[0] for count in counts[4:]) <= max(count[0] for count in counts[:4])
    assert {count[2] for count in counts} == {1}
    assert max(count[1] for count in counts[4:]) <= max(count[1] for count in counts[:4])


def test_two_accounts_never_see_each_others_store_or_key(laptop, served, keychain):
    anna, bert = laptop.add(served.origin, "anna"), laptop.add(served.origin, "both")
    accounts = laptop.start()
    accounts.open(anna)
    laptop.wait_open(anna)
    model = accounts.present.desk.window.inbox.model
    laptop.wait(lambda: model.known_row(SubmissionId(FIRST)) is not None)
    untouched = {path: path.read_bytes() for path in bert.folder.rglob("*") if path.is_file()}
    assert "standing.json" not in {path.name for path in untouched}
    accounts.open(bert)
    laptop.wait_open(bert)
    assert accounts.present.desk.window.inbox.model.known_row(SubmissionId(FIRST)) is None
    kept = {path: path.read_bytes() for path in anna.folder.rglob("*") if path.is_file()}
    laptop.wait(lambda: accounts.present.desk.rounds is not None)
    accounts.end()
    assert {path: path.read_bytes() for path in anna.folder.rglob("*") if path.is_file()} == kept
    of_anna = keys.open_key(anna.folder, anna.id, passphrase=None)
    with pytest.raises(StoreDamaged):
        Store.open(bert.folder, of_anna.database_key(), clock=Clock())
    assert keychain.names() == sorted([anna.id, bert.id])


def test_the_one_used_last_opens_by_itself_and_a_signed_out_one_asks(laptop):
    config = load_config(data_dir=laptop.folder, policy=MachinePolicy())

    def first(start: Start = PLAIN) -> Profile | None:
        return first_profile(start, config, listing(laptop.profiles), Clock())

    assert first() is None
    north = laptop.add("https://north.example.org", "anna")
    assert first() == north
    south = laptop.add("https://south.example.org", "anna")
    assert first() is None
    profiles.note_opened(south.folder, Role.APPROVER, Clock().now())
    assert first() == south
    assert first(Start(profile="anna@North.example.org")) == north
    assert first(Start(origin="https://north.example.org", account="anna")) == north
    with pytest.raises(KnownError, match=r"On this computer: anna@"):
        first(Start(profile="nobody"))
    profiles.note_signed_out(south.folder, True)
    assert first() is None


def test_without_any_account_the_start_asks_for_one(laptop, qtbot, monkeypatch):
    monkeypatch.setenv("ASSESSOR_DATA_DIR", str(laptop.folder))
    laptop.accounts = open_accounts(Start(), laptop.theme)
    accounts = laptop.accounts
    laptop.wait(lambda: accounts.chooser is not None and accounts.chooser.isVisible())
    assert "There is none yet." in words_on(accounts.chooser)
    press(qtbot, accounts.chooser, "Add an account…")
    form = dialog_of(AccountForm)
    form.fill("127.0.0.1:9", "anna")
    press(qtbot, form, "Add and open")
    # A host without a scheme is https; plain http is only for this computer itself, when it is written out.
    laptop.wait(lambda: accounts.present is not None)
    assert accounts.present.profile.origin == "https://127.0.0.1:9"
    assert accounts.chooser is None


def test_the_list_names_repairs_and_says_what_it_cannot_open(laptop, qtbot):
    north, south = laptop.add(NOWHERE, "anna"), laptop.add("http://127.0.0.1:7", "anna")
    (south.folder / PROFILE_NAME).write_text("{")
    elsewhere = SingleInstance(north.folder, north.id)
    accounts = laptop.start()
    accounts.show_chooser()
    laptop.wait(lambda: "description is damaged" in words_on(accounts.chooser))
    # As high as the accounts are: none is cut off while the screen has room.
    laptop.wait(lambda: accounts.chooser._area.verticalScrollBar().maximum() == 0)
    press(qtbot, accounts.chooser, "Open")
    laptop.wait(lambda: "already open" in accounts.chooser.said())
    elsewhere.release()
    press(qtbot, accounts.chooser, "Set right…")
    form = dialog_of(AccountForm)
    form.fill("http://127.0.0.1:7", "anna")
    press(qtbot, form, "Set right")
    laptop.wait(lambda: "description is damaged" not in words_on(accounts.chooser))
    accounts.chooser.rename_requested.emit(south.id, "South <b>state</b>")
    laptop.wait(lambda: "South <b>state</b>" in words_on(accounts.chooser))
    accounts.chooser._ask_for_name(south.id)
    form = dialog_of(NameForm)
    assert form.findChild(QLineEdit).text() == "South <b>state</b>"
    form.reject()
    # Left by keyboard it is gone, and the next one is whole.
    qtbot.keyClick(accounts.chooser, Qt.Key.Key_Escape)
    laptop.wait(lambda: accounts.chooser is None)
    accounts.show_chooser()
    laptop.wait(lambda: "South <b>state</b>" in words_on(accounts.chooser))
    accounts.chooser.close()
    laptop.wait(lambda: accounts.chooser is None)


def test_signing_out_tells_what_is_unsent_and_keeps_it(laptop, served, qtbot):
    anna = laptop.add(served.origin, "anna")
    accounts = laptop.start()
    accounts.open(anna)
    laptop.wait_open(anna)
    desk = accounts.present.desk
    laptop.wait(lambda: desk.window.inbox.model.known_row(SubmissionId(FIRST)) is not None)
    desk.open_submission(FIRST)
    laptop.wait(lambda: getattr(desk.window.workspace(), "opened", None) is not None)
    edit = desk.window.workspace().panel.cards[0].feedback.text.edit
    edit.setFocus()
    qtbot.keyClicks(edit, "An evening's work.")
    desk.window.menus.own("app.sign_out").trigger()
    laptop.wait(lambda: dialog_of(LeaveDialog) is not None)
    dialog = dialog_of(LeaveDialog)
    # Counted after the last keystroke was saved.
    laptop.wait(lambda: "1 thing is on this computer alone:" in words_on(dialog))
    assert "Draft of an assessment" in words_on(dialog)
    dialog.reject()
    settle()
    assert accounts.present is not None
    desk.window.menus.own("app.sign_out").trigger()
    press(qtbot, dialog_of(LeaveDialog), "Sign out")
    laptop.wait(lambda: accounts.chooser is not None and accounts.present is None)
    assert "You have signed out of" in accounts.chooser.said()
    assert "could not be told" not in accounts.chooser.said()
    laptop.wait(lambda: "Signed out" in words_on(accounts.chooser))
    laptop.wait(lambda: "1 thing is on this computer alone" in words_on(accounts.chooser))
    master = keys.open_key(anna.folder, anna.id, passphrase=None)
    store = Store.open(anna.folder, master.database_key(), clock=Clock())
    with store.read() as txn:
        assert txn.connection.exec_driver_sql("SELECT count(*) FROM secret").scalar() == 0
        assert txn.connection.exec_driver_sql("SELECT text FROM criterion_feedback").scalar() == (
            "An evening's work."
        )
    store.close()


def test_removing_asks_in_words_where_work_would_be_lost(laptop, qtbot, keychain):
    north, south = laptop.add(NOWHERE, "anna"), laptop.add("http://127.0.0.1:7", "anna")
    accounts = laptop.start()
    accounts.open(north)
    laptop.wait_open(north)
    # One that is not open: nobody can look, so it has to be typed.
    accounts.show_chooser()
    accounts.chooser.remove_requested.emit(south.id)
    laptop.wait(lambda: dialog_of(LeaveDialog) is not None)
    dialog = dialog_of(LeaveDialog)
    assert "nobody can look what is unsent" in words_on(dialog)
    # The title stands in the task bar and in shared screens: the account is named inside alone.
    assert dialog.windowTitle() == "Remove from this computer"
    assert "Remove 127.0.0.1:7 from this computer?" in words_on(dialog)
    act = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Remove from this computer")
    assert not act.isEnabled()
    qtbot.keyClicks(dialog.findChild(QLineEdit), "Remove")
    press(qtbot, dialog, "Remove from this computer")
    laptop.wait(lambda: not south.folder.exists())
    assert keychain.names() == [north.id]
    assert accounts.present.profile == north
    settle()
    # The open one, with nothing unsent: one plain question.
    accounts.chooser.remove_requested.emit(north.id)
    laptop.wait(lambda: dialog_of(LeaveDialog) is not None)
    laptop.wait(lambda: dialog_of(LeaveDialog).act.isEnabled())
    press(qtbot, dialog_of(LeaveDialog), "Remove from this computer")
    laptop.wait(lambda: not north.folder.exists())
    assert keychain.names() == []
    assert accounts.present is None
    assert "was removed from this computer" in accounts.chooser.said()
    assert list(laptop.profiles.iterdir()) == []


def test_a_keychain_that_is_locked_removes_nothing_and_says_so(laptop, qtbot, keychain):
    north = laptop.add(NOWHERE, "anna")
    accounts = laptop.start()
    accounts.show_chooser()
    keychain.locked = True
    accounts.chooser.remove_requested.emit(north.id)
    dialog = dialog_of(LeaveDialog)
    qtbot.keyClicks(dialog.findChild(QLineEdit), "remove")
    press(qtbot, dialog, "Remove from this computer")
    laptop.wait(lambda: accounts.chooser is not None and "locked" in accounts.chooser.said())
    keychain.locked = False
    assert keys.open_key(north.folder, north.id, passphrase=None) is not None
    laptop.wait(lambda: "127.0.0.1:9" in words_on(accounts.chooser))


def test_a_computer_with_a_fixed_platform_opens_no_other(laptop):
    north = laptop.add("https://north.example.org", "anna")
    policy = MachinePolicy(platform_origin="https://south.example.org")
    config = load_config(data_dir=laptop.folder, policy=policy)
    laptop.accounts = Accounts(config, laptop.theme, Clock(), way_for)
    accounts = laptop.accounts
    with pytest.raises(KnownError, match="allows https://south"):
        accounts.open(north)
    accounts.show_chooser()
    accounts.chooser.ask_for_new()
    form = dialog_of(AccountForm)
    form.fill("https://north.example.org", "anna")
    assert form.findChildren(QLineEdit)[0].text() == "https://south.example.org"
    form.reject()
