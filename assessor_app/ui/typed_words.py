"""What was typed into windows that a lock closes, and the window that gives it back afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

KEEPS_WORDS = "keeps_words"
"""Property of a window that keeps by itself what is typed into it."""
_LEAST_LINES, _MOST_LINES = 3, 8
"""Lines of a text that is given back that are in view."""


def open_dialogs() -> list[QDialog]:
    """Our windows over the main one, the one on top last."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    return sorted(found, key=_depth)


def typed_in(dialog: QDialog) -> tuple[tuple[str, str], ...]:
    """(where, words) of every field of a window that the person has changed; no passphrases."""
    if dialog.property(KEEPS_WORDS):
        return ()
    found = []
    for field in dialog.findChildren(QWidget):
        text = _changed_text(field)
        if text.strip():
            name = field.accessibleName()
            found.append((f"{dialog.windowTitle()}: {name}" if name else dialog.windowTitle(), text))
    return tuple(found)


def _changed_text(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        is_shown = field.echoMode() is QLineEdit.EchoMode.Normal and not field.isReadOnly()
        return field.text() if is_shown and field.isModified() else ""
    if isinstance(field, QPlainTextEdit | QTextEdit) and not field.isReadOnly():
        return field.toPlainText() if field.document().isModified() else ""
    return ""


def _depth(widget: QWidget) -> int:
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)


class TypedWordsDialog(FittedDialog):
    """Gives back what was typed, to be copied to where it belongs."""

    def __init__(self, words: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Show the words, each under the name of the place where it stood."""
        super().__init__(parent)
        title = self.tr("What you had typed")
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(title, "title"))
        text = self.tr(
            "These words stood in a window that was open when the workstation locked. Copy what you need:"
            " once you close this, they are no longer kept."
        )
        layout.addWidget(plain_label(text, "quiet", wraps=True))
        for where, typed in words:
            layout.addWidget(plain_label(where, "caption-strong", wraps=True))
            field = QPlainTextEdit(typed, self)
            field.setReadOnly(True)
            field.setAccessibleName(where)
            lines = max(_LEAST_LINES, min(len(typed.splitlines()) + 1, _MOST_LINES))
            field.setMinimumHeight(lines * field.fontMetrics().lineSpacing() + space(self, 3))
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            layout.addWidget(field)
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.setMinimumWidth(space(self, 110))
