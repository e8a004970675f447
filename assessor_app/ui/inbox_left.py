"""Says which submissions left the inbox, so that no work is taken away silently."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from assessor_app.domain.inbox import InboxRow
from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress
from assessor_app.ui.inbox_model import InboxModel
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

MOST_NAMED = 4


class LeftNotice(QFrame):
    """One line above the list until it is closed; several that leave are told together."""

    def __init__(self, model: InboxModel, parent: QWidget | None = None) -> None:
        """Watch a model; nothing is shown yet."""
        super().__init__(parent)
        self._codes: list[str] = []
        self._label = plain_label("", "body", wraps=True)
        close = QPushButton(self.tr("Close"), self)
        dress(close, "x")
        close.clicked.connect(self.forget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 2))
        row.addWidget(self._label, 1)
        row.addWidget(close)
        self.hide()
        model.left.connect(self._tell)
        model.forgotten.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Close it."""
        self._codes.clear()
        self.hide()

    @Slot(list)
    def _tell(self, rows: Sequence[InboxRow]) -> None:
        self._codes += [row.code for row in rows if row.code not in self._codes]
        named = ", ".join(self._codes[:MOST_NAMED]) + (", …" if len(self._codes) > MOST_NAMED else "")
        text = self.tr("Not in your inbox any more: {codes}. What you wrote of it is kept on this computer.")
        self._label.setText(text.format(codes=named))
        self.show()
        announce(self, self._label.text())
