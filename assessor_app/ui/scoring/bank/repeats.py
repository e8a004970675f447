"""Notices on this machine alone when the same sentence is written again, and offers once to keep it."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.services import comment_bank as verbs
from assessor_app.ui.scoring.bank.repeat_offer import RepeatOffer
from assessor_app.ui.scoring.bank.writing import Writing
from assessor_app.ui.scoring.text_field import GrowingEdit, TextField
from assessor_app.ui.tasks import Lanes


class Repeats(QObject):
    """Looks at a criterion's text when it is left; one offer at a time, below its field."""

    def __init__(
        self,
        lanes: Lanes,
        writing_of: Callable[[QWidget], Writing],
        keep_words: Callable[[GrowingEdit, str], None],
        parent: QObject,
    ) -> None:
        """Begin without an offer.

        Args:
            lanes: where what was written elsewhere is looked through.
            writing_of: where a text is written.
            keep_words: asks how words of a text are to be kept.
            parent: owns this object.
        """
        super().__init__(parent)
        self._lanes, self._writing_of, self._keep_words = lanes, writing_of, keep_words
        self.offer: RepeatOffer | None = None
        self._looked_at: dict[int, str] = {}

    def watch(self, edit: GrowingEdit) -> None:
        """Look at a text whenever it is left."""
        edit.left.connect(self._left)

    @Slot()
    def _left(self) -> None:
        edit = self.sender()
        if not isinstance(edit, GrowingEdit) or edit.isReadOnly():
            return
        text, writing = edit.toPlainText(), self._writing_of(edit)
        submission_id, criterion_id = writing.submission_id, writing.place.criterion_id
        if submission_id is None or criterion_id is None or self._looked_at.get(id(edit)) == text:
            return
        self._looked_at[id(edit)] = text

        def found(sentence: str | None) -> None:
            if sentence is not None and shiboken6.isValid(edit) and sentence in edit.toPlainText():
                self._show(edit, sentence)

        self._lanes.read(
            self,
            lambda context: verbs.repeated(context, submission_id, criterion_id, text),
            found,
            key="repeated",
        )

    def _show(self, edit: GrowingEdit, sentence: str) -> None:
        field = edit.parentWidget()
        layout = field.layout() if isinstance(field, TextField) else None
        if field is None or layout is None:
            return
        self._clear()
        self.offer = RepeatOffer(edit, sentence, field)
        self.offer.keep_wanted.connect(self._keep)
        self.offer.declined.connect(self._decline)
        layout.addWidget(self.offer)

    def _clear(self) -> None:
        if self.offer is not None and shiboken6.isValid(self.offer):
            self.offer.go()
        self.offer = None

    @Slot()
    def _keep(self) -> None:
        if self.offer is not None:
            edit, sentence = self.offer.edit, self.offer.sentence
            self._clear()
            self._keep_words(edit, sentence)

    @Slot()
    def _decline(self) -> None:
        if self.offer is not None:
            sentence = self.offer.sentence
            self._clear()
            self._lanes.write(lambda context: verbs.decline(context, sentence), owner=self)
