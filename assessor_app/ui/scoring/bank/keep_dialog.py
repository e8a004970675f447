"""Keeping selected words as a comment: what it says and where it fits, before anything is kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.comment_bank import BankEntry
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import comment_bank as verbs
from assessor_app.ui.announce import announce
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.bank.entry_form import EntryForm
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space


class KeepDialog(QDialog):
    """A form and two buttons; what is refused stays in the form with the reason."""

    def __init__(
        self, lanes: Lanes, entry: BankEntry, parent: QWidget, of: SubmissionId | None = None
    ) -> None:
        """Propose an entry.

        Args:
            lanes: where it is kept.
            entry: as it would be kept; without an id.
            parent: the window.
            of: the submission in which the words were written.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keep as a comment"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lanes, self._of = lanes, of
        self.form = EntryForm(self)
        self.form.show_entry(entry)
        self.trouble = plain_label("", "danger", wraps=True)
        self.trouble.hide()
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.keep = QPushButton(self.tr("Keep"), self)
        self.keep.setProperty("kind", "primary")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._keep)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("Keep as a comment"), "title"))
        told = self.tr("Only you read this list. A “/” in a feedback field offers it where it fits.")
        layout.addWidget(plain_label(told, "caption", wraps=True))
        layout.addSpacing(space(self, 1))
        layout.addWidget(self.form)
        layout.addWidget(self.trouble)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 130))
        self.form.title.setFocus()
        self.form.title.selectAll()
        lanes.read(self, verbs.known_places, self.form.set_places, key="places")

    @Slot()
    def _keep(self) -> None:
        entry, of = self.form.entry(), self._of

        def verb(context: Any) -> ChangeSet:
            return verbs.keep(context, entry, of)

        self.keep.setEnabled(False)
        self._lanes.write(verb, owner=self, done=self._kept, failed=self._refused)

    def _kept(self, _changes: ChangeSet) -> None:
        self.accept()

    def _refused(self, error: KnownError) -> None:
        self.keep.setEnabled(True)
        self.trouble.setText(f"{error.title}. {error.message} {error.next_step}".strip())
        self.trouble.show()
        announce(self, self.trouble.text(), urgent=True)
        self.form.text.edit.setFocus()
