"""A criterion that changed, or whose evidence did, after it was rated: what changed, and the way to go on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.rubric.difference import Change
from assessor_app.ui.icons import dress
from assessor_app.ui.long_button import LongButton
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class RubricChangedNote(QWidget):
    """Stands on the criterion until it is rated again; the rating of before stays visible below."""

    confirmed = Signal()
    """The rating is right under the present version as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self._box = card("warning", self)
        self._changes = plain_label("", wraps=True)
        self._rating = plain_label("", "strong", wraps=True)
        self.keep_button = LongButton("", self)
        dress(self.keep_button, "check", "text", factor=1.0)
        self.keep_button.clicked.connect(self.confirmed)
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(space(self, 2), space(self, 1.5), space(self, 2), space(self, 1.5))
        inner.setSpacing(space(self, 1))
        self._head = plain_label("", "caption-strong", wraps=True)
        inner.addWidget(self._head)
        inner.addWidget(self._changes)
        inner.addWidget(self._rating)
        inner.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._box)
        self.hide()

    def show_change(
        self,
        changes: Sequence[Change] | None,
        rated: str,
        *,
        can_keep: bool,
        pieces: Sequence[str] | None = None,
    ) -> None:
        """Say what changed since the rating, and whether that counts.

        Args:
            changes: of the rubric; None for none, nothing in it where the earlier version is not here.
            rated: the rating of before, in words.
            can_keep: whether the present version has that level or reason too, and it may be changed.
            pieces: names of evidence that was replaced; None for none, and the note is hidden without either.
        """
        self.setVisible(changes is not None or pieces is not None)
        self.keep_button.set_words(self.tr("Keep “{level}”").format(level=rated).replace("&", "&&"))
        self.keep_button.setVisible(can_keep)
        if changes is None:
            self._show_pieces(pieces or (), rated)
            return
        self._head.setText(self.tr("The rubric changed here after you rated"))
        unknown = self.tr("The version that you rated by is not on this computer.")
        self._changes.setText("\n".join(_sentence(change) for change in changes) or unknown)
        self._rating.setText(
            self.tr("Your rating from before does not count yet: {level}").format(level=rated)
        )

    def _show_pieces(self, pieces: Sequence[str], rated: str) -> None:
        self._head.setText(self.tr("The evidence changed after you rated"))
        gone = self.tr("A piece was taken away.")
        text = self.tr("There is another version of: {pieces}").format(pieces=", ".join(pieces))
        self._changes.setText(text if pieces else gone)
        self._rating.setText(
            self.tr("Your rating counts as it is: {level}. Look again whether it still holds.").format(
                level=rated
            )
        )


def _sentence(change: Change) -> str:
    if not change.before or not change.after or change.before in change.text:
        return change.text
    return f"{change.text}\n“{change.before}” → “{change.after}”"
