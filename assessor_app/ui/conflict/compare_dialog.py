"""Both sides of what was changed here and on the platform, and the choice between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.conflicts import Conflict, ConflictKind
from assessor_app.domain.merging import Keep, Part
from assessor_app.services.comparison import Comparison, Fate
from assessor_app.ui.announce import announce
from assessor_app.ui.conflict import words
from assessor_app.ui.conflict.part_row import PartRow
from assessor_app.ui.icons import dress
from assessor_app.ui.moment_words import when_words
from assessor_app.ui.plain_text import one_line, plain_label, separator
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space


class CompareDialog(QDialog):
    """Shows a comparison. Nothing changes before one of its last buttons is pressed, and nothing is sent."""

    kept = Signal(object, bool, bool)
    """Choices (a dict from Part to Keep), whether the other one is taken back, whether to check and send."""
    save_wanted = Signal()
    """Her side, as a file."""
    version_wanted = Signal(str)
    """Another version to read, by its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setObjectName("compare_dialog")
        self.setModal(True)
        self.comparison: Comparison | None = None
        self.rows: list[PartRow] = []
        self._undo: list[tuple[Part, Keep | None]] = []
        self._title = plain_label("", "title", wraps=True)
        self._about = plain_label("", "quiet", wraps=True)
        self._fate = plain_label("", "body", wraps=True)
        self._count = plain_label("", "strong", wraps=True)
        self.version = QComboBox(self)
        self.version.setAccessibleName(self.tr("Version"))
        self.version.activated.connect(self._ask_version)
        self.version.hide()
        self.show_all = QCheckBox(self.tr("Show what is the same as well"), self)
        self.show_all.toggled.connect(self._show_rows)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self.tr("What differs"))
        self.undo_button = QPushButton(self.tr("Undo the last choice"), self)
        self.undo_button.setProperty("kind", "quiet")
        dress(self.undo_button, "undo-2", "text", factor=1.0)
        self.undo_button.clicked.connect(self.undo)
        self.save_button = QPushButton(self.tr("Save yours as a file…"), self)
        self.save_button.setProperty("kind", "quiet")
        self.save_button.clicked.connect(self.save_wanted)
        self.close_button = QPushButton(self.tr("Later"), self)
        self.close_button.clicked.connect(self.reject)
        self.draft_button = QPushButton(self)
        self.draft_button.clicked.connect(self._keep)
        self.go_button = QPushButton(self)
        self.go_button.setProperty("kind", "primary")
        self.go_button.clicked.connect(self._go)
        for button in (self.undo_button, self.save_button, self.draft_button, self.go_button):
            button.setAutoDefault(False)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self.undo)
        self._lay_out()
        resize_within_screen(self, space(self, 260), space(self, 170))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.version)
        counts = SideBySide(self)
        counts.box.addWidget(self._count, 1)
        counts.box.addWidget(self.show_all)
        left, right = SideBySide(self), SideBySide(self)
        for button in (self.undo_button, self.save_button):
            left.box.addWidget(button)
        for button in (self.close_button, self.draft_button, self.go_button):
            right.box.addWidget(button)
        buttons = SideBySide(self)
        buttons.box.addWidget(left)
        buttons.box.addStretch(1)
        buttons.box.addWidget(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addLayout(top)
        layout.addWidget(self._about)
        layout.addWidget(self._fate)
        layout.addWidget(counts)
        layout.addWidget(separator(self))
        layout.addWidget(self.area, 1)
        layout.addWidget(separator(self))
        layout.addWidget(buttons)

    # ---- what is shown ----

    def show_comparison(self, comparison: Comparison) -> None:
        """Show a comparison; choices on the same places stay, where they still mean something."""
        before = {row.one.part: row.keep for row in self.rows}
        self.comparison, self._undo = comparison, []
        self.setWindowTitle(words.head_words(comparison))
        self._title.setText(words.head_words(comparison))
        self._about.setText(f"{comparison.code}  ·  {one_line(comparison.title)}")
        self._fate.setText(words.fate_words(comparison))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, space(self, 2), 0)
        column.setSpacing(0)
        self.rows = []
        # What needs her comes first; the order of the rubric holds within that.
        for one in sorted(comparison.parts, key=lambda one: not (one.is_open or one.is_judged)):
            row = PartRow(one, comparison, can_choose=comparison.can_choose, parent=page)
            if before.get(one.part) is not None and before[one.part] in row.buttons:
                row.put(before[one.part])
            row.chosen.connect(self._chosen)
            self.rows.append(row)
            column.addWidget(row)
        column.addStretch(1)
        self.area.setWidget(page)
        self.show_all.setVisible(any(not one.differs for one in comparison.parts))
        self._name_buttons()
        self._show_rows()
        self._tell()
        self._focus_first()

    def show_versions(self, versions: Sequence[Conflict], shown: str) -> None:
        """Offer the other versions of the same work, newest first."""
        self.version.clear()
        for one in versions:
            self.version.addItem(when_words(one.found_at), one.id)
        self.version.setCurrentIndex(self.version.findData(shown))
        self.version.setVisible(len(versions) > 1)

    def choices(self) -> dict[Part, Keep]:
        """Whose side is kept, where she has chosen or only one side has changed it."""
        return {row.one.part: row.keep for row in self.rows if row.keep is not None}

    @Slot()
    def undo(self) -> None:
        """Take back the last choice."""
        if not self._undo:
            return
        part, before = self._undo.pop()
        row = next(row for row in self.rows if row.one.part == part)
        row.put(before)
        if (button := row.first_button()) is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()
        announce(
            self, self.tr("Taken back: {title}. {count}").format(title=row.title, count=self._count.text())
        )

    # ---- inside ----

    def _name_buttons(self) -> None:
        comparison = self.comparison
        assert comparison is not None
        is_decision, fate = comparison.kind is ConflictKind.DECISION, comparison.fate
        draft, go, later = "", "", self.tr("Later")
        if fate is Fate.OPEN and is_decision:
            go = self.tr("Decide anew")
        elif fate is Fate.OPEN:
            draft, go = self.tr("Keep as draft"), self.tr("Check and send…")
        elif fate is Fate.SENT:
            draft = self.tr("Keep as draft")
            go = self.tr("Keep, and take the other one back") if comparison.can_take_back else ""
        elif fate is Fate.OVER:
            go = self.tr("Keep yours here")
        else:
            later = self.tr("Close")
        for button, text in ((self.draft_button, draft), (self.go_button, go)):
            button.setText(text)
            button.setVisible(bool(text))
        self.close_button.setText(later)
        self.undo_button.setVisible(comparison.can_choose)

    @Slot()
    def _show_rows(self) -> None:
        for row in self.rows:
            row.setVisible(row.one.differs or self.show_all.isChecked())

    @Slot(object, object, object)
    def _chosen(self, part: Part, before: Keep | None, _now: Keep) -> None:
        self._undo.append((part, before))
        self._tell()
        announce(self, self._count.text())

    def _tell(self) -> None:
        differing = [row for row in self.rows if row.one.differs]
        waiting = [row for row in differing if row.buttons and row.keep is None]
        comparison = self.comparison
        text = words.count_words(len(waiting), len(differing))
        if comparison is not None and not comparison.can_choose:
            text = ""
        self._count.setText(text)
        self.undo_button.setEnabled(bool(self._undo))

    def _focus_first(self) -> None:
        waiting = [row for row in self.rows if row.buttons and row.keep is None]
        first = next((row.first_button() for row in (waiting or self.rows) if row.first_button()), None)
        (first or self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _ask_version(self, index: int) -> None:
        self.version_wanted.emit(str(self.version.itemData(index)))

    @Slot()
    def _keep(self) -> None:
        self.kept.emit(self.choices(), False, False)

    @Slot()
    def _go(self) -> None:
        fate = self.comparison.fate if self.comparison is not None else Fate.UNKNOWN
        self.kept.emit(self.choices(), fate is Fate.SENT, fate is Fate.OPEN)
