"""What the current cell of a sheet holds: its name, its formula or whole text, and the comment on it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assessor_app.documents.sheets import Area, Cell, area_name
from assessor_app.ui.annotate.clipboard import said_aloud
from assessor_app.ui.plain_text import INVISIBLE, plain_label
from assessor_app.ui.theme import space

_NAME_CHARS = 12


class FormulaBar(QWidget):
    """One line above the cells; nothing in it is calculated or can be changed.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = plain_label("", "caption", self)
        self.name.setMinimumWidth(self.fontMetrics().averageCharWidth() * _NAME_CHARS)
        self.content = QLineEdit(self)
        self.content.setReadOnly(True)
        self.content.setAccessibleName(self.tr("What the cell holds"))
        self.remark = plain_label("", "quiet", self, wraps=True)
        self.remark.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 3), space(self, 0.5), space(self, 2), space(self, 1))
        column.setSpacing(space(self, 1))
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(self.name)
        row.addWidget(self.content, 1)
        column.addLayout(row)
        column.addWidget(self.remark)

    def show_cell(self, area: Area, cell: Cell, remark: str) -> None:
        """Show a cell.

        Args:
            area: what is selected, for its name.
            cell: the first cell of it.
            remark: the comment on that cell; empty for none.
        """
        self.name.setText(area_name(area))
        held = cell.formula or said_aloud(cell.text)
        line = " ".join(held.split()).translate(INVISIBLE)
        if cell.formula and cell.text:
            line = self.tr("{formula}   shows   {text}").format(
                formula=line, text=" ".join(cell.text.split())
            )
        if line != self.content.text():
            self.content.setText(line)
            self.content.setCursorPosition(0)
        self.remark.setText(self.tr("Comment in the file: {text}").format(text=remark) if remark else "")
        self.remark.setVisible(bool(remark))
