"""One side of a shared passage: what stands in both is underlined and shaded, the rest is quiet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QWidget

from assessor_app.domain.matches import Excerpt
from assessor_app.ui.plain_text import INVISIBLE
from assessor_app.ui.text_as_tall import TextAsTall, shaded
from assessor_app.ui.theme import colours_of, space


class PassageText(TextAsTall):
    """Plain words as tall as they are; nothing in them becomes markup."""

    def __init__(self, excerpt: Excerpt, name: str, parent: QWidget | None = None) -> None:
        """Show an excerpt.

        Args:
            excerpt: the words, in runs.
            name: which submission and source it is from, for screen readers.
            parent: Qt parent.
        """
        super().__init__(name, parent)
        self._runs = [(run.text.translate(INVISIBLE), run.same) for run in excerpt.runs]
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(space(self, 1.5))
        same = " … ".join(text for text, is_same in self._runs if is_same)
        self.setAccessibleDescription(self.tr("In both: {words}").format(words=same))
        self.write()

    def _insert(self) -> None:
        same, other = shaded(self), QTextCharFormat()
        other.setForeground(QColor(colours_of(self).quiet))
        cursor = self.textCursor()
        for number, (text, is_same) in enumerate(self._runs):
            if number:
                cursor.insertText(" ", other)
            cursor.insertText(text, same if is_same else other)
