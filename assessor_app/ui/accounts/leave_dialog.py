"""The question before an account is left: what is on this computer alone, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.assessments import OutboxKind
from assessor_app.errors import KnownError
from assessor_app.services.unsent import Unsent, UnsentKind
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.gate import field_with_label
from assessor_app.ui.plain_text import card, plain_label, set_role
from assessor_app.ui.theme import space

_LIST_UNITS = 48
"""How high the list of what is unsent grows before it scrolls."""


class Leave(StrEnum):
    """How an account is left."""

    SIGN_OUT = "sign_out"
    REMOVE = "remove"


class LeaveDialog(FittedDialog):
    """Escape and the first button go back. Work that would be lost has to be given up in words."""

    send_requested = Signal()
    export_requested = Signal()
    confirmed = Signal()

    def __init__(
        self, way: Leave, account: str, *, can_export: bool = False, parent: QWidget | None = None
    ) -> None:
        """Build the question; `show_unsent` says what is at stake.

        Args:
            way: how the account is left.
            account: what it is called.
            can_export: whether unsent work can be taken along as a file.
            parent: the window that asks.
        """
        super().__init__(parent)
        self._way, self._can_export = way, can_export
        self._is_busy = False
        self._must_type = False
        title, text, act = self._words(account)
        self.setWindowTitle(act)
        self.setModal(True)
        self._told = card("warning", self)
        self._told_title = plain_label("", "heading", wraps=True)
        self._list = QScrollArea(self._told)
        self._send = QPushButton(self.tr("Send now"), self._told)
        self._export = QPushButton(self.tr("Export as a sealed file…"), self._told)
        self._word = QLineEdit(self)
        self._word_label = plain_label("", "caption-strong", wraps=True)
        self._said = plain_label("", "quiet", wraps=True)
        self._said.hide()
        self.back = QPushButton(self.tr("Go back"), self)
        self.act = QPushButton(act, self)
        self._lay_out(title, text)
        self._send.clicked.connect(self.send_requested)
        self._export.clicked.connect(self.export_requested)
        self._word.textChanged.connect(self._look)
        self.back.clicked.connect(self.reject)
        self.act.clicked.connect(self._confirm)
        self.show_unsent((), is_known=False)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_unsent(self, items: Sequence[Unsent], *, is_known: bool = True, said: str = "") -> None:
        """Say what is on this computer alone.

        Args:
            items: all of it, by name.
            is_known: False where the account cannot be looked into; `said` then tells what was known last.
            said: the line above the list, in place of the count.
        """
        self._must_type = self._way is Leave.REMOVE and (bool(items) or not is_known)
        self._told.setVisible(bool(items) or bool(said))
        self._told_title.setText(said or self._count(len(items)))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, space(self), 0)
        column.setSpacing(space(self))
        for item in items:
            column.addWidget(plain_label(self._line(item), "body", wraps=True))
        column.addStretch(1)
        self._list.setWidget(page)
        # Only now: a scroll area fills what it is given. The card behind is seen through the list.
        page.setAutoFillBackground(False)
        self._list.setVisible(bool(items))
        self._send.setVisible(any(item.is_sendable for item in items))
        self._export.setVisible(self._can_export and any(item.sends is not None for item in items))
        self._word.setVisible(self._must_type)
        self._word_label.setVisible(self._must_type)
        self._look()

    @Slot(str)
    def say(self, text: str, *, role: str = "quiet") -> None:
        """Say what is going on."""
        set_role(self._said, role)
        self._said.setText(text)
        self._said.setVisible(bool(text))

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why it did not work; everything is as before."""
        self.show_busy(False)
        self.say(f"{error.title}. {error.message} {error.next_step}".strip(), role="danger")

    def show_busy(self, is_busy: bool) -> None:
        """Nothing can be pressed while it is done."""
        self._is_busy = is_busy
        for widget in (self._send, self._export, self._word, self.back):
            widget.setEnabled(not is_busy)
        self._look()

    def fit(self) -> None:
        """The list first: it is as high as its lines, and scrolls only when they are many."""
        page, bars = self._list.widget(), self._list.contentsMargins()
        room = page.layout() if page is not None else None
        if room is not None and room.hasHeightForWidth():
            wanted = room.totalHeightForWidth(self._list.viewport().width()) + bars.top() + bars.bottom()
            self._list.setFixedHeight(min(wanted, space(self, _LIST_UNITS)))
        super().fit()

    @Slot()
    def reject(self) -> None:
        """Go back; not in the middle of it."""
        if not self._is_busy:
            super().reject()

    # ---- inside ----

    def _words(self, account: str) -> tuple[str, str, str]:
        if self._way is Leave.SIGN_OUT:
            return (
                self.tr("Sign out of {account}?").format(account=account),
                self.tr(
                    "Your work stays on this computer, encrypted. Nothing more is sent or received until you "
                    "sign in again."
                ),
                self.tr("Sign out"),
            )
        return (
            self.tr("Remove {account} from this computer?").format(account=account),
            self.tr(
                "Its key is thrown away first, then every file of it is deleted. The recovery code opens "
                "nothing any more. What the platform has stays there."
            ),
            self.tr("Remove from this computer"),
        )

    def _lay_out(self, title: str, text: str) -> None:
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.viewport().setAutoFillBackground(False)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(self.tr("On this computer alone"))
        self._word_label.setText(
            self.tr("Type “{word}” if all of this may be lost.").format(word=self._typed_word())
        )
        self._word.setAccessibleName(self._word_label.text())
        self.act.setProperty("kind", "danger" if self._way is Leave.REMOVE else "primary")
        for button in (self._send, self._export, self.act):
            button.setAutoDefault(False)
        self.back.setDefault(True)
        inside = QVBoxLayout(self._told)
        inside.setContentsMargins(*[space(self, 3)] * 4)
        inside.setSpacing(space(self, 2))
        inside.addWidget(self._told_title)
        inside.addWidget(self._list)
        ways = QHBoxLayout()
        ways.setSpacing(space(self))
        ways.addWidget(self._send)
        ways.addWidget(self._export)
        ways.addStretch(1)
        inside.addLayout(ways)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(title, "title", wraps=True))
        layout.addWidget(plain_label(text, "body", wraps=True))
        layout.addWidget(self._told)
        layout.addLayout(field_with_label(self._word_label, self._word))
        layout.addWidget(self._said)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 130))

    def _typed_word(self) -> str:
        return self.tr("remove")

    def _count(self, number: int) -> str:
        if number == 1:
            return self.tr("1 thing is on this computer alone:")
        return self.tr("{number} things are on this computer alone:").format(number=number)

    def _line(self, item: Unsent) -> str:
        title = item.title or self.tr("A submission that is no longer here")
        return self.tr("{what}: {title}").format(what=self._what(item), title=title)

    def _what(self, item: Unsent) -> str:
        if item.kind is UnsentKind.WAITING:
            return self.tr("{what}, waits to be sent").format(what=self._sent_thing(item.sends))
        if item.kind is UnsentKind.STOPPED:
            return self.tr("{what}, could not be sent so far").format(what=self._sent_thing(item.sends))
        return {
            UnsentKind.ASSESSMENT: self.tr("Draft of an assessment"),
            UnsentKind.DECISION: self.tr("Draft of a decision"),
            UnsentKind.PRE_ASSESSMENT: self.tr("Draft of a pre-assessment"),
        }.get(item.kind, self.tr("Words to the team, not sent"))

    def _sent_thing(self, kind: OutboxKind | None) -> str:
        return {
            OutboxKind.RECOMMENDATION: self.tr("Recommendation"),
            OutboxKind.DECISION: self.tr("Decision"),
            OutboxKind.PRE_ASSESSMENT: self.tr("Pre-assessment"),
            OutboxKind.WITHDRAWAL: self.tr("Taking back"),
            OutboxKind.RECUSAL: self.tr("Giving back"),
        }.get(kind or OutboxKind.FINDING, self.tr("Words to the team"))

    @Slot()
    def _look(self) -> None:
        typed = self._word.text().strip().casefold()
        is_given_up = not self._must_type or typed == self._typed_word().casefold()
        self.act.setEnabled(is_given_up and not self._is_busy)

    @Slot()
    def _confirm(self) -> None:
        self.show_busy(True)
        self.confirmed.emit()
