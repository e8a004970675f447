"""Questions and reports: the place where a team lead begins. The list, and beside it one case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from assessor_app.domain.cases import CaseState
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError
from assessor_app.services import team_cases
from assessor_app.services.team_cases import CaseOverview, MayName, OpenedCase
from assessor_app.ui.announce import announce
from assessor_app.ui.icons import icon_label
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.team.case_list import CaseListPane
from assessor_app.ui.team.case_view import CaseView
from assessor_app.ui.theme import space

RELOAD_MS = 60
"""Changes that come together are read together."""


class ReportsPage(QWidget):
    """Reads the store through the lanes; `begin` gives it some."""

    open_counted = Signal(int)
    """How many cases wait for a lead."""

    def __init__(self, now: Callable[[], datetime], keys: KeyTable, parent: QWidget | None = None) -> None:
        """Build the page; it stays empty until `begin`."""
        super().__init__(parent)
        self.setObjectName("reports")
        self.setAccessibleName(self.tr("Questions and reports"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lanes: Lanes | None = None
        self._open_id = ""
        self.cases = CaseListPane(now, self)
        self.view = CaseView(keys, self)
        self._side = QStackedWidget(self)
        self._side.addWidget(_NothingChosen(self))
        self._side.addWidget(self.view)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.cases)
        splitter.addWidget(self._side)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 4)
        splitter.setSizes([480, 560])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RELOAD_MS)
        self._timer.timeout.connect(self._reload)
        self._connect(keys)

    def begin(self, lanes: Lanes) -> None:
        """Read the store through these lanes, now and after each change."""
        self._lanes = lanes
        lanes.changed.connect(self._changed)
        self._reload()

    def forget(self) -> None:
        """Show nothing any more: the profile is locked."""
        self.flush()
        self._lanes, self._open_id = None, ""
        self.cases.model.set_rows((), None)
        self._side.setCurrentIndex(0)

    def show_about(self, submission_id: str) -> None:
        """Choose the newest case about a submission, whatever its state."""
        self.cases.show_about(submission_id)

    def flush(self) -> None:
        """Keep what was typed."""
        self.view.reply.flush()

    def panes(self) -> list[QWidget]:
        """List and case, for going round with the keyboard."""
        return [self.cases.list, self.view.reply.edit]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard begins in the list."""
        super().focusInEvent(event)
        self.cases.list.setFocus(event.reason())

    # ---- inside ----

    def _connect(self, keys: KeyTable) -> None:
        reply = self.view.reply
        self.cases.chosen.connect(self._open)
        self.cases.list.answer_requested.connect(self._go_to_answer)
        self.view.take_back_requested.connect(self._take_back)
        reply.answer_requested.connect(self._answer)
        reply.give_requested.connect(self._give)
        reply.close_requested.connect(self._close)
        reply.reopen_requested.connect(self._reopen)
        reply.draft_changed.connect(self._save_draft)
        for entry_id, run in (
            ("case.search", self._go_to_search),
            ("case.answer", reply.send),
            ("case.answer_close", reply.send_and_close),
            ("case.give", reply.open_give),
            ("case.close", reply.close_case),
            ("case.take_back", self._take_back),
        ):
            self.addAction(keys.action(entry_id, self, run))

    @Slot()
    def _go_to_search(self) -> None:
        self.cases.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.cases.search.selectAll()

    @Slot()
    def _go_to_answer(self) -> None:
        if self.view.reply.edit.isVisible():
            self.view.reply.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes.cases or changes.outbox or changes.frame:
            self._timer.start()

    @Slot()
    def _reload(self) -> None:
        if self._lanes is None or self._lanes.is_closed:
            return
        self._lanes.read(self, team_cases.overview, self._take_rows, key="rows")
        self._read_open()

    def _take_rows(self, found: CaseOverview) -> None:
        self.cases.model.set_rows(found.rows, found.calendar)
        self.cases.set_read()
        waiting = sum(row.state is CaseState.OPEN or row.is_refused for row in found.rows)
        self.open_counted.emit(waiting)
        self.cases.choose_first()

    @Slot(str)
    def _open(self, case_id: str) -> None:
        self.flush()
        self._open_id = case_id
        if not case_id:
            self._side.setCurrentIndex(0)
            return
        self.cases.model.keep(case_id)
        self._read_open()

    def _read_open(self) -> None:
        if self._lanes is not None and self._open_id:
            query = partial(team_cases.open_case, case_id=self._open_id)
            self._lanes.read(self, query, self._take_case, key="case")

    def _take_case(self, opened: OpenedCase | None) -> None:
        if opened is None or opened.case.id != self._open_id:
            self._side.setCurrentIndex(0)
            return
        self.view.show_case(opened, self.cases.model.clock.with_calendar(opened.calendar))
        self._side.setCurrentWidget(self.view)
        if self._lanes is not None and self.isVisible():
            self._lanes.write(
                partial(team_cases.mark_read, case_id=opened.case.id), owner=self, background=True
            )

    # ---- what the person does ----

    @Slot(str, bool, bool)
    def _answer(self, text: str, closes: bool, may_name: bool) -> None:
        if self._lanes is None or not self._open_id:
            return
        verb = partial(team_cases.answer, case_id=self._open_id, text=text, closes=closes, may_name=may_name)
        self._lanes.write(verb, owner=self, done=self._answered, failed=self._not_answered)

    def _answered(self, _: ChangeSet) -> None:
        self.view.reply.sent()
        announce(self, self.tr("Your words wait to be sent."))
        self.cases.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_answered(self, error: KnownError) -> None:
        self.view.reply.show_trouble(error, may_go=isinstance(error, MayName))
        announce(self, error.title, urgent=True)

    @Slot(str)
    def _give(self, to: str) -> None:
        self._do(partial(team_cases.reassign, case_id=self._open_id, to=to or None))

    @Slot()
    def _close(self) -> None:
        self._do(partial(team_cases.close, case_id=self._open_id))

    @Slot()
    def _reopen(self) -> None:
        self._do(partial(team_cases.reopen, case_id=self._open_id))

    @Slot()
    def _take_back(self) -> None:
        self._do(partial(team_cases.take_back, case_id=self._open_id))

    @Slot(str)
    def _save_draft(self, text: str) -> None:
        if self._lanes is not None and self._open_id and not self._lanes.is_closed:
            self._lanes.write(partial(team_cases.save_draft, case_id=self._open_id, text=text), owner=self)

    def _do(self, verb: Callable[[object], ChangeSet]) -> None:
        if self._lanes is not None and self._open_id:
            self._lanes.write(verb, owner=self)


class _NothingChosen(QWidget):
    """What stands where no case is open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(space(self, 3))
        column.addStretch(2)
        column.addWidget(
            icon_label("message-square-text", "quiet", factor=2.6), 0, Qt.AlignmentFlag.AlignHCenter
        )
        text = self.tr("Choose a question or report on the left.")
        column.addWidget(plain_label(text, "quiet"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
