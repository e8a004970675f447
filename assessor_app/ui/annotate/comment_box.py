"""The small box at a mark, or at several: comment, who reads it, its criteria, and how it is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.annotations import Annotation, AnnotationKind
from assessor_app.domain.ids import CriterionId
from assessor_app.ui.annotate.comment_fields import AudienceBox, CommentEdit, StyleRow
from assessor_app.ui.annotate.tie_list import TieList
from assessor_app.ui.annotate.words import kind_word
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

DEBOUNCE_MS = 300
"""A pause in typing after which the comment is handed on."""
Change = Callable[[Annotation], Annotation]
"""From a mark to the mark as the person wants it."""


class CommentBox(QFrame):
    """Edits one mark, or what several have in common. Loading emits nothing.

    Args:
        parent: Qt parent.
    """

    edited = Signal(object)
    """Annotation with what the person changed, when one mark is shown."""
    several_edited = Signal(object)
    """Annotations with what the person changed, when several are shown."""
    delete_requested = Signal(str)
    """Id of the mark to delete, when one is shown."""
    several_deleted = Signal()
    """Delete all that are shown."""
    closed = Signal()
    """The person closed the box."""
    resized = Signal()
    """It is as large as another text size needs: it has to be put in its place again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Comment"))
        self._marks: tuple[Annotation, ...] = ()
        self._is_dirty = False
        self._expected: int | None = None
        self._is_built = False
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self.flush)
        self._build()
        self._is_built = True
        self.hide()

    @property
    def annotation(self) -> Annotation | None:
        """The one mark at hand, with the person's latest edits; None for none or several."""
        return self._marks[0] if len(self._marks) == 1 else None

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria to choose from, with their short texts, in the rubric's order."""
        self.criteria_list.set_criteria(criteria)
        self._show_ties()

    def load(self, annotation: Annotation) -> None:
        """Show a mark. Its own edits coming back do not disturb what is being typed."""
        mine = self.annotation
        if mine is None or mine.id != annotation.id:
            self.flush()
            self._expected = None
            self.tie_button.setChecked(False)
        elif self._expected is not None and annotation.revision < self._expected:
            # Older than what the person did since; what she did comes back, too.
            return
        self._expected = None
        mine = self.annotation
        if mine is not None and mine.id == annotation.id and self._is_dirty:
            annotation = replace(annotation, comment=mine.comment)
        else:
            self._is_dirty = False
            self._show_comment(annotation.comment)
        self._marks = (annotation,)
        self._title.setText(kind_word(annotation.kind))
        self._show_rest()

    def load_several(self, annotations: Sequence[Annotation]) -> None:
        """Show what several marks have in common."""
        if {mark.id for mark in annotations} != {mark.id for mark in self._marks}:
            self.flush()
            self.tie_button.setChecked(False)
        self._is_dirty = False
        self._marks = tuple(annotations)
        self._title.setText(self.tr("{n} marks").format(n=len(annotations)))
        self._show_rest()

    def set_editable(self, is_editable: bool) -> None:
        """Read only for a mark of somebody else and after sending."""
        self.comment.setReadOnly(not is_editable)
        self.comment.setPlaceholderText(self.tr("Write a comment") if is_editable else self.tr("No comment"))
        self.audience.setEnabled(is_editable)
        self.criteria_list.setEnabled(is_editable)
        self.style_row.setVisible(is_editable)
        self.delete_button.setVisible(is_editable)

    @Slot()
    def flush(self) -> None:
        """Hand on what was typed, at once."""
        self._timer.stop()
        if self._is_dirty and self.annotation is not None:
            self._is_dirty = False
            self._hand_on(self.annotation)

    def expect_nothing(self) -> None:
        """What was handed on could not be saved: what is stored counts again."""
        self._expected, self._is_dirty = None, False

    def forget(self) -> None:
        """Hand on what was edited and show no mark."""
        self.flush()
        self._marks = ()
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

    def has_focus(self) -> bool:
        """Whether the keyboard is somewhere in the box."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the box; other keys do not reach the pages below."""
        if event.key() == Qt.Key.Key_Escape:
            self.flush()
            self.closed.emit()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the person's text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._is_built:
            # Once its parts have taken the new size, too.
            QTimer.singleShot(0, self, self._fit)

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

    @Slot()
    def _comment_typed(self) -> None:
        if self.annotation is not None:
            self._marks = (replace(self.annotation, comment=self.comment.toPlainText()),)
            self._is_dirty = True
            self._timer.start()

    @Slot()
    def _audience_chosen(self) -> None:
        audience = self.audience.audience()
        self._apply(lambda mark: replace(mark, audience=audience))

    @Slot(object)
    def _apply(self, change: Change) -> None:
        """Hand on a choice at once, together with what was typed before."""
        self._timer.stop()
        self._is_dirty = False
        self._marks = tuple(change(mark) for mark in self._marks)
        self._tell_ties()
        if self.annotation is not None:
            self._hand_on(self.annotation)
        elif self._marks:
            self.several_edited.emit(self._marks)

    def _hand_on(self, annotation: Annotation) -> None:
        """Each edit that is stored counts the revision up by one."""
        self._expected = (self._expected or annotation.revision) + 1
        self.edited.emit(annotation)

    @Slot()
    def _delete(self) -> None:
        self._is_dirty = False
        self._timer.stop()
        if self.annotation is not None:
            self.delete_requested.emit(self.annotation.id)
        else:
            self.several_deleted.emit()

    # ---- inside ----

    def _show_comment(self, text: str) -> None:
        self.comment.blockSignals(True)
        if self.comment.toPlainText() != text:
            self.comment.setPlainText(text)
        self.comment.blockSignals(False)

    def _show_rest(self) -> None:
        """Everything but the comment, which may be being typed."""
        readers = {mark.audience for mark in self._marks}
        self.audience.set_audience(readers.pop() if len(readers) == 1 else None)
        self.comment.setVisible(len(self._marks) == 1)
        is_text = self.annotation is not None and self.annotation.kind is AnnotationKind.FREE_TEXT
        self.comment.setAccessibleName(self.tr("Text on the page") if is_text else self.tr("Comment text"))
        self.style_row.show_marks(self._marks)
        self._show_ties()

    def _show_ties(self) -> None:
        self.criteria_list.show_marks(self._marks)
        self._tell_ties()

    def _tell_ties(self) -> None:
        tied = {criterion for mark in self._marks for criterion in mark.criteria}
        count = len(tied)
        words = (
            self.tr("Tied to {count} criteria").format(count=count) if count else self.tr("Tie to criteria")
        )
        self.tie_button.setText(self.tr("Tied to 1 criterion") if count == 1 else words)

    @Slot(bool)
    def _open_list(self, is_open: bool) -> None:
        self.criteria_list.setVisible(is_open)
        dress(self.tie_button, "chevron-up" if is_open else "chevron-down", "quiet")
        self.adjustSize()
        # A box above its mark has to move up, or it lies on the mark.
        self.resized.emit()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        gap = space(self, 2)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(space(self, 1.5))
        head = QHBoxLayout()
        self._title = plain_label("", "heading")
        self.delete_button = self._button("trash-2", self.tr("Delete this mark"))
        self.close_button = self._button("x", self.tr("Close the comment"))
        for part, stretch in ((self._title, 1), (self.delete_button, 0), (self.close_button, 0)):
            head.addWidget(part, stretch)
        column.addLayout(head)
        self.comment = CommentEdit(self)
        self.comment.setAccessibleName(self.tr("Comment text"))
        self.comment.setTabChangesFocus(True)
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
        self.style_row = StyleRow(self)
        column.addWidget(self.style_row)
        self.tie_button = QPushButton(self.tr("Tie to criteria"), self)
        self.tie_button.setProperty("kind", "quiet")
        self.tie_button.setCheckable(True)
        column.addWidget(self.tie_button)
        self.criteria_list = TieList(self)
        column.addWidget(self.criteria_list)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(18)
        shadow.setOffset(0, 3)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self._open_list(False)
        self._fit()
        self._connect()

    def _fit(self) -> None:
        """As wide and high as the text needs, at any size of it."""
        line = self.fontMetrics().lineSpacing()
        self.comment.setFixedHeight(round(line * 4.2))
        self.criteria_list.setFixedHeight(round(line * 7.5))
        needed = self.style_row.sizeHint().width() + 2 * space(self, 2)
        self.setFixedWidth(max(round(self.fontMetrics().averageCharWidth() * 42), needed))
        self.adjustSize()
        self.resized.emit()

    def _connect(self) -> None:
        self.comment.textChanged.connect(self._comment_typed)
        self.comment.left.connect(self.flush)
        self.audience.currentIndexChanged.connect(self._audience_chosen)
        self.style_row.changed.connect(self._apply)
        self.criteria_list.changed.connect(self._apply)
        self.tie_button.toggled.connect(self._open_list)
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.closed)

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        set_plain_tooltip(button, name)
        dress(button, icon, "quiet")
        return button
