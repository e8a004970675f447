"""What is going on, from the window: the page, the report that is read before it is saved, the offer."""

from __future__ import annotations

import json
import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from assessor_app.cache import incidents
from assessor_app.cache.engine import Store
from assessor_app.cache.incidents import Incident
from assessor_app.clock import Clock
from assessor_app.config import MachinePolicy, load_config
from assessor_app.desk.accounts import Accounts
from assessor_app.desk.crash_watch import CrashWatch
from assessor_app.desk.way import SignInWay
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.roles import Role
from assessor_app.services import assessing
from assessor_app.services.context import Context
from assessor_app.services.profiles import find_or_create
from assessor_app.sync.draft_gate import CopiesOff
from assessor_app.ui.bug_dialog import BugDialog
from assessor_app.ui.support.going_on_page import GoingOnPage
from assessor_app.ui.support.report_dialog import ReportDialog
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.vault import keys
from tests import builders
from tests.contexts import give
from tests.keychains import use_folder_keychain
from tests.ui import accessibility_walk
from tests.ui.desks import NOWHERE, PATIENCE_MS, press

TITLE = "Fractions of Marisol"
SENTENCE = "This network wants you to sign in first."
CRASH = """Fatal Python error: Aborted

Current thread 0x1 (most recent call first):
  File "/home/x/a.py", line 1 in y
"""


class Program:
    """The program on one account with a draft and an incident, whose last start died at an hour known."""

    def __init__(self, qtbot, qapp, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        clock = Clock()
        profile = find_or_create(folder / "profiles", NOWHERE, "anna.meier", clock=clock)
        master = keys.create_key(profile.folder, profile.id, clock=clock, passphrase=None)
        store = Store.open(profile.folder, master.database_key(), clock=clock)
        self.submission = replace(builders.submission(), title=TITLE)
        give(store, self.submission)
        with store.write() as txn:
            for _ in range(3):
                incidents.note(txn, Incident(clock.now(), "portal", SENTENCE))
        store.close()
        (folder / "logs").mkdir()
        died = folder / "logs" / "running-1-0a.txt"
        died.write_text(CRASH)
        os.utime(died, (time.time() - 3600, time.time() - 3600))
        self.watch = CrashWatch(clock)
        self.watch.start(folder / "logs")
        theme = Theme(qapp)
        theme.apply(Scheme.LIGHT, 100)
        config = load_config(data_dir=folder, policy=MachinePolicy())
        self.accounts = Accounts(config, theme, clock, lambda _: SignInWay("anna"), watch=self.watch)
        self.accounts.open(profile, Role.ASSESSOR)
        assert self.accounts.present is not None
        self.desk = self.accounts.present.desk
        self.window = self.desk.window
        self.wait(lambda: self.desk.is_open)

    def wait(self, look) -> None:
        self.qtbot.waitUntil(lambda: bool(look()), timeout=PATIENCE_MS)

    def page(self) -> GoingOnPage:
        self.window.menus.own("help.going_on").trigger()
        page = self.window.findChild(GoingOnPage)
        assert page is not None
        self.wait(page.shown_rows)
        return page

    def end(self) -> None:
        self.window.close()
        self.accounts.end()
        self.watch.end()


@pytest.fixture
def program(qtbot, qapp, tmp_path):
    before = keyring.get_keyring()
    use_folder_keychain(tmp_path / "keychain")
    made = Program(qtbot, qapp, tmp_path / "data")
    yield made
    made.end()
    keyring.set_keyring(before)


def switched(context: Context, off: CopiesOff | None) -> ChangeSet:
    context.drafts.off = off
    return ChangeSet()


def values(page: GoingOnPage) -> dict[str, str]:
    return dict(page.shown_rows())


def test_the_page_says_what_is_going_on_while_it_goes_on(qtbot, program):
    page = program.page()
    assert page.lines[1].text() == "Nothing waits to be sent."
    assert "Your work is saved on this computer and reads well" in page.lines[2].text()
    assert accessibility_walk.unnamed(page) == []
    assert accessibility_walk.without_keyboard(page) == []
    found = values(page)
    assert found["Platform"] == NOWHERE.partition("://")[2]
    assert found["Signed in"] == "no"
    assert found["Form of the store"] == "0004"
    assert [value for value in found.values() if SENTENCE in value] == [
        f"{SENTENCE} 3 times in a row, last then."
    ]
    program.desk.lanes.write(lambda context: switched(context, CopiesOff.MACHINE))
    page.look()
    program.wait(lambda: "copies are switched off on it" in values(page)["Copies"])
    program.desk.lanes.write(lambda context: switched(context, None))
    draft = program.submission.id
    program.desk.lanes.write(lambda context: assessing.save_overall(context, draft, "Begun."))
    page.look()
    program.wait(lambda: "1 draft has no copy" in page.lines[1].text())
    assert values(page)["On this computer alone"] == program.submission.code
    page.search.setText("sqlcipher")
    assert [label for label, _ in page.shown_rows()] == ["SQLCipher"]
    page.search.setText("where files")
    assert len(page.shown_rows()) == 2
    page.search.clear()
    press(qtbot, page, "Copy as text")
    text = QGuiApplication.clipboard().text()
    assert text.startswith(page.lines[0].text())
    assert "Versions\n  Workstation: " in text
    assert TITLE not in text
    assert "Begun." not in text
    program.desk.lock()
    assert not page.isVisible()
    assert not program.window.menus.own("help.going_on").isEnabled()


def test_a_report_is_read_before_it_is_saved_and_saved_as_it_was_read(qtbot, program, tmp_path):
    press(qtbot, program.page(), "Save a report for support…")
    program.wait(lambda: program.window.findChild(ReportDialog) is not None)
    dialog = program.window.findChild(ReportDialog)
    target = tmp_path / "report.zip"
    dialog._ask_path = lambda *_: str(target)
    program.wait(dialog.save.isEnabled)
    shown = {}
    for row in range(dialog.names.count()):
        dialog.names.setCurrentRow(row)
        shown[dialog.names.item(row).text()] = dialog.content.toPlainText()
    assert {"summary.txt", "summary.json", "doctor.json", "settings.json"} <= set(shown)
    assert any(name.startswith("crashes/") for name in shown)
    assert json.loads(shown["doctor.json"])["safe_to_reimage"] is True
    assert "anna.meier" not in "".join(shown.values())
    assert accessibility_walk.unnamed(dialog) == []
    dialog.save.click()
    program.wait(lambda: "Written: report.zip" in dialog.said.text())
    with zipfile.ZipFile(target) as archive:
        saved = {name: archive.read(name).decode() for name in archive.namelist()}
    assert saved == shown
    dialog.close()


def test_a_crash_is_offered_quietly_and_only_until_it_is_dismissed(qtbot, program):
    banner = program.window.crash_banner
    assert banner.isVisible()
    assert not banner.visibleRegion().isEmpty(), "another widget covers it"
    assert program.window.centralWidget().isAncestorOf(banner)
    assert "ended unexpectedly at " in banner.text.text()
    assert "Everything shown as saved is there." in banner.text.text()
    assert banner.report.isEnabled()
    program.desk.lock()
    assert not banner.report.isEnabled()
    press(qtbot, banner, "What was found")
    (shown,) = program.window.findChildren(BugDialog)
    details = shown.findChild(QPlainTextEdit).toPlainText()
    assert "Fatal Python error: Aborted" in details
    assert "/home/x" not in details
    shown.close()
    press(qtbot, banner, "Dismiss")
    assert not banner.isVisible()
    assert program.accounts._support._to_offer == ()
