"""Asking the team lead: one window with the words to send, and below it what was asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFrame,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.cases import CaseKind, CaseState
from assessor_app.services.views import Thread
from assessor_app.ui.icons import dress
from assessor_app.ui.inbox_words import day_words, time_words
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.sending.thread_words import act_words, kind_words, state_words, who_words
from assessor_app.ui.theme import space
from assessor_app.ui.typed_words import KEEPS_WORDS

_LINE_CHARS = 60
_LEAST_LINES = 7
_WIDE, _HIGH = 150, 165
"""Its first size, in quarters of a line."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """What is open while somebody asks."""

    criterion_id: str | None = None
    criterion: str = ""
    """Such as "Criterion 2: Asks open questions"."""
    source_id: str | None = None
    source: str = ""
    """Neutral name of the piece of evidence."""
    block_label: str = ""
    """The rubric's not-scorable reason for a concern; empty when the criterion cannot be marked so now."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be sent."""

    kind: CaseKind
    text: str
    criterion_id: str | None
    source_id: str | None
    marks_criterion: bool
    """Whether the criterion is to be marked as not scorable as well."""
    case_id: str | None
    """The question that the words belong to; None for a new one."""


class QuestionsDialog(QDialog):
    """Stays open beside the evidence. What is written stays until it is sent."""

    asked = Signal(object)
    """Question."""
    unsent_ready = Signal(str, object)
    """What is typed and not sent yet, and its Keeper."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Build it empty.

        Args:
            now: the present, aware.
            parent: the window.
        """
        super().__init__(parent)
        self.setProperty(KEEPS_WORDS, True)
        self.setWindowTitle(self.tr("Ask the team lead"))
        self.setModal(False)
        self._now = now
        self._at_hand = AtHand()
        self._goes_on: str | None = None
        self._names: dict[str, str] = {}
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._keep)
        self._make_form()
        self.threads = QVBoxLayout()
        self.threads.setSpacing(space(self, 2))
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, space(self, 2), 0)
        column.setSpacing(space(self, 2))
        column.addWidget(self._form)
        column.addLayout(self.threads)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Questions to the team lead"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 6), space(self, 5), space(self, 4), space(self, 4))
        layout.setSpacing(space(self, 2))
        layout.addWidget(area, 1)
        # Below what scrolls: whoever reads what was answered can send without going back up.
        layout.addWidget(self._buttons)
        resize_within_screen(self, space(self, _WIDE), space(self, _HIGH))
        self._refresh()

    # ---- for the workspace ----

    def showEvent(self, event: QShowEvent) -> None:
        """It stays between two questions: the texts may be larger by now."""
        super().showEvent(event)
        wanted = QSize(space(self, _WIDE), space(self, _HIGH)).expandedTo(self.size())
        resize_within_screen(self, wanted.width(), wanted.height())

    def set_at_hand(self, at_hand: AtHand) -> None:
        """Take what is open now as what may be asked about; while something is written it stays."""
        if self.words.text().strip():
            return
        self._at_hand = at_hand
        self.about_criterion.setText(self._short(at_hand.criterion))
        self.about_criterion.setVisible(at_hand.criterion_id is not None)
        self.about_criterion.setChecked(at_hand.criterion_id is not None)
        self.about_source.setText(self._short(at_hand.source))
        self.about_source.setVisible(at_hand.source_id is not None)
        self.about_source.setChecked(False)
        self._refresh()

    def begin(self, kind: CaseKind, text: str = "", *, about_source: bool = False) -> None:
        """Begin something new; words that are there stay.

        Args:
            kind: what it is.
            text: what the words begin with.
            about_source: whether it is about the evidence that is open.
        """
        self._go_on(None)
        self.kinds[kind].setChecked(True)
        if text and not self.words.text().strip():
            self.words.show_text(text)
            self.keeper.touch()
        if about_source:
            self.about_source.setChecked(True)
        self._refresh()
        self.words.setFocus()

    def show_unsent(self, text: str) -> None:
        """Show what was typed earlier; behind what is there already, such as the facts of a report."""
        present = self.words.text()
        if not text or text in present:
            return
        self.words.show_text(f"{present}\n\n{text}" if present.strip() else text)
        if present.strip():
            self.keeper.touch()
        self._refresh()

    def show_threads(self, threads: Sequence[Thread], names: dict[str, str]) -> None:
        """Show what was asked and answered.

        Args:
            threads: newest first.
            names: what criteria and pieces of evidence are called, by id.
        """
        self._names = names
        while (item := self.threads.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if threads:
            self.threads.addWidget(plain_label(self.tr("Asked so far"), "heading"))
        for thread in threads:
            self.threads.addWidget(self._thread_card(thread))

    def clear(self) -> None:
        """What was written is on its way."""
        self.words.show_text("")
        self._go_on(None)
        self._refresh()

    # ---- the form ----

    def _make_form(self) -> None:
        self._form = QWidget(self)
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, space(self, 2))
        column.setSpacing(space(self, 1.5))
        self.heading = plain_label("", "title", wraps=True)
        self.kinds = {
            CaseKind.QUESTION: QRadioButton(self.tr("A question"), self),
            CaseKind.INTEGRITY: QRadioButton(self.tr("A concern about integrity"), self),
            CaseKind.FAULT: QRadioButton(self.tr("A file or link that does not work"), self),
        }
        self._group = QButtonGroup(self)
        self._new = QWidget(self)
        new = QVBoxLayout(self._new)
        new.setContentsMargins(0, 0, 0, 0)
        new.setSpacing(space(self, 1))
        for button in self.kinds.values():
            self._group.addButton(button)
            new.addWidget(button)
        self.kinds[CaseKind.QUESTION].setChecked(True)
        self.about_criterion, self.about_source = QCheckBox(self), QCheckBox(self)
        self._about = plain_label(self.tr("It is about"), "caption-strong")
        new.addSpacing(space(self))
        new.addWidget(self._about)
        new.addWidget(self.about_criterion)
        new.addWidget(self.about_source)
        self._make_words()
        parts: tuple[QWidget, ...] = (
            self.heading,
            self._new,
            self.words,
            self.concern,
            self.mark,
        )
        for widget in parts:
            column.addWidget(widget)
        self._group.buttonToggled.connect(self._refresh)
        self.about_criterion.toggled.connect(self._refresh)

    def _make_words(self) -> None:
        self.words = TextField(
            self.tr("Your words"),
            reader=self.tr("The team lead reads this"),
            hint=self.tr("What you need to know, or what you saw. Name nobody."),
            lines=_LEAST_LINES,
        )
        self.concern = plain_label("", "body", wraps=True)
        self.mark = QCheckBox(self)
        self.send = QPushButton(self.tr("Send to the team lead"), self)
        self.send.setProperty("kind", "primary")
        self.send.setAutoDefault(False)
        dress(self.send, "send", "on_accent")
        self.new_one = QPushButton(self.tr("Ask something new instead"), self)
        self.new_one.setProperty("kind", "quiet")
        self.new_one.setAutoDefault(False)
        self._buttons = SideBySide(self)
        self._buttons.box.addWidget(self.send)
        self._buttons.box.addWidget(self.new_one)
        self._buttons.box.addStretch(1)
        self.words.written.connect(self._refresh)
        self.words.written.connect(self.keeper.touch)
        self.words.left.connect(self.keeper.flush)
        self.send.clicked.connect(self._ask)
        self.new_one.clicked.connect(self._leave_thread)

    def _short(self, text: str) -> str:
        """As much of a text as stands on one line beside a box."""
        room = self.fontMetrics().averageCharWidth() * _LINE_CHARS
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room).replace("&", "&&")

    def kind(self) -> CaseKind:
        """What is being asked."""
        return next(kind for kind, button in self.kinds.items() if button.isChecked())

    @Slot()
    def _refresh(self) -> None:
        is_new = self._goes_on is None
        self.heading.setText(self.tr("Ask the team lead") if is_new else self.tr("Ask on"))
        self._new.setVisible(is_new)
        self.new_one.setVisible(not is_new)
        has_about = self._at_hand.criterion_id is not None or self._at_hand.source_id is not None
        self._about.setVisible(has_about)
        is_concern = is_new and self.kind() is CaseKind.INTEGRITY
        label = self._at_hand.block_label
        can_mark = is_concern and bool(label) and self.about_criterion.isChecked()
        self.concern.setVisible(is_concern)
        self.concern.setText(
            self.tr(
                "A concern never denies by itself. While it stands, the criterion is not scorable, and the "
                "outcome stays open until the approver has decided."
            )
        )
        if self.mark.isHidden() and can_mark:
            self.mark.setChecked(True)
        self.mark.setVisible(can_mark)
        also = self.tr("Also rate this criterion as “{label}”").format(label=label)
        self.mark.setText(also.replace("&", "&&"))
        self.send.setEnabled(bool(self.words.text().strip()))

    @Slot()
    def _keep(self) -> None:
        self.unsent_ready.emit(self.words.text(), self.keeper)

    @Slot()
    def _ask(self) -> None:
        # First: what is sent is no longer kept as unsent, and nothing may come behind it.
        self.keeper.flush()
        is_new = self._goes_on is None
        at_hand = self._at_hand
        about = self.about_criterion.isChecked() and at_hand.criterion_id is not None
        self.asked.emit(
            Question(
                kind=self.kind(),
                text=self.words.text(),
                criterion_id=at_hand.criterion_id if is_new and about else None,
                source_id=at_hand.source_id if is_new and self.about_source.isChecked() else None,
                marks_criterion=not self.mark.isHidden() and self.mark.isChecked(),
                case_id=self._goes_on,
            )
        )

    @Slot()
    def _leave_thread(self) -> None:
        self._go_on(None)

    def _go_on(self, case_id: str | None) -> None:
        self._goes_on = case_id
        self._refresh()

    # ---- what was asked ----

    def _thread_card(self, thread: Thread) -> QFrame:
        case = thread.case
        frame = card("accent" if thread.unread else "true", self)
        column = QVBoxLayout(frame)
        column.setContentsMargins(*[space(self, 3)] * 4)
        column.setSpacing(space(self, 1.5))
        places = [self._names[name] for name in (case.criterion_id, case.source_id) if name in self._names]
        head = "  ·  ".join([kind_words(case.kind), *places, state_words(thread)])
        column.addWidget(plain_label(head, "caption-strong", wraps=True))
        for entry in case.entries:
            self._add_said(column, who_words(entry), entry.at, entry.text or act_words(entry))
        for saying in thread.waiting:
            self._add_said(column, self.tr("You"), saying.at, saying.text)
            waiting = self.tr("Sent") if saying.is_sent else self.tr("Waiting to be sent")
            column.addWidget(plain_label(saying.trouble or waiting, "caption", wraps=True))
        if case.entries and case.state is not CaseState.CLOSED:
            button = QPushButton(self.tr("Ask on"), frame)
            button.setProperty("case", case.id)
            button.setAutoDefault(False)
            button.clicked.connect(self._ask_on)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _add_said(self, column: QVBoxLayout, who: str, at: datetime, text: str) -> None:
        when = f"{day_words(at, self._now())} {time_words(at)}"
        column.addWidget(plain_label(f"{who}, {when}", "caption"))
        column.addWidget(plain_label(text, "body", wraps=True))

    @Slot()
    def _ask_on(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._go_on(str(sender.property("case")))
            self.words.setFocus()
