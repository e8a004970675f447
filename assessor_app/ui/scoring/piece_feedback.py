"""Feedback on one piece of evidence, below the piece itself: one line until it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.domain.assessments import ArtifactFeedback
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.long_button import LongButton
from assessor_app.ui.plain_text import ShortLabel, plain_label, separator, set_plain_tooltip
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import GrowingEdit
from assessor_app.ui.theme import space

_LEAST_LINES = 2
"""Lines of the text that stay in view however short the room is."""


@dataclass(slots=True)
class _Piece:
    """What stands on one piece: as it is stored, and as it is being written."""

    stored: str = ""
    written: str = ""
    keeper: Keeper | None = None
    """Made with the first key typed on this piece."""

    @property
    def is_unsaved(self) -> bool:
        """Whether something written is not committed yet."""
        return self.keeper is not None and self.keeper.is_unsaved

    @property
    def text(self) -> str:
        """What counts now."""
        return self.written if self.is_unsaved else self.stored


class _PieceEdit(GrowingEdit):
    """Grows with its text as well, and scrolls where the evidence above needs the room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_LEAST_LINES, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def minimumSizeHint(self) -> QSize:
        """The first lines."""
        return QSize(super().minimumSizeHint().width(), self.height_of(_LEAST_LINES))


@dataclass(frozen=True, slots=True)
class _Shown:
    source_id: str = ""
    """Empty where nothing is shown that feedback can be given on."""
    name: str = field(default="", compare=False)


