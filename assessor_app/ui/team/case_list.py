"""The left side of questions and reports: search, chips, the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.case_list import CaseFilter, CaseGroup
from assessor_app.domain.cases import CaseState
from assessor_app.ui.chip_flow import ChipFlow
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.team import case_words as words
from assessor_app.ui.team.case_model import CaseModel
from assessor_app.ui.team.case_painter import CasePainter
from assessor_app.ui.theme import space

STATES: tuple[CaseState | None, ...] = (CaseState.OPEN, CaseState.ANSWERED, CaseState.CLOSED, None)


class CaseListView(QListView):
    """Rows of cases; Enter goes on to the answer."""

    answer_requested = Signal()

    def __init__(self, model: CaseModel, parent: QWidget) -> None:
        """Show `model`."""
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(CasePainter(self))
        self.setAccessibleName(self.tr("Questions and reports"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("plain", "true")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for the box below the case."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.answer_requested.emit()
            return
        super().keyPressEvent(event)


class CaseListPane(QWidget):
    """What there is, by state and kind; tells which case is chosen."""

    chosen = Signal(str)
    """A case's id; empty for none."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("List of questions and reports"))
        self.model = CaseModel(now, self)
        self.list = CaseListView(self.model, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search by code, title or words"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._look_for)
        self._order = QPushButton(self)
        self._order.setProperty("kind", "quiet")
        dress(self._order, "list-filter", "quiet")
        self._order.clicked.connect(self._turn_order)
        self._states = {state: self._chip(partial(self._choose_state, state)) for state in STATES}
        self._groups = {group: self._chip(partial(self._choose_group, group)) for group in CaseGroup}
        self._empty = _Empty(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._is_read = False
        self._lay_out()
        self.model.filled.connect(self._show)
        self.model.modelReset.connect(self._choose_again)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self._current = ""
        self._show()

    def set_read(self) -> None:
        """The store was read: an empty list means that there is nothing."""
        self._is_read = True
        self._show()

    def choose(self, case_id: str) -> None:
        """Choose a case, if it is shown."""
        place = self.model.row_of(case_id)
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place))

    def show_about(self, submission_id: str) -> None:
        """Show every state and choose the newest case about a submission."""
        self.search.clear()
        self.model.set_filter(CaseFilter(state=None, newest_first=self.model.wanted.newest_first))
        case_id = self.model.newest_about(submission_id)
        if case_id:
            self.choose(case_id)

    def choose_first(self) -> None:
        """Where nothing is chosen, choose what presses most."""
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    # ---- inside ----

    def _lay_out(self) -> None:
        unit = space(self)
        looking = QHBoxLayout()
        looking.setSpacing(unit)
        looking.addWidget(self.search, 1)
        looking.addWidget(self._order)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 3, unit * 3, unit * 2, 0)
        column.setSpacing(space(self, 1.5))
        column.addWidget(plain_label(self.tr("Questions and reports"), "title", wraps=True))
        column.addLayout(looking)
        for chips in (self._states, self._groups):
            box = QWidget(self)
            flow = ChipFlow(unit, box)
            for chip in chips.values():
                flow.addWidget(chip)
            column.addWidget(box)
        column.addWidget(self._stack, 1)

    def _chip(self, run: Callable[[], None]) -> ToggleChip:
        chip = ToggleChip("", self)
        chip.clicked.connect(run)
        return chip

    def _choose_state(self, state: CaseState | None) -> None:
        self.model.set_filter(replace(self.model.wanted, state=state))

    def _choose_group(self, group: CaseGroup) -> None:
        groups = self.model.wanted.groups ^ {group}
        self.model.set_filter(replace(self.model.wanted, groups=groups))

    @Slot(str)
    def _look_for(self, text: str) -> None:
        self.model.set_filter(replace(self.model.wanted, text=text))

    @Slot()
    def _turn_order(self) -> None:
        self.model.set_filter(replace(self.model.wanted, newest_first=not self.model.wanted.newest_first))

    @Slot()
    def _show(self) -> None:
        wanted, (states, groups) = self.model.wanted, self.model.counts()
        for state, chip in self._states.items():
            count = self.model.total if state is None else states[state]
            chip.setText(f"{words.state_words(state)} {count}")
            chip.setChecked(wanted.state is state)
        for group, chip in self._groups.items():
            count = groups[group]
            chip.setText(f"{words.group_words(group)} {count}" if count else words.group_words(group))
            chip.setChecked(group in wanted.groups)
        self._order.setText(self.tr("Newest") if wanted.newest_first else self.tr("Pressing"))
        name = self.tr("Newest first") if wanted.newest_first else self.tr("Most pressing first")
        self._order.setAccessibleName(name)
        set_plain_tooltip(self._order, self.tr("{order}. Press for the other order.").format(order=name))
        self._stack.setCurrentWidget(self.list if self.model.rowCount() or not self._is_read else self._empty)
        is_filtered = bool(wanted.groups or wanted.text) or wanted.state is not CaseState.OPEN
        self._empty.say(has_any=bool(self.model.total), is_filtered=is_filtered)

    @Slot()
    def _choose_again(self) -> None:
        place = self.model.row_of(self._current)
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place))
        elif self._current:
            self._current = ""
            self.chosen.emit("")

    @Slot(QModelIndex, QModelIndex)
    def _tell(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.case_at(current.row()) if current.isValid() else None
        if row is not None and row.id != self._current:
            self._current = row.id
            self.chosen.emit(row.id)


class _Empty(QWidget):
    """What stands where no row does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = plain_label("", "heading", wraps=True)
        self._text = plain_label("", "quiet", wraps=True)
        column = QVBoxLayout(self)
        column.setSpacing(space(self, 2))
        column.addStretch(2)
        column.addWidget(icon_label("check-check", "quiet", factor=2.2), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)

    def say(self, *, has_any: bool, is_filtered: bool) -> None:
        """Word why there is nothing."""
        if has_any and is_filtered:
            self._title.setText(self.tr("Nothing fits."))
            self._text.setText(self.tr("Take off a filter or clear the search to see the others."))
            return
        self._title.setText(self.tr("Nobody waits for you."))
        self._text.setText(
            self.tr("Questions, reports and work at risk appear here at the next sync, never with a name.")
        )
