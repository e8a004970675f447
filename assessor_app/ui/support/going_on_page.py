"""The page of what is going on: read-only, alive while it is open, found by words, copied as text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from assessor_app.errors import KnownError
from assessor_app.services.going_on import GoingOn, going_on
from assessor_app.services.views import SyncStatus
from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.support.words import Section, as_text, headlines, sections
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space

LOOK_MS = 3_000
"""How long after a look the next one is taken."""


class GoingOnPage(QDialog):
    """A window beside the work, not before it."""

    report_requested = Signal()

    def __init__(
        self, lanes: Lanes, log_folder: str, status: SyncStatus | None = None, parent: QWidget | None = None
    ) -> None:
        """Look as soon as it is shown.

        Args:
            lanes: of the open account.
            log_folder: where the program's notes about itself lie.
            status: how the last sync stands.
            parent: the window.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("What is going on"))
        self._lanes, self._log_folder, self._status = lanes, log_folder, status
        self._seen: GoingOn | None = None
        self._shown: tuple[Section, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.lines = [plain_label("", "strong" if number == 0 else "body", wraps=True) for number in range(3)]
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search by any word"))
        self.search.setAccessibleName(self.tr("Search what is going on"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.tree = self._make_tree()
        self._lay_out()
        resize_within_screen(self, space(self, 170), space(self, 165))

    # ---- what comes in ----

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Take how the platform is reached just now."""
        self._status = status
        if self._seen is not None:
            self._show(self._seen)

    @Slot()
    def look(self) -> None:
        """Look at everything once more."""
        self._timer.stop()
        if self.isVisible():
            self._lanes.read(self, going_on, self._take, failed=self._failed, key="look")

    def text(self) -> str:
        """The page as text, all of it."""
        return as_text([line.text() for line in self.lines], self._shown)

    def shown_rows(self) -> list[tuple[str, str]]:
        """What is listed now."""
        return [
            (row.text(0), row.text(1))
            for group in self._groups()
            for row in _children(group)
            if not row.isHidden()
        ]

    def showEvent(self, event: QShowEvent) -> None:
        """Look, with the keyboard in the search."""
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._timer.stop()
        super().hideEvent(event)

    # ---- inside ----

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setAccessibleName(self.tr("What is going on"))
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("What"), self.tr("How it is")])
        tree.setRootIsDecorated(False)
        tree.setWordWrap(True)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        tree.header().setStretchLastSection(True)
        tree.header().sectionResized.connect(self._fit)
        return tree

    def _lay_out(self) -> None:
        copy = QPushButton(self.tr("Copy as text"), self)
        copy.clicked.connect(self._copy)
        report = QPushButton(self.tr("Save a report for support…"), self)
        report.clicked.connect(self.report_requested)
        close = QPushButton(self.tr("Close"), self)
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.close)
        dress(report, "download", "text")
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        for button in (copy, report):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("What is going on"), "title"))
        for line in self.lines:
            layout.addWidget(line)
        hint = self.tr("No titles and nobody's words stand here: all of it can be read aloud.")
        layout.addWidget(plain_label(hint, "caption", wraps=True))
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(buttons)

    def _take(self, seen: GoingOn) -> None:
        self._show(seen)
        if self.isVisible():
            self._timer.start()

    def _failed(self, error: KnownError) -> None:
        self.lines[0].setText(f"{error.title}. {error.message}")

    def _show(self, seen: GoingOn) -> None:
        self._seen = seen
        for label, text in zip(self.lines, headlines(seen, self._status), strict=True):
            label.setText(text)
        shown = sections(seen, self._status, self._log_folder)
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        if [len(section.rows) for section in before] == [len(section.rows) for section in shown]:
            self._change()
        else:
            self._fill()
        self._filter(self.search.text())
        self._fit()

    def _fill(self) -> None:
        """List everything anew; the place on the page stays as far as it can."""
        place = self.tree.verticalScrollBar().value()
        self.tree.clear()
        for section in self._shown:
            group = QTreeWidgetItem([section.title, ""])
            # The second cell is empty to the eye; a screen reader that lands on it hears where it is.
            group.setData(1, Qt.ItemDataRole.AccessibleTextRole, section.title)
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(group)
            for row in section.rows:
                item = QTreeWidgetItem(group, [row.label, row.value])
                _name(item, section.title)
            group.setExpanded(True)
        self.tree.verticalScrollBar().setValue(place)

    def _change(self) -> None:
        """The same rows with other words: whoever reads one keeps her place."""
        for group, section in zip(self._groups(), self._shown, strict=True):
            for item, row in zip(_children(group), section.rows, strict=True):
                for column, text in enumerate((row.label, row.value)):
                    if item.text(column) != text:
                        item.setText(column, text)
                _name(item, section.title)

    @Slot()
    def _fit(self) -> None:
        """Rows as high as their words need: a tree alone would cut what is longer than a line."""
        metrics = self.tree.fontMetrics()
        room = self.tree.columnWidth(1) - space(self, 3)
        if room <= 0:
            return
        for group in self._groups():
            for item in _children(group):
                height = metrics.boundingRect(0, 0, room, 0, Qt.TextFlag.TextWordWrap, item.text(1)).height()
                wanted = QSize(0, max(height, metrics.height()) + space(self))
                if item.sizeHint(1) != wanted:
                    item.setSizeHint(1, wanted)

    def _groups(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        return [group for group in found if group is not None]

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for group in self._groups():
            is_wanted = wanted in group.text(0).casefold()
            rows = _children(group)
            for row in rows:
                row.setHidden(not is_wanted and wanted not in f"{row.text(0)} {row.text(1)}".casefold())
            group.setHidden(all(row.isHidden() for row in rows))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        announce(self, self.tr("Copied"))


def _name(item: QTreeWidgetItem, title: str) -> None:
    """A row without a label of its own is named by its heading."""
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, item.text(0) or title)


def _children(group: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (group.child(row) for row in range(group.childCount()))
    return [row for row in found if row is not None]
