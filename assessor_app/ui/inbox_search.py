"""The search over everything on this machine, in the inbox's place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.searching import SearchAnswer
from assessor_app.ui.icons import dress
from assessor_app.ui.inbox_row import column_margin, measures
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.search_results import SearchResults
from assessor_app.ui.search_words import answer_words
from assessor_app.ui.theme import space

TYPING_MS = 80
"""So long nothing is typed before the store is asked."""
LONGEST_TEXT = 200


class SearchPage(QWidget):
    """Words on top, places below."""

    words_changed = Signal(str)
    """The places of these words are wanted."""
    place_wanted = Signal(object)
    """Found, or FoundSubmission where a heading was chosen."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page without an answer."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Search everything on this computer"))
        self._left = 0
        self._answer = SearchAnswer("")
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.tr("Words to find"))
        self.field.setPlaceholderText(self.tr("Words to find; accents and capitals make no difference"))
        self.field.setClearButtonEnabled(True)
        self.field.setMaxLength(LONGEST_TEXT)
        self.field.installEventFilter(self)
        self.summary = plain_label("", "quiet", wraps=True)
        self.results = SearchResults(self)
        self._back = QPushButton(self.tr("Back to the inbox"), self)
        dress(self._back, "arrow-left")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._head = QWidget(self)
        column = QVBoxLayout(self._head)
        column.setSpacing(space(self, 2))
        head = QHBoxLayout()
        head.setSpacing(space(self, 2))
        head.addWidget(plain_label(self.tr("Search everything"), "display"), 1)
        head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 2))
        column.addLayout(head)
        column.addWidget(self.field)
        column.addWidget(self.summary)
        layout.addWidget(self._head)
        layout.addWidget(self.results, 1)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._timer.start)
        self.field.returnPressed.connect(self._go_down)
        self._timer.timeout.connect(self._ask)
        self._back.clicked.connect(self.closed)
        self.results.place_wanted.connect(self.place_wanted)
        self.results.left_upwards.connect(self.focus_words)
        self._say()

    def show_answer(self, answer: SearchAnswer, left: int = 0) -> None:
        """Show what was found; an answer to earlier words is late and dropped.

        Args:
            answer: what was found.
            left: how much is still to be indexed.
        """
        if answer.text != self.field.text():
            return
        self._left = left
        if answer != self._answer:
            self._answer = answer
            self.results.results.show(answer)
        self._say()

    def ask_again(self) -> None:
        """Ask for the same words: more was indexed meanwhile."""
        if self.isVisible():
            self._ask()

    @Slot()
    def focus_words(self) -> None:
        """Put the keyboard into the words."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def focus_last(self) -> None:
        """Put the keyboard on the place chosen last, or into the words."""
        if self.results.currentIndex().isValid():
            self.results.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_words()

    def step_out(self) -> None:
        """Esc: from the places to the words, then the words go, then the page."""
        if self.results.hasFocus():
            self.focus_words()
        elif self.field.text():
            self.field.clear()
        else:
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words above the column of places."""
        super().resizeEvent(event)
        margin = round(column_margin(event.size().width(), measures().line))
        column = self._head.layout()
        if column is not None:
            column.setContentsMargins(margin, 0, margin, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the words to the places."""
        is_down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if watched is self.field and is_down and event.type() == QEvent.Type.KeyPress:
            self._go_down()
            return True
        return super().eventFilter(watched, event)

    # ---- inside ----

    @Slot()
    def _ask(self) -> None:
        self._timer.stop()
        self.words_changed.emit(self.field.text())

    @Slot()
    def _go_down(self) -> None:
        if self._timer.isActive():
            self._ask()
        if self.results.results.rowCount():
            self.results.choose_first()
            self.results.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        self.summary.setText(answer_words(self._answer, self._left))
