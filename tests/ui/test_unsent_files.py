"""Unsent work as a file, from the window: exported, marked in the list, receipts read, handed in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from assessor_app.desk.lists import Lists
from assessor_app.desk.unsent import UnsentDesk
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, unsent_export
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sending.draft_dialog import DraftDialog
from assessor_app.ui.sending.unsent_dialog import CarryDialog, ReceiptsDialog, UnsentDialog
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.waiting_list import WaitingList
from tests.builders import FakeClock
from tests.contract.running import fill, running, serving
from tests.contract.small_content import NOW, content
from tests.integration.at_work import FIRST_ID, assess, at_work
from tests.ui.desks import press, words_on

PATIENCE_MS = 30_000


class Scene:
    """Anna's window with one recommendation that waits, and the platform beside it."""

    def __init__(self, qtbot, theme, context, folder):
        self.qtbot, self.context, self.folder = qtbot, context, folder
        self.bugs: list[str] = []
        self.lanes = Lanes(context, clock=context.clock)
        self.lanes.bug.connect(self.bugs.append)
        clock = context.clock
        inbox = Inbox(lambda ids, deliver: self.lists.fetch_rows(ids, deliver), clock.now, role=context.role)
        self.window = MainWindow(inbox, WaitingList(), theme, role=context.role)
        qtbot.addWidget(self.window)
        self.lists = Lists(self.window, self.lanes, clock, self.window)
        self.desk = UnsentDesk(self.window, self.lanes, clock, self.window)
        self.window.resize(1100, 720)
        self.window.show_place("waiting")
        self.window.show()
        self.lists.reload()

    def wait(self, look) -> None:
        self.qtbot.waitUntil(lambda: bool(look()), timeout=PATIENCE_MS)

    def dialog(self, kind):
        self.wait(lambda: isinstance(self.desk._dialog, kind))
        return self.desk._dialog

    def said(self, dialog, words: str) -> None:
        self.wait(lambda: words in dialog.said.text())


@pytest.fixture
def scene(qtbot, qapp, tmp_path):
    theme = Theme(qapp)
    theme.apply(Scheme.LIGHT, 100)
    fill(tmp_path / "platform", content())
    with (
        serving() as server,
        running(server, tmp_path / "platform") as platform,
        at_work(tmp_path, platform, clock=FakeClock(NOW)) as context,
    ):
        assess(context)
        assessing.send(context, FIRST_ID)
        made = Scene(qtbot, theme, context, tmp_path)
        yield made
        made.desk.cancel()
        assert made.lanes.close()
        assert made.bugs == []


def test_from_the_list_to_the_platform_and_back(scene):
    waiting, target = scene.window.waiting, scene.folder / "work.awsealed"
    scene.wait(lambda: waiting.has_unsent)
    assert "Read receipts…" not in [b.text() for b in waiting.findChildren(QPushButton) if b.isVisible()]
    press(scene.qtbot, waiting, "Export unsent work…")
    dialog = scene.dialog(UnsentDialog)
    assert "In the file: 1 recommendation." in words_on(dialog)
    asked = []

    def ask(_parent, name, _kind):
        asked.append(name)
        return str(target)

    dialog._ask_path = ask
    press(scene.qtbot, dialog, "Choose where…")
    scene.said(dialog, "In it: 1 recommendation.")
    assert asked[0].startswith("unsent-work-2026-")
    scene.wait(lambda: "Exported" in words_on(waiting))
    press(scene.qtbot, dialog, "Close")

    receipts = scene.folder / "receipts.awsealed"
    scene.desk.carry()
    carrying = scene.dialog(CarryDialog)
    carrying._ask_file, carrying._ask_path = lambda *_: str(target), lambda *_: str(receipts)
    press(scene.qtbot, carrying, "Choose the file…")
    scene.said(carrying, "Taken: 1.")
    press(scene.qtbot, carrying, "Close")

    press(scene.qtbot, waiting, "Read receipts…")
    reading = scene.dialog(ReceiptsDialog)
    reading._ask_file = lambda *_: str(target)
    press(scene.qtbot, reading, "Choose the file…")
    scene.said(reading, "another kind of file")
    reading._ask_file = lambda *_: str(receipts)
    press(scene.qtbot, reading, "Choose the file…")
    scene.said(reading, "Sent and confirmed: 1.")
    scene.wait(lambda: not waiting.has_unsent)
    assert "Exported" not in words_on(waiting)
    scene.desk.export()
    empty = scene.dialog(UnsentDialog)
    assert "Nothing waits" in words_on(empty)
    assert not empty.go.isEnabled()


def test_a_change_of_mind_or_a_full_disk_changes_nothing(scene):
    scene.desk.export()
    dialog = scene.dialog(UnsentDialog)
    dialog._ask_path = lambda *_: ""
    press(scene.qtbot, dialog, "Choose where…")
    assert not dialog.bar.isVisible()
    dialog._ask_path = lambda *_: str(scene.folder / "no" / "where.awsealed")
    press(scene.qtbot, dialog, "Choose where…")
    scene.said(dialog, "Nothing was written.")
    assert unsent_export.content(scene.context).count == 1
    scene.wait(lambda: scene.window.waiting.has_unsent)
    assert "Exported" not in words_on(scene.window.waiting)


def test_where_sign_in_is_asked_for_the_file_is_offered_while_something_waits(qtbot):
    for has_unsent in (True, False):
        page = SignInPage("assess.example.org", has_work=True, has_unsent=has_unsent)
        qtbot.addWidget(page)
        page.show()
        shown = [b.text() for b in page.findChildren(QPushButton) if b.isVisible()]
        assert ("Export unsent work…" in shown) == has_unsent
        if has_unsent:
            with qtbot.waitSignal(page.export_requested):
                press(qtbot, page, "Export unsent work…")


def test_own_work_is_written_as_a_page(scene):
    target = scene.folder / "work.html"
    dialog = DraftDialog(scene.lanes, FIRST_ID, "S-0001", scene.window, ask_path=lambda *_: str(target))
    scene.qtbot.addWidget(dialog)
    dialog.show()
    press(scene.qtbot, dialog, "Choose where…")
    scene.said(dialog, "Ratings: 2, marks: 0.")
    assert "All in all" in target.read_text("utf-8")
    assert scene.context.role is Role.ASSESSOR
