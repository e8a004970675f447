"""Why something is sent all the same: one field for one finding, or for several of a kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.rubric.checks import CheckResult
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField


class ReasonField(QWidget):
    """The reason for some findings, kept as it is written."""

    ready = Signal(object, str, object)
    """Keys of the findings, the text, and its Keeper."""

    def __init__(self, checks: Sequence[CheckResult], parent: QWidget | None = None) -> None:
        """Show the reason that all of them have; none where they have different ones, or one has none.

        Args:
            checks: one or more findings that a reason is asked for.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.keys = tuple(check.key for check in checks)
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self.field = TextField(
            self.tr("Send it all the same, because"),
            reader=self.tr("The approver reads this"),
            hint=self.tr("Such as: it is quoted from the evidence"),
            icon="eye-off",
            lines=1,
        )
        self.field.edit.setAccessibleDescription(" ".join(check.text for check in checks))
        reasons = {check.reason for check in checks}
        self.field.show_text(reasons.pop() if len(reasons) == 1 else "")
        self.field.written.connect(self.keeper.touch)
        self.field.left.connect(self.keeper.flush)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)

    def go_on_from(self, earlier: ReasonField, *, has_focus: bool) -> None:
        """Take over from a field for the same findings: what is being written, and the keyboard.

        Args:
            earlier: the field that this one replaces.
            has_focus: whether the keyboard was in it.
        """
        edit, was = self.field.edit, earlier.field.edit
        if earlier.keeper.is_unsaved and was.toPlainText() != edit.toPlainText():
            edit.show_text(was.toPlainText())
            self.keeper.touch()
        if has_focus:
            edit.setFocus(Qt.FocusReason.OtherFocusReason)
            cursor = QTextCursor(edit.document())
            cursor.setPosition(min(was.textCursor().position(), edit.document().characterCount() - 1))
            edit.setTextCursor(cursor)

    @Slot()
    def _send(self) -> None:
        self.ready.emit(self.keys, self.field.text(), self.keeper)
