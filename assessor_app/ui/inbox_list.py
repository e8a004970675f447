"""The list of the inbox: the keyboard goes over headings and rows alike."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox_groups import Group
from assessor_app.ui.inbox_model import InboxModel
from assessor_app.ui.inbox_row import RowPainter

_PLAIN = Qt.KeyboardModifier.KeypadModifier


class InboxList(QListView):
    """Rows are fetched as they come into view; a heading folds its group."""

    open_requested = Signal(str)
    resized = Signal(int)
    """The room for rows is another, so many pixels wide: what stands above them moves along."""

    def __init__(self, model: InboxModel, parent: QWidget | None = None) -> None:
        """Show `model`."""
        super().__init__(parent)
        self._inbox = model
        self.setModel(model)
        self.setItemDelegate(RowPainter(self))
        self.setAccessibleName(self.tr("Submissions"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setProperty("plain", "true")
        self.doubleClicked.connect(self._open)
        self.clicked.connect(self._fold_by_mouse)
        model.dataChanged.connect(self._measure_again)

    def selected_ids(self) -> tuple[SubmissionId, ...]:
        """The submissions that are selected, in the list's order; headings are left out."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        found = (self._inbox.row_at(row) for row in rows)
        return tuple(row.id for row in found if row is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a row and folds a heading; Left and Right fold and unfold the group around it."""
        here = self.currentIndex()
        if here.isValid() and not event.modifiers() & ~_PLAIN:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(here)
                return
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self._fold_here(here.row(), is_folded=event.key() == Qt.Key.Key_Left)
                return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin on the first submission and not on the heading above it."""
        self.choose_first()
        super().focusInEvent(event)

    def choose_first(self) -> None:
        """Where nothing is chosen yet, choose the first submission."""
        if not self.currentIndex().isValid() and self._inbox.rowCount():
            self.choose(min(1, self._inbox.rowCount() - 1))

    def choose(self, position: int) -> None:
        """Choose one row alone.

        Qt's own way looks at the keys that are held: with Ctrl still down, as after Ctrl+W, it would add the
        row to those that are chosen already, and what is done to the chosen ones would be done to all.
        """
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._inbox.index(position, 0), flags)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell who is aligned with the rows."""
        super().resizeEvent(event)
        self.resized.emit(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """A new text size asks for new heights."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    def place_of_menu(self) -> QPoint:
        """Where a menu that is asked for by keyboard opens, in the viewport's coordinates."""
        return self.visualRect(self.currentIndex()).center()

    @Slot()
    def _measure_again(self) -> None:
        # What is first and last in its group changes, and with it the heights.
        self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        item = self._inbox.item_at(index.row())
        if isinstance(item, Group):
            self._fold(item, is_folded=item not in self._inbox.folded)
        else:
            self.open_requested.emit(str(item))

    @Slot(QModelIndex)
    def _fold_by_mouse(self, index: QModelIndex) -> None:
        if index.isValid() and isinstance(self._inbox.item_at(index.row()), Group):
            self._open(index)

    def _fold_here(self, position: int, *, is_folded: bool) -> None:
        """Fold the group in which a position lies."""
        while position > 0 and not isinstance(self._inbox.item_at(position), Group):
            position -= 1
        item = self._inbox.item_at(position)
        if isinstance(item, Group):
            self._fold(item, is_folded=is_folded)

    def _fold(self, group: Group, *, is_folded: bool) -> None:
        """Fold or unfold, and stay on the heading."""
        if (group in self._inbox.folded) is is_folded:
            return
        self._inbox.set_folded(group, is_folded)
        place = self._inbox.row_of(group)
        if place >= 0:
            self.choose(place)
