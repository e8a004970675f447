"""The card in the middle of the view that can ask which criteria cannot be judged: by a file or a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.rubric.schema import NotScorableCode
from assessor_app.ui.button_row import ButtonRow
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import card as card_frame
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.not_scorable_choice import Judged, Judging, NotScorableChoice
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import EvidenceViewer

_AIR_ABOVE, _AIR_BELOW = 2, 3


class AskingCard(EvidenceViewer):
    """A card with buttons, what was just done, and the question of what cannot be judged.

    Args:
        mark_words: on the button that asks.
        column_chars: greatest width of the card, in average characters.
        parent: Qt parent.
    """

    not_scorable = Signal(object)
    """NotScorableMarking: criteria that cannot be judged without what the card is about."""

    def __init__(self, mark_words: str, column_chars: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column_chars = column_chars
        self._judging = Judging()
        self._criteria: tuple[Judged, ...] = ()
        self.mark_button = QPushButton(mark_words, self)
        dress(self.mark_button, "ban")
        self.choice = NotScorableChoice(self)
        self.done = plain_label("", "ok", self, wraps=True)
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._show_choice)
        self.choice.chosen.connect(self._marked)
        self.choice.left.connect(self.mark_button.setFocus)

    def set_judging(self, judging: Judging, criteria: tuple[Judged, ...]) -> None:
        """What may be called not scorable.

        Args:
            judging: the rubric's reasons, and whether anything may be changed.
            criteria: those that depend on what the card is about.
        """
        self._judging, self._criteria = judging, criteria
        self._offer()

    def say(self, text: str) -> None:
        """Say below the buttons what was just done."""
        self.done.setText(text)
        self.done.show()

    def ask(self, codes: Sequence[NotScorableCode], note: str) -> None:
        """Ask which criteria cannot be judged.

        Args:
            codes: the rubric's reasons to choose from.
            note: what the assessor's note begins with.
        """
        self.done.hide()
        self.choice.ask(self._criteria, codes, note)
        self._reveal.start()

    def escape(self) -> bool:
        """Close the question."""
        if self.choice.isVisible():
            self.choice.leave()
            return True
        return False

    def minimumSizeHint(self) -> QSize:
        """Wide enough for every button; the rest is wrapped or scrolled."""
        least = max(
            self._buttons.least_px(), self.choice.buttons.least_px() if self.choice.isVisible() else 0
        )
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return QSize(least + space(self, 20) + bar, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        self._arrange_buttons()

    # ---- for the cards ----

    def _offer(self) -> None:
        """Offer only what means something now; ends with `_offer_marking`."""

    def _offer_marking(self, is_offered: bool) -> None:
        """Offer the question, or take it away."""
        self.mark_button.setVisible(is_offered)
        if not is_offered:
            self.choice.hide()
        self._arrange_buttons()

    def _begin_card(self, quarters: float) -> QVBoxLayout:
        """The card's column, to be filled with what it says; `quarters` of a line between its parts."""
        self._frame = card_frame("true", self)
        self._frame.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * self._column_chars))
        column = QVBoxLayout(self._frame)
        edge = space(self, 5)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(space(self, quarters))
        return column

    def _end_card(self, column: QVBoxLayout, buttons: Sequence[QPushButton]) -> None:
        """Buttons, what was done and the question at the end of the card; the card into the view."""
        self._buttons = ButtonRow(tuple(buttons))
        column.addLayout(self._buttons)
        column.addWidget(self.done)
        column.addWidget(self.choice)
        page = QWidget(self)
        outer = QVBoxLayout(page)
        outer.addStretch(_AIR_ABOVE)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._frame, 8)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(_AIR_BELOW)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    # ---- inside ----

    def _arrange_buttons(self) -> None:
        frame_px = self.fontMetrics().averageCharWidth() * self._column_chars
        self._buttons.fit(min(self.width() * 8 // 10, frame_px) - 2 * space(self, 5))
        self.updateGeometry()

    @Slot()
    def _show_choice(self) -> None:
        """Bring the whole question into view, once it has its place."""
        self._scroll.ensureWidgetVisible(self.choice.mark_button)
        self._scroll.ensureWidgetVisible(self.choice.boxes[0])

    @Slot(object)
    def _marked(self, marking: object) -> None:
        self.say(self.tr("Marked. Undo takes it back."))
        self.mark_button.setFocus()
        self.not_scorable.emit(marking)
