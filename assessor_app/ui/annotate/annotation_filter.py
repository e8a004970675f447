"""Which marks the list shows: words typed, and choices behind a button."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.annotations import AnnotationKind, Audience
from assessor_app.ui.annotate.annotation_model import Filter
from assessor_app.ui.annotate.comment_fields import QuietCombo
from assessor_app.ui.annotate.words import audience_words, kind_word
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.theme import space


class FilterBar(QWidget):
    """A field for words and a button that opens the choices.

    Args:
        parent: Qt parent.
    """

    changed = Signal()
    """Another filter is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("Filter marks"))
        self.text.setAccessibleName(self.tr("Filter marks by words"))
        self.text.setClearButtonEnabled(True)
        self.button = QToolButton(self)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        dress(self.button, "list-filter")
        self.choices = QWidget(self)
        self.sources = self._choice(self.tr("Marks on which evidence"), self.tr("All evidence"))
        self.criteria = self._choice(self.tr("Marks tied to which criterion"), self.tr("All criteria"))
        self.kinds = self._choice(self.tr("Which kind of marks"), self.tr("All kinds"))
        for kind in AnnotationKind:
            self.kinds.addItem(kind_word(kind), kind.value)
        self.readers = self._choice(self.tr("Marks read by whom"), self.tr("All readers"))
        for audience in Audience:
            self.readers.addItem(audience_words(audience), audience.value)
        self.with_comment = QCheckBox(self.tr("With a comment"), self.choices)
        self.only_mine = QCheckBox(self.tr("Only mine"), self.choices)
        self.only_lost = QCheckBox(self.tr("Place not found"), self.choices)
        self.only_mine.hide()
        self.only_lost.hide()
        self._lay_out()
        self.choices.hide()
        self._connect()
        self._tell()

    @property
    def filter(self) -> Filter:
        """What is wanted."""
        kind, audience = self.kinds.currentData(), self.readers.currentData()
        return Filter(
            source_id=self.sources.currentData(),
            criterion=self.criteria.currentData(),
            only_mine=self.only_mine.isChecked(),
            kind=AnnotationKind(kind) if kind is not None else None,
            audience=Audience(audience) if audience is not None else None,
            with_comment=self.with_comment.isChecked(),
            only_lost=self.only_lost.isChecked(),
            text=self.text.text(),
        )

    def fill(self, box: QComboBox, items: Iterable[tuple[str, str]]) -> None:
        """Replace the choices below the first; the choice of the moment stays if it is still there."""
        box.blockSignals(True)
        chosen = box.currentData()
        while box.count() > 1:
            box.removeItem(1)
        for key, text in items:
            box.addItem(text, key)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._changed()

    def offer(self, check: QCheckBox, *, is_offered: bool) -> None:
        """Show a tick only where it means something; one that goes is taken off."""
        check.setHidden(not is_offered)
        if not is_offered:
            check.setChecked(False)

    def clear(self) -> None:
        """Show all marks."""
        for box in (self.sources, self.criteria, self.kinds, self.readers):
            box.setCurrentIndex(0)
        for check in (self.with_comment, self.only_mine, self.only_lost):
            check.setChecked(False)
        self.text.clear()

    def _choice(self, name: str, everything: str) -> QComboBox:
        box = QuietCombo(name, self.choices)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem(everything, None)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 2), 0, space(self, 2), 0)
        column.setSpacing(space(self, 1))
        row = QHBoxLayout()
        row.setSpacing(space(self, 1))
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        column.addLayout(row)
        column.addWidget(self.choices)
        grid = QGridLayout(self.choices)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(space(self, 1))
        for number, box in enumerate((self.sources, self.criteria, self.kinds, self.readers)):
            grid.addWidget(box, number // 2, number % 2)
        checks = QHBoxLayout()
        for check in (self.with_comment, self.only_mine, self.only_lost):
            checks.addWidget(check)
        checks.addStretch(1)
        grid.addLayout(checks, 2, 0, 1, 2)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._changed)
        for box in (self.sources, self.criteria, self.kinds, self.readers):
            box.currentIndexChanged.connect(self._changed)
        for check in (self.with_comment, self.only_mine, self.only_lost):
            check.toggled.connect(self._changed)
        self.button.toggled.connect(self.choices.setVisible)

    @Slot()
    def _changed(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """How many choices are in force, also while they are folded away."""
        count = self.filter.count
        self.button.setText(str(count) if count else "")
        name = self.tr("Choose which marks are listed")
        if count:
            name = self.tr("Choose which marks are listed; {n} choices are in force").format(n=count)
        self.button.setAccessibleName(name)
        set_plain_tooltip(self.button, name)
