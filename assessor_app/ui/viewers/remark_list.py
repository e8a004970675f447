"""What the learner left in the file: comments, changes, speaker notes and marks, beside the pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from assessor_app.documents.pages import FileRemark, RemarkKind
from assessor_app.ui.place_names import page_title
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.place_list import PlaceList, PlaceRow

_MOST_LINES = 12
"""Lines of a remark that are shown; a longer one ends in an ellipsis."""


class RemarkList(QWidget):
    """Lists remarks; says plainly that they are the learner's own.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(object)
    """FileRemark to go to; it has a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[str, ...] = ()
        self.are_slides = False
        """Whether the pages are those of a presentation."""
        self.about = plain_label("", "quiet", self, wraps=True)
        self.on_pages = QCheckBox(self.tr("Show on the pages"), self)
        self.on_pages.setChecked(True)
        self.list = PlaceList(self.tr("Remarks in the file"), self, lines=_MOST_LINES, is_uniform=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        for widget in (self.about, self.on_pages, self.list):
            column.addWidget(widget, 1 if widget is self.list else 0)
        self.setFocusProxy(self.list)
        self.list.chosen.connect(self.chosen)

    def show_remarks(
        self, remarks: Sequence[FileRemark], *, are_on_pages: bool, places: Sequence[str] = ()
    ) -> None:
        """Show other remarks.

        Args:
            remarks: in the order of the file.
            are_on_pages: whether the pages themselves show them, so that they can be hidden there.
            places: what the pages are called, such as the names of sheets; empty where they are numbered.
        """
        self._places = tuple(places)
        self.about.setText(
            self.tr("Left in the file before it was handed in.")
            if remarks
            else self.tr("Nothing was left in this file.")
        )
        self.on_pages.setVisible(are_on_pages)
        self.list.places.replace([self._row(remark) for remark in remarks])

    def _row(self, remark: FileRemark) -> PlaceRow:
        parts = [self.tr("answer") if remark.is_reply else self._kind(remark.kind)]
        if remark.author:
            parts.append(self.tr("person {number}").format(number=remark.author))
        if remark.page is not None:
            is_named = remark.page < len(self._places)
            number = page_title(remark.page, are_slides=self.are_slides)
            parts.insert(0, self._places[remark.page] if is_named else number)
        words = remark.text
        if remark.quote:
            quote = self.tr("“{words}”").format(words=remark.quote)
            words = f"{quote} {words}".strip()
        place = remark if remark.page is not None else None
        return PlaceRow(", ".join(parts), words or self.tr("(without words)"), place)

    def _kind(self, kind: RemarkKind) -> str:
        words = {
            RemarkKind.COMMENT: self.tr("comment"),
            RemarkKind.INSERTION: self.tr("added"),
            RemarkKind.DELETION: self.tr("taken out"),
            RemarkKind.SPEAKER_NOTE: self.tr("speaker note"),
            RemarkKind.MARK: self.tr("mark"),
        }
        return words[kind]
