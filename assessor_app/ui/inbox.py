"""The inbox: what is due first, where each piece of work stands, and whether its evidence is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.ui.icons import icon_label
from assessor_app.ui.inbox_model import Fetch, InboxModel, Show
from assessor_app.ui.inbox_row import RowPainter, column_margin, measures
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

NARROW_CHIPS = 3
"""Chips in a row where not all of them fit."""
TICK_MS = 60_000
"""How often dates are worded anew."""


class InboxList(QListView):
    """The list itself; its rows are fetched as they come into view."""

    open_requested = Signal(str)
    resized = Signal(int)
    """The room for rows is another, so many pixels wide: what stands above them moves along."""

    def __init__(self, model: InboxModel, parent: QWidget | None = None) -> None:
        """Show `model`."""
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(RowPainter(self))
        self.setAccessibleName(self.tr("Submissions"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setProperty("plain", "true")
        self.doubleClicked.connect(self._open)
        model.dataChanged.connect(self._measure_again)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row that has the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell who is aligned with the rows."""
        super().resizeEvent(event)
        self.resized.emit(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """A new text size asks for new heights."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    @Slot()
    def _measure_again(self) -> None:
        # Headings come and go with the dates, and with them the heights.
        self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        model = self.model()
        if index.isValid() and isinstance(model, InboxModel):
            self.open_requested.emit(str(model.row_at(index.row()).id))


class Inbox(QWidget):
    """List, filter and the states in which there is no list."""

    open_requested = Signal(str)
    """A submission's id."""

    def __init__(
        self,
        fetch: Fetch,
        now: Callable[[], datetime],
        *,
        keys: KeyTable | None = None,
        role: Role = Role.ASSESSOR,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty inbox.

        Args:
            fetch: asks for rows by id, for the model.
            now: the present, aware.
            keys: the key table.
            role: whose inbox it is.
            zone: the person's time zone; the system's if None.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("inbox")
        self.setAccessibleName(self.tr("Inbox"))
        self._keys = keys or KeyTable()
        self._has_synced, self._is_offline = True, False
        self.model = InboxModel(fetch, now, role=role, zone=zone, parent=self)
        self.list = InboxList(self.model, self)
        self._selected: SubmissionId | None = None
        self._empty = _Empty(self)
        self._first_sync = _FirstSync(self)
        self._stack = QStackedWidget(self)
        for page in (self.list, self._empty, self._first_sync):
            self._stack.addWidget(page)
        self._title = plain_label(self.tr("Inbox"), "display")
        self._summary = plain_label("", "quiet")
        self._filter = QLineEdit(self)
        self._chips = QButtonGroup(self)
        self._lay_out()
        self._connect()

    # ---- what comes in ----

    def show_first_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show these at once, before the whole order is known."""
        self.model.set_first_rows(rows)

    def set_ids(self, ids: Sequence[SubmissionId]) -> None:
        """Take the whole order; rows follow as they are looked at."""
        self._has_synced = self._has_synced or bool(ids)
        self.model.set_ids(ids)

    def set_labels(self, labels: Mapping[SubmissionStatus, str]) -> None:
        """Take the issuer's words for states."""
        self.model.set_labels(labels)

    def show_first_sync(self, done: int, total: int) -> None:
        """Say that work is on its way; shown only while nothing else is.

        Args:
            done: files of evidence fetched.
            total: files to fetch; 0 while that is not known.
        """
        self._has_synced = False
        self._first_sync.show_progress(done, total)
        self._choose_page()

    def end_first_sync(self, *, is_offline: bool = False) -> None:
        """The first sync has ended: an empty inbox is now really empty, or the platform was not there.

        Args:
            is_offline: whether the platform could not be reached, so that nothing is known.
        """
        self._has_synced, self._is_offline = True, is_offline
        self._choose_page()

    def focus_filter(self) -> None:
        """Put the keyboard into the filter."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def focus_list(self) -> None:
        """Put the keyboard on the row chosen last, or the first."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))

    # ---- inside ----

    @Slot(int)
    def _align_head(self, room: int) -> None:
        """Keep title and filter above the column of rows."""
        margin = round(column_margin(room, measures().line))
        column = self._head.layout()
        if column is not None:
            bar = self.list.width() - room
            column.setContentsMargins(margin, 0, margin + bar, 0)
        self._arrange_chips(self._chips_that_fit(room))

    def _lay_out(self) -> None:
        unit = space(self)
        head = QHBoxLayout()
        head.setSpacing(unit * 2)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._title)
        titles.addWidget(self._summary)
        head.addLayout(titles, 1)
        self._filter.setPlaceholderText(self.tr("Filter by title or code"))
        self._filter.setAccessibleName(self.tr("Filter by title or code"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setMinimumWidth(space(self, 52))
        self._filter.setToolTip(self._keys.hint("inbox.filter"))
        head.addWidget(self._filter, 0, Qt.AlignmentFlag.AlignBottom)
        self._chip_grid = QGridLayout()
        self._chip_grid.setSpacing(unit)
        self._chip_grid.setColumnStretch(len(self._chip_words()), 1)
        for number, (show, words) in enumerate(self._chip_words()):
            chip = QPushButton(words, self)
            chip.setProperty("kind", "chip")
            chip.setProperty("show", str(show))
            chip.setCheckable(True)
            chip.setChecked(number == 0)
            self._chips.addButton(chip, number)
        self._arrange_chips(NARROW_CHIPS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit * 4, unit * 3, unit * 4, 0)
        layout.setSpacing(unit * 2)
        self._head = QWidget(self)
        column = QVBoxLayout(self._head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(head)
        column.addLayout(self._chip_grid)
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        self.setFocusProxy(self.list)

    def _arrange_chips(self, columns: int) -> None:
        """Set the chips in rows of `columns`."""
        for number, chip in enumerate(self._chips.buttons()):
            self._chip_grid.addWidget(chip, number // columns, number % columns, Qt.AlignmentFlag.AlignLeft)

    def _chips_that_fit(self, room: int) -> int:
        """All chips in one row where there is room, else a few in each."""
        chips = self._chips.buttons()
        wanted = sum(chip.sizeHint().width() + self._chip_grid.horizontalSpacing() for chip in chips)
        return len(chips) if wanted <= room else NARROW_CHIPS

    def _chip_words(self) -> tuple[tuple[Show, str], ...]:
        return (
            (Show.ALL, self.tr("All")),
            (Show.TO_DO, self.tr("To do")),
            (Show.IN_PROGRESS, self.tr("In progress")),
            (Show.RETURNED, self.tr("Returned")),
            (Show.DONE, self.tr("Done on your side")),
            (Show.SETTLED, self.tr("Settled")),
        )

    def _connect(self) -> None:
        self._filter.textChanged.connect(self._apply_filter)
        self._chips.idToggled.connect(self._apply_filter)
        self.list.resized.connect(self._align_head)
        self.list.open_requested.connect(self.open_requested)
        self.list.selectionModel().currentChanged.connect(self._remember)
        self.model.modelReset.connect(self._restore_selection)
        self.model.filled.connect(self._refresh)
        timer = QTimer(self)
        timer.timeout.connect(self.model.tick)
        timer.start(TICK_MS)
        self.addAction(self._keys.action("inbox.filter", self, self.focus_filter))

    def _shown_part(self) -> Show:
        chip = self._chips.checkedButton()
        return Show(chip.property("show")) if chip is not None else Show.ALL

    @Slot()
    def _apply_filter(self) -> None:
        self.model.set_filter(self._shown_part(), self._filter.text())

    @Slot(QModelIndex)
    def _remember(self, index: QModelIndex) -> None:
        if index.isValid():
            self._selected = self.model.row_at(index.row()).id

    @Slot()
    def _restore_selection(self) -> None:
        position = self.model.row_of(self._selected) if self._selected is not None else -1
        if position >= 0:
            self.list.setCurrentIndex(self.model.index(position, 0))

    @Slot()
    def _refresh(self) -> None:
        self._summary.setText(self._summary_words())
        self._choose_page()

    def _summary_words(self) -> str:
        total, shown = self.model.total, self.model.rowCount()
        if not total:
            return ""
        if self.model.is_filtered:
            return self.tr("{shown} shown of {total}").format(shown=shown, total=total)
        return self.tr("1 submission") if total == 1 else self.tr("{total} submissions").format(total=total)

    def _choose_page(self) -> None:
        rows_follow = self.model.total > 0 and not self.model.is_filtered
        if self.model.rowCount() or rows_follow:
            page: QWidget = self.list
        elif not self._has_synced and not self.model.total:
            page = self._first_sync
        else:
            is_filtered = self.model.is_filtered and self.model.total > 0
            self._empty.say(is_filtered=is_filtered, is_offline=self._is_offline)
            page = self._empty
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)


class _Empty(QWidget):
    """What stands where there are no rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = plain_label("", "title", wraps=True)
        self._text = plain_label("", "quiet", wraps=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(space(self, 3))
        layout.addStretch(2)
        layout.addWidget(icon_label("inbox", "quiet", factor=2.6), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(3)

    def say(self, *, is_filtered: bool, is_offline: bool = False) -> None:
        """Word the reason: nothing there, nothing that fits, or nobody to ask."""
        if is_filtered:
            self._title.setText(self.tr("No submission fits."))
            self._text.setText(self.tr("Clear the filter or choose All to see the others."))
        elif is_offline:
            self._title.setText(self.tr("Nothing is here yet."))
            self._text.setText(
                self.tr("The platform cannot be reached just now. Your work arrives when it is back.")
            )
        else:
            self._title.setText(self.tr("Nothing waits for you."))
            self._text.setText(self.tr("New work arrives at the next sync."))


class _FirstSync(QWidget):
    """What stands while the first sync runs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = plain_label("", "quiet", wraps=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(self.tr("Progress of the first sync"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(space(self, 80))
        title = plain_label(self.tr("Getting your work…"), "title")
        layout = QVBoxLayout(self)
        layout.setSpacing(space(self, 3))
        layout.addStretch(2)
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._text)
        layout.addStretch(3)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total:
            text = self.tr(
                "{done} of {total} files of evidence are here. You can start as soon as one is listed."
            )
            self._text.setText(text.format(done=done, total=total))
        else:
            self._text.setText(self.tr("Asking the platform what waits for you."))