class PieceFeedback(QWidget):
    """The strip below the document. Each piece has a text of its own; going to another one saves."""

    ready = Signal(object, object)
    """ArtifactFeedback and its Keeper: save this and tell the keeper."""
    unsaved_changed = Signal(bool)
    """Whether something written is not committed yet."""
    left = Signal()
    """The person is done here: the keyboard goes back to the evidence."""

    def __init__(self, keys: KeyTable, parent: QWidget | None = None) -> None:
        """Begin hidden: nothing is shown, and nobody may write yet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "true")
        self._pieces: dict[str, _Piece] = {}
        self._shown = _Shown()
        self._is_editable = self._is_open = False
        self.fold_button = LongButton(self.tr("Feedback on this evidence"), self)
        self.fold_button.setProperty("kind", "quiet")
        set_plain_tooltip(self.fold_button, keys.hint("feedback.artifact"))
        self.fold_button.clicked.connect(self._toggle)
        self._start = ShortLabel("", "quiet")
        self._who = QWidget(self)
        self.edit = _PieceEdit(self)
        self.edit.setPlaceholderText(self.tr("What this piece shows, apart from the criteria"))
        self.edit.written.connect(self._touched)
        self.edit.left.connect(self.flush)
        self._lay_out()
        self._refresh()

    # ---- what comes in ----

    def show_piece(self, source_id: str, name: str) -> None:
        """Show what is written on a piece; what was written on the one before is on its way.

        Args:
            source_id: an artifact, a response or a link; empty for what cannot have feedback.
            name: what the piece is called on screen.
        """
        if source_id != self._shown.source_id:
            self.flush()
            self._is_open = False
        self._shown = _Shown(source_id, name)
        said = self.tr("Feedback on {piece}").format(piece=name)
        self.edit.setAccessibleName(f"{said}. {self.tr('The learner reads this')}")
        self._show_text()

    def show_stored(self, stored: Sequence[ArtifactFeedback], *, is_editable: bool) -> None:
        """Show what is stored; what is being written and not committed yet stays.

        Args:
            stored: the feedback on all pieces.
            is_editable: whether it can be changed; where not, a piece without feedback shows no strip.
        """
        self._is_editable = is_editable
        self.edit.setReadOnly(not is_editable)
        texts = {one.source_id: one.text for one in stored}
        for source_id in texts.keys() | self._pieces.keys():
            self._pieces.setdefault(source_id, _Piece()).stored = texts.get(source_id, "")
        self._show_text()

    @property
    def written_on(self) -> frozenset[str]:
        """The pieces that have feedback."""
        return frozenset(source_id for source_id, piece in self._pieces.items() if piece.text.strip())

    # ---- keyboard ----

    @property
    def is_open(self) -> bool:
        """Whether the text is in view."""
        return self._is_open and not self.isHidden()

    def write(self) -> None:
        """Open it with the keyboard in the text; nothing where no piece is shown."""
        if self.isHidden():
            return
        self._set_open(is_open=True)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to(self, span: tuple[int, int] | None) -> None:
        """Open it at some words, in code points; None for all of it."""
        self.write()
        if span is not None:
            self.edit.select_words(*span)

    def escape(self) -> bool:
        """Fold it if the keyboard is here; False if it is elsewhere."""
        if not self.edit.hasFocus():
            return False
        self._set_open(is_open=False)
        self.left.emit()
        return True

    # ---- saving ----

    @property
    def has_unsaved_edits(self) -> bool:
        """Whether something written is not committed yet."""
        return any(piece.is_unsaved for piece in self._pieces.values())

    @Slot()
    def flush(self) -> None:
        """Start saving everything that is not on its way yet."""
        for piece in self._pieces.values():
            if piece.keeper is not None:
                piece.keeper.flush()

    # ---- inside ----

    def _lay_out(self) -> None:
        self.edit.setMinimumWidth(1)
        across = QHBoxLayout(self._who)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(space(self, 1))
        self._who_words = plain_label(self.tr("The learner reads this"), "caption")
        set_plain_tooltip(self._who, self.tr("The learner reads this"))
        across.addWidget(icon_label("eye", "quiet", factor=0.95))
        across.addWidget(self._who_words)
        across.insertStretch(0, 1)
        self.fold_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._bar = bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, space(self, 3), 0)
        bar.setSpacing(space(self, 1.5))
        bar.addWidget(self.fold_button)
        bar.addWidget(self._start, 1)
        bar.addWidget(self._who)
        self._body = QWidget(self)
        self._column = body = QVBoxLayout(self._body)
        body.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 2))
        body.addWidget(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, space(self, 0.5))
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(separator(self))
        layout.addLayout(bar)
        layout.addWidget(self._body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Who reads it stands where there is room for it."""
        super().resizeEvent(event)
        self._place_who()

    def _place_who(self) -> None:
        """Behind the button; below it where that is too narrow, and folded as an eye alone."""
        margins = space(self, 3) + 2 * self._bar.spacing()
        room = self.width() - self.fold_button.sizeHint().width() - margins
        words = self._who_words.sizeHint().width() + space(self, 6)
        fits = words + self._start.sizeHint().width() <= room
        self._who_words.setVisible(self._is_open or fits)
        is_below = self._is_open and not fits
        if is_below and self._column.indexOf(self._who) < 0:
            self._bar.removeWidget(self._who)
            self._column.insertWidget(0, self._who)
        elif not is_below and self._bar.indexOf(self._who) < 0:
            self._column.removeWidget(self._who)
            self._bar.addWidget(self._who)

    def _show_text(self) -> None:
        piece = self._pieces.get(self._shown.source_id, _Piece())
        if not piece.is_unsaved or self.edit.toPlainText() != piece.written:
            self.edit.show_text(piece.text)
        self._refresh()

    def _refresh(self) -> None:
        text = self._pieces.get(self._shown.source_id, _Piece()).text.strip()
        self.setVisible(bool(self._shown.source_id) and (self._is_editable or bool(text)))
        self._body.setVisible(self._is_open)
        dress(self.fold_button, "chevron-down" if self._is_open else "chevron-up", "quiet", factor=1.0)
        state = self.tr("Shown") if self._is_open else self.tr("Hidden")
        self.fold_button.setAccessibleDescription(state)
        self._start.set_whole_text("" if self._is_open else text)
        self._who.setVisible(self._is_open or bool(text))
        self._place_who()

    @Slot()
    def _toggle(self) -> None:
        if self._is_open or not self._is_editable:
            self._set_open(is_open=not self._is_open)
        else:
            self.write()

    def _set_open(self, *, is_open: bool) -> None:
        self._is_open = is_open
        self._refresh()

    @Slot()
    def _touched(self) -> None:
        source_id = self._shown.source_id
        piece = self._pieces.setdefault(source_id, _Piece())
        piece.written = self.edit.toPlainText()
        if piece.keeper is None:
            piece.keeper = Keeper(self)
            piece.keeper.due.connect(lambda: self._send(source_id))
            piece.keeper.unsaved_changed.connect(self._tell_unsaved)
        piece.keeper.touch()
        self._refresh()

    @Slot()
    def _tell_unsaved(self) -> None:
        self.unsaved_changed.emit(self.has_unsaved_edits)

    def _send(self, source_id: str) -> None:
        piece = self._pieces[source_id]
        self.ready.emit(ArtifactFeedback(source_id, piece.written), piece.keeper)
