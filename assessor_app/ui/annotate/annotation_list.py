"""The list of all marks of a submission, with filters; picking a row picks the mark everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout, QWidget

from assessor_app.documents.anchoring import Placement
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotation_filter import FilterBar
from assessor_app.ui.annotate.annotation_model import AnnotationModel
from assessor_app.ui.annotate.annotation_row import RowPainter
from assessor_app.ui.annotate.marks_menu import MarksMenu, deletion
from assessor_app.ui.annotate.place_again import PlaceAgain
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class _Tree(QTreeView):
    """A tree without branches: Return goes to a row, Delete deletes, the menu key opens a menu."""

    chosen = Signal(QModelIndex)
    delete_pressed = Signal()
    menu_wanted = Signal(QPoint)
    """Where, on the screen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Delete act on rows; the rest moves."""
        if self.currentIndex().isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Right click, or the menu key on the current row."""
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(at)


class AnnotationList(QWidget):
    """Lists marks; takes data, emits what the person wants.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(object)
    """Annotation to go to, with the keyboard."""
    picked = Signal(object)
    """Annotations of the rows that the person selected here; the keyboard stays in the list."""
    edited = Signal(object)
    """MarksEdit that the person wants; never of somebody else's marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = AnnotationModel()
        self.model.setParent(self)
        self._others: frozenset[AnnotationId] = frozenset()
        self._criteria: Sequence[tuple[CriterionId, str]] = ()
        self._picked: tuple[AnnotationId, ...] = ()
        self._is_editable = True
        self._is_quiet = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        self.filters = FilterBar(self)
        column.addWidget(self.filters)
        self.place_again = PlaceAgain(self)
        column.addWidget(self.place_again)
        self.tree = self._make_tree()
        column.addWidget(self.tree, 1)
        self.empty = plain_label("", "quiet", self, wraps=True)
        self.empty.setContentsMargins(space(self, 2), 0, space(self, 2), space(self, 2))
        column.addWidget(self.empty)
        self.filters.changed.connect(self._filter)
        self.tree.chosen.connect(self._choose)
        self.tree.doubleClicked.connect(self._choose)
        self.tree.delete_pressed.connect(self._delete)
        self.tree.menu_wanted.connect(self._open_menu)
        self.tree.selectionModel().selectionChanged.connect(self._selected)
        self.setFocusProxy(self.tree)
        self._tell_empty()

    def _make_tree(self) -> _Tree:
        tree = _Tree(self)
        tree.setModel(self.model)
        tree.setRootIsDecorated(False)
        tree.setAllColumnsShowFocus(True)
        tree.setItemDelegate(RowPainter(tree))
        tree.setMouseTracking(True)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setAccessibleName(self.tr("Marks on the evidence"))
        # The pane is narrow: a row says in its one column what the others hold.
        tree.setHeaderHidden(True)
        for column in range(1, self.model.columnCount()):
            tree.setColumnHidden(column, True)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return tree

    # ---- what comes in ----

    def set_names(self, sources: Mapping[str, str], criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """Names to show and to filter by.

        Args:
            sources: neutral names of artifacts and responses by id, in the order of the evidence.
            criteria: ids and short texts, in the rubric's order.
        """
        self._criteria = criteria
        self._quietly_refill(lambda: self.model.set_names(sources, dict(criteria)))
        self.filters.fill(self.filters.sources, sources.items())
        self.filters.fill(self.filters.criteria, criteria)

    def set_annotations(
        self,
        annotations: Sequence[Annotation],
        others: frozenset[AnnotationId] = frozenset(),
        not_found: frozenset[AnnotationId] | None = None,
    ) -> None:
        """Replace the marks; the rows of the moment stay if they are still there.

        Args:
            annotations: all marks of the submission.
            others: ids of marks by somebody else.
            not_found: ids of marks without a place; None leaves that as it was told last.
        """
        self._others = others
        lost = self.model.not_found if not_found is None else not_found
        self.filters.offer(self.filters.only_mine, is_offered=bool(others))
        self.filters.offer(self.filters.only_lost, is_offered=bool(lost))
        self._quietly_refill(lambda: self.model.set_annotations(annotations, others, lost))
        self._tell_empty()

    def set_not_found(self, not_found: frozenset[AnnotationId]) -> None:
        """Say which marks have no place in the file at hand; they stand first."""
        self.filters.offer(self.filters.only_lost, is_offered=bool(not_found))
        self._quietly_refill(lambda: self.model.set_not_found(not_found))
        self._tell_empty()

    def set_moved(self, moved: Mapping[AnnotationId, Placement]) -> None:
        """Say where marks stand now whose file has changed since."""
        self._quietly_refill(lambda: self.model.set_moved(moved))

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be changed here."""
        self._is_editable = is_editable
        self._tell_lost()

    def show_picked(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Select the rows of marks that were picked elsewhere, and tell nobody."""
        self._picked = tuple(annotation_ids)
        self._is_quiet = True
        wanted = QItemSelection()
        rows = [row for id_ in self._picked if (row := self.model.row_of(id_)) >= 0]
        for row in rows:
            wanted.select(self.model.index(row, 0), self.model.index(row, self.model.columnCount() - 1))
        selection = self.tree.selectionModel()
        if rows:
            current = self.model.index(rows[-1], 0)
            selection.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.tree.scrollTo(current)
        selection.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._is_quiet = False
        self._tell_lost()

    def picked_marks(self) -> tuple[Annotation, ...]:
        """The marks of the selected rows, from top to bottom."""
        rows = sorted({index.row() for index in self.tree.selectionModel().selectedRows()})
        return tuple(self.model.annotation(row) for row in rows)

    # ---- what the person does ----

    @Slot()
    def _selected(self) -> None:
        if not self._is_quiet:
            marks = self.picked_marks()
            self._picked = tuple(mark.id for mark in marks)
            self._tell_lost()
            self.picked.emit(marks)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.annotation(index.row()))

    def _own(self) -> tuple[Annotation, ...]:
        marks = self.picked_marks() if self._is_editable else ()
        return tuple(mark for mark in marks if mark.id not in self._others)

    @Slot()
    def _delete(self) -> None:
        own = self._own()
        if own:
            self.edited.emit(deletion(own))

    @Slot(QPoint)
    def _open_menu(self, at: QPoint) -> None:
        own = self._own()
        if own:
            menu = MarksMenu(own, self._criteria, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.edited.connect(self.edited)
            menu.popup(at)

    # ---- inside ----

    def _quietly_refill(self, refill: Callable[[], None]) -> None:
        """Rows made anew lose their selection, which is not the person's choice."""
        self._is_quiet = True
        refill()
        self._is_quiet = False
        self.show_picked(self._picked)

    @Slot()
    def _filter(self) -> None:
        self._quietly_refill(lambda: self.model.set_filter(self.filters.filter))
        self._tell_empty()

    def _tell_lost(self) -> None:
        """What the one chosen mark said, if it has no place."""
        picked = self.picked_marks()
        lost = self.model.not_found
        chosen = picked[0] if len(picked) == 1 and picked[0].id in lost else None
        is_own = chosen is not None and chosen.id not in self._others
        self.place_again.show_lost(self.model.lost_count, chosen, is_editable=is_own and self._is_editable)

    def _tell_empty(self) -> None:
        self.empty.setVisible(self.model.rowCount() == 0)
        if self.model.all_count:
            self.empty.setText(self.tr("No mark is like that. Take a filter away to see all."))
        else:
            self.empty.setText(self.tr("Nothing marked yet. Select words in the evidence and press Alt+1."))
