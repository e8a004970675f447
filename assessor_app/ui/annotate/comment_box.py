"""The small box at a mark: comment, who reads it, the criteria it is tied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.ids import CriterionId
from assessor_app.ui.annotate.words import audience_words, kind_word
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

DEBOUNCE_MS = 300
"""A pause in typing after which the comment is handed on."""


class AudienceBox(QComboBox):
    """Who reads the mark. The wheel never changes it: a slip would show a private note to a learner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for audience in Audience:
            self.addItem(audience_words(audience), audience.value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Who reads this"))

    def audience(self) -> Audience:
        """The choice."""
        return Audience(self.currentData())

    def set_audience(self, audience: Audience) -> None:
        """Show a choice without telling anybody."""
        self.blockSignals(True)
        self.setCurrentIndex(self.findData(audience.value))
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel pass."""
        event.ignore()


class CommentEdit(QPlainTextEdit):
    """Plain text; tells when it loses the focus."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The person went elsewhere."""
        super().focusOutEvent(event)
        self.left.emit()


class CommentBox(QFrame):
    """Edits one mark. Loading a mark emits nothing.

    Args:
        parent: Qt parent.
    """

    edited = Signal(object)
    """Annotation with the new comment, reader or criteria; the person's edits only."""
    delete_requested = Signal(str)
    """Id of the mark to delete."""
    closed = Signal()
    """The person closed the box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Comment"))
        self._annotation: Annotation | None = None
        self._is_dirty = False
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self.flush)
        self._build()
        self.hide()

    @property
    def annotation(self) -> Annotation | None:
        """The mark at hand, with the person's latest edits."""
        return self._annotation

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria to choose from, with their short texts, in the rubric's order."""
        self.criteria_list.blockSignals(True)
        self.criteria_list.clear()
        for criterion_id, text in criteria:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, criterion_id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            self.criteria_list.addItem(item)
        self.criteria_list.blockSignals(False)
        self._show_ticks()

    def load(self, annotation: Annotation) -> None:
        """Show a mark. Its own edits coming back do not disturb what is being typed."""
        is_same = self._annotation is not None and self._annotation.id == annotation.id
        if not is_same:
            self.flush()
            self.tie_button.setChecked(False)
        if is_same and (self._is_dirty or self.has_focus()):
            mine = self._annotation
            assert mine is not None
            kept = replace(annotation, comment=mine.comment, audience=mine.audience, criteria=mine.criteria)
            self._annotation = kept
            return
        self._annotation = annotation
        self._is_dirty = False
        self.comment.blockSignals(True)
        if self.comment.toPlainText() != annotation.comment:
            self.comment.setPlainText(annotation.comment)
        self.comment.blockSignals(False)
        self.audience.set_audience(annotation.audience)
        self._title.setText(kind_word(annotation.kind))
        self._show_ticks()

    def set_editable(self, is_editable: bool) -> None:
        """Read only for a mark of somebody else and after sending."""
        self.comment.setReadOnly(not is_editable)
        self.audience.setEnabled(is_editable)
        self.criteria_list.setEnabled(is_editable)
        self.delete_button.setVisible(is_editable)

    def flush(self) -> None:
        """Hand on what was edited, at once."""
        self._timer.stop()
        if self._is_dirty and self._annotation is not None:
            self._is_dirty = False
            self.edited.emit(self._annotation)

    def forget(self) -> None:
        """Hand on what was edited and show no mark."""
        self.flush()
        self._annotation = None
        self.hide()

    def write(self) -> None:
        """Let the person type the comment."""
        self.comment.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tie(self) -> None:
        """Let the person choose criteria."""
        self.tie_button.setChecked(True)
        if self.criteria_list.currentRow() < 0:
            self.criteria_list.setCurrentRow(0)
        self.criteria_list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the box; other keys do not reach the pages below."""
        if event.key() == Qt.Key.Key_Escape:
            self.flush()
            self.closed.emit()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Return ends writing, as in other comment boxes."""
        if watched is self.comment and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.flush()
                self.closed.emit()
                return True
        return False

    # ---- the person's edits ----

    def _comment_typed(self) -> None:
        if self._annotation is not None:
            self._take(replace(self._annotation, comment=self.comment.toPlainText()))
            self._timer.start()

    def _audience_chosen(self) -> None:
        if self._annotation is not None:
            self._take(replace(self._annotation, audience=self.audience.audience()))
            self.flush()

    def _criterion_ticked(self) -> None:
        ticked = tuple(
            CriterionId(str(item.data(Qt.ItemDataRole.UserRole)))
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        )
        if self._annotation is not None:
            self._take(replace(self._annotation, criteria=ticked))
            self._tell_ties()
            self.flush()

    def _delete(self) -> None:
        if self._annotation is not None:
            self._is_dirty = False
            self._timer.stop()
            self.delete_requested.emit(self._annotation.id)

    def _take(self, annotation: Annotation) -> None:
        self._annotation = annotation
        self._is_dirty = True

    # ---- inside ----

    def _items(self) -> list[QListWidgetItem]:
        return [self.criteria_list.item(row) for row in range(self.criteria_list.count())]

    def _show_ticks(self) -> None:
        tied = self._annotation.criteria if self._annotation is not None else ()
        self.criteria_list.blockSignals(True)
        for item in self._items():
            is_tied = item.data(Qt.ItemDataRole.UserRole) in tied
            item.setCheckState(Qt.CheckState.Checked if is_tied else Qt.CheckState.Unchecked)
        self.criteria_list.blockSignals(False)
        self._tell_ties()

    def _tell_ties(self) -> None:
        count = len(self._annotation.criteria) if self._annotation is not None else 0
        words = (
            self.tr("Tied to {count} criteria").format(count=count) if count else self.tr("Tie to criteria")
        )
        words = self.tr("Tied to 1 criterion") if count == 1 else words
        self.tie_button.setText(words)

    def has_focus(self) -> bool:
        """Whether the keyboard is somewhere in the box."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _open_list(self, is_open: bool) -> None:
        self.criteria_list.setVisible(is_open)
        dress(self.tie_button, "chevron-up" if is_open else "chevron-down", "quiet")
        self.adjustSize()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        gap = space(self, 2)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(space(self, 1.5))
        head = QHBoxLayout()
        self._title = plain_label("", "heading")
        self.delete_button = self._button("trash-2", self.tr("Delete this mark"))
        self.close_button = self._button("x", self.tr("Close the comment"))
        head.addWidget(self._title, 1)
        head.addWidget(self.delete_button)
        head.addWidget(self.close_button)
        column.addLayout(head)
        self.comment = CommentEdit(self)
        self.comment.setAccessibleName(self.tr("Comment text"))
        self.comment.setPlaceholderText(self.tr("Write a comment"))
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(round(self.fontMetrics().lineSpacing() * 4.2))
        self.comment.installEventFilter(self)
        column.addWidget(self.comment)
        self.audience = AudienceBox(self)
        readers = QVBoxLayout()
        readers.setSpacing(space(self, 0.5))
        reader_title = plain_label(self.tr("Who reads this"), "caption-strong")
        reader_title.setBuddy(self.audience)
        readers.addWidget(reader_title)
        readers.addWidget(self.audience)
        column.addLayout(readers)
        self.tie_button = QPushButton(self.tr("Tie to criteria"), self)
        self.tie_button.setProperty("kind", "quiet")
        self.tie_button.setCheckable(True)
        column.addWidget(self.tie_button)
        self.criteria_list = QListWidget(self)
        self.criteria_list.setAccessibleName(self.tr("Criteria that this mark is tied to"))
        self.criteria_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.criteria_list.setWordWrap(True)
        self.criteria_list.setFixedHeight(round(self.fontMetrics().lineSpacing() * 7.5))
        column.addWidget(self.criteria_list)
        self.setFixedWidth(round(self.fontMetrics().averageCharWidth() * 42))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(18)
        shadow.setOffset(0, 3)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self._open_list(False)
        self.comment.textChanged.connect(self._comment_typed)
        self.comment.left.connect(self.flush)
        self.audience.currentIndexChanged.connect(self._audience_chosen)
        self.criteria_list.itemChanged.connect(self._criterion_ticked)
        self.tie_button.toggled.connect(self._open_list)
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.closed)

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        set_plain_tooltip(button, name)
        dress(button, icon, "quiet")
        return button
