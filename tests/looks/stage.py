"""One profile on a real store with the real window on it, and what a person does there for a picture."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from assessor_app.desk.inbox_work import InboxWork
from assessor_app.desk.lists import Lists
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.spelling import Speller
from assessor_app.domain.roles import Role
from assessor_app.domain.submissions import Submission
from assessor_app.services.context import Context
from assessor_app.services.spelling import DICTIONARIES
from assessor_app.sync.transport import Transport
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Theme
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.ui.workspaces.pre_assessor import PreAssessorWorkspace
from tests.builders import FakeClock
from tests.evidence_desk import NOWHERE, pause, wait_until
from tests.looks import demo_work
from tests.stores import open_store

SETTLE_MS = 350
LONGEST_MS = 20_000
KINDS: dict[Role, type[Any]] = {
    Role.APPROVER: ApproverWorkspace,
    Role.PREASSESSOR: PreAssessorWorkspace,
}


class Stage:
    """A profile in a folder of its own; its clock stands still, and no platform answers."""

    def __init__(self, folder: Path, renderer: Renderer, theme: Theme, size: tuple[int, int]) -> None:
        """Keep what an assessor's profile is made with; it is made when it is first asked for."""
        self.folder, self._renderer, self._theme, self._size = folder, renderer, theme, size
        self._context: Context | None = None
        self.role = Role.ASSESSOR
        self.bugs: list[str] = []

    # ---- the profile ----

    @property
    def context(self) -> Context:
        """What verbs work on."""
        if self._context is None:
            clock = FakeClock(demo_work.NOW)
            self._context = Context(
                store=open_store(self.folder, clock),
                transport=Transport(NOWHERE),
                renderer=self._renderer,
                clock=clock,
                role=self.role,
                origin=NOWHERE,
                folder=self.folder,
                speller=Speller(DICTIONARIES, clock),
            )
            demo_work.put_frame(self._context)
        return self._context

    def put(self, code: str, **changes: Any) -> Submission:
        """Let a submission of the demo have come, with its files."""
        return demo_work.put_submission(self.context, code, **changes)

    def sit_down(self) -> MainWindow:
        """The window on the inbox, as the program builds it."""
        clock = self.context.clock
        self.lanes = Lanes(self.context, clock=clock)
        self.lanes.bug.connect(self._note_bug)
        inbox = Inbox(lambda ids, deliver: self.lists.fetch_rows(ids, deliver), clock.now, role=self.role)
        self.window = window = MainWindow(inbox, WaitingList(), self._theme, role=self.role)
        self.actions = InboxActions(inbox, window.keys)
        self.lists = Lists(window, self.lanes, clock, window)
        self.work = InboxWork(window, self.lanes, lambda _: None, window)
        window.resize(*self._size)
        window.show()
        window.activateWindow()
        self.lists.reload()
        self.wait(lambda: inbox.model.total > 0 or not self._has_work())
        return window

    def open(self, submission: Submission) -> Any:
        """The window on a submission, in the workspace of this role."""
        window = self.sit_down()
        kind = KINDS.get(self.role, AssessorWorkspace)
        workspace = kind(self.lanes, submission.id, self.context.clock.now, keys=window.keys)
        window.show_workspace(workspace, submission.code)
        self.wait(lambda: bool(workspace.evidence.entries()))
        return workspace

    def close(self) -> None:
        """End everything of this profile."""
        if hasattr(self, "window"):
            for other in QApplication.topLevelWidgets():
                other.close()
            self.window.deleteLater()
            self.lanes.close()
            # Else the next look dresses a window that nobody sees again, which takes seconds.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if self._context is not None:
            if self._context.speller is not None:
                self._context.speller.close()
            self._context.store.close()

    # ---- what a person does ----

    def read(self, workspace: Any, place: str) -> None:
        """Open a piece of evidence, such as "artifact:ID", and let it be drawn."""
        workspace.evidence.select(place)
        self.wait(lambda: workspace.document.view.pages.supply.pending == 0)
        pause(SETTLE_MS)

    def read_file(self, workspace: Any, requirement: str, number: int = 0) -> None:
        """Open a file that was handed in to a requirement."""
        parts = workspace.opened.submission.parts
        files = next(part.artifacts for part in parts if part.requirement_id == requirement)
        self.read(workspace, f"artifact:{files[number].id}")

    def command(self, entry_id: str) -> None:
        """Run a command of the table of keys as its menu entry would."""
        for action in self.window.findChildren(QAction, entry_id):
            if action.isEnabled():
                action.trigger()
                pause(SETTLE_MS)
                return
        sys.stderr.write(f"nothing does {entry_id} here\n")

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Press the visible button with these words."""
        for button in (within or self.window).findChildren(QAbstractButton):
            if button.text() == words and button.isVisible() and button.isEnabled():
                button.click()
                pause(SETTLE_MS)
                return
        sys.stderr.write(f"no button {words!r} here\n")

    def type(self, widget: QWidget, text: str) -> None:
        """Type at the end of a field."""
        widget.setFocus()
        if hasattr(widget, "moveCursor"):
            widget.moveCursor(QTextCursor.MoveOperation.End)
        QTest.keyClicks(widget, text)
        pause(SETTLE_MS)

    def wait(self, look: Callable[[], bool]) -> None:
        """Let the window live until something is true."""
        if not wait_until(look, LONGEST_MS):
            raise TimeoutError("it did not come")

    def _has_work(self) -> bool:
        with self.context.store.read() as txn:
            return bool(txn.connection.exec_driver_sql("SELECT count(*) FROM assignment").scalar_one())

    def _note_bug(self, details: str) -> None:
        self.bugs.append(details)
        sys.stderr.write(details)


def speak_english() -> None:
    """Dates as in the guide, whatever this computer speaks."""
    QLocale.setDefault(QLocale("en_GB"))
