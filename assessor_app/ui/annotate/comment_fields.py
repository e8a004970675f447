"""The fields of the box at a mark: comment, who reads it, and how it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QWidget

from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience
from assessor_app.ui.annotate.drafts import COLOUR_KEYS, OPACITIES, WIDTHS_PT, fill_of
from assessor_app.ui.annotate.words import audience_words, colour_word
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.theme import space

_NO_LINE = (
    AnnotationKind.HIGHLIGHT,
    AnnotationKind.NOTE,
    AnnotationKind.QUESTION,
    AnnotationKind.FREE_TEXT,
)
"""Kinds that have no line to be thick or thin."""


class CommentEdit(QPlainTextEdit):
    """Plain text; tells when it loses the focus."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The person went elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()


class QuietCombo(QComboBox):
    """A choice that the wheel never changes: a slip would show a private note to a learner.

    Args:
        name: what is chosen, for screen readers.
        parent: Qt parent.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    def show_choice(self, data: Any) -> None:
        """Show a choice without telling anybody; None, or one that is not offered, shows none."""
        self.blockSignals(True)
        self.setCurrentIndex(self.findData(data) if data is not None else -1)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel pass."""
        event.ignore()


class AudienceBox(QuietCombo):
    """Who reads the mark.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Who reads this"))
        self.setPlaceholderText(self.tr("Various readers"))
        for audience in Audience:
            self.addItem(audience_words(audience), audience.value)

    def audience(self) -> Audience:
        """The choice."""
        return Audience(self.currentData())

    def set_audience(self, audience: Audience | None) -> None:
        """Show a choice without telling anybody; None for several that differ."""
        self.show_choice(audience.value if audience is not None else None)


class StyleRow(QWidget):
    """Colour, opacity and line width of marks, in one row.

    Args:
        parent: Qt parent.
    """

    changed = Signal(object)
    """A function from Annotation to the Annotation as the person wants it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = QuietCombo(self.tr("Colour"), self)
        self.opacity = QuietCombo(self.tr("Opacity"), self)
        self.width_pt = QuietCombo(self.tr("Line width"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 1))
        for box, stretch in ((self.colour, 1), (self.opacity, 0), (self.width_pt, 0)):
            box.setPlaceholderText(self.tr("Mixed"))
            set_plain_tooltip(box, box.accessibleName())
            row.addWidget(box, stretch)
        side = round(self.fontMetrics().height() * 0.8)
        self.colour.setIconSize(QSize(side, side))
        for colour in COLOUR_KEYS:
            swatch = QPixmap(side, side)
            swatch.fill(QColor(fill_of(colour)))
            self.colour.addItem(swatch, colour_word(colour), colour)
        for opacity in OPACITIES:
            self.opacity.addItem(self.tr("{percent} %").format(percent=round(opacity * 100)), opacity)
        for width in WIDTHS_PT:
            self.width_pt.addItem(self.tr("{points} pt").format(points=round(width)), width)
        self.colour.currentIndexChanged.connect(self._colour_chosen)
        self.opacity.currentIndexChanged.connect(self._opacity_chosen)
        self.width_pt.currentIndexChanged.connect(self._width_chosen)

    def show_marks(self, marks: Sequence[Annotation]) -> None:
        """Show what the marks have in common, without telling anybody."""
        self.colour.show_choice(_common([mark.colour for mark in marks]))
        self.opacity.show_choice(_common([mark.opacity for mark in marks]))
        self.width_pt.show_choice(_common([mark.line_width_pt for mark in marks]))
        self.width_pt.setVisible(not all(mark.kind in _NO_LINE for mark in marks))

    @Slot()
    def _colour_chosen(self) -> None:
        colour = self.colour.currentData()
        self.changed.emit(lambda mark: replace(mark, colour=colour))

    @Slot()
    def _opacity_chosen(self) -> None:
        opacity = self.opacity.currentData()
        self.changed.emit(lambda mark: replace(mark, opacity=opacity))

    @Slot()
    def _width_chosen(self) -> None:
        width = self.width_pt.currentData()
        self.changed.emit(lambda mark: replace(mark, line_width_pt=width))


def _common(values: Sequence[Any]) -> Any:
    """The one value that all share; None when they differ."""
    return values[0] if values and all(value == values[0] for value in values) else None
