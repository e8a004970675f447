"""The bar at the bottom: two separate facts, each in words and an icon - saved here, and known there."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.copy_words import copies_words
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.plain_text import card, plain_label, set_plain_tooltip, set_role
from assessor_app.ui.sync_words import Act, Shown, full_disk_words, words_of
from assessor_app.ui.theme import space

if TYPE_CHECKING:
    from assessor_app.services.views import SyncStatus


_ROUNDING = 3
"""Pixels that a width may be off by."""
_ACT_ICONS = {
    Act.RETRY: "refresh-cw",
    Act.SIGN_IN: "log-in",
    Act.BROWSER: "external-link",
    Act.PAUSE: "pause",
    Act.RESUME: "play",
}


class SyncBar(QWidget):
    """Saved indicator, connection indicator, and a button to try again. Never a dialog."""

    waiting_list_requested = Signal()
    retry_requested = Signal()
    sign_in_requested = Signal()
    pause_requested = Signal(bool)
    """Evidence is to wait, or to go on."""
    browser_requested = Signal()
    """A network wants a sign-in of its own."""
    going_on_requested = Signal()
    """Somebody wants to know more than a sentence."""

    def __init__(self, *, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        """Start with nothing saved and nothing known.

        Args:
            zone: the person's time zone; the system's if None.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("sync_bar")
        self.setAccessibleName(self.tr("Saving and syncing"))
        self._zone = zone
        self._status: SyncStatus | None = None
        self._copied = ""
        self._saved_at: datetime | None = None
        self._act = Act.RETRY
        self._wants_more = False
        self._is_disk_full = False
        self._saved_icon = icon_label("check", "quiet")
        self._saved = plain_label(self.tr("Nothing to save yet"), "caption")
        self._retry = QPushButton(self)
        self._retry.setProperty("kind", "quiet")
        self._retry.hide()
        self._connection = SentenceButton(self)
        self._connection.setProperty("kind", "quiet")
        dress(self._connection, "cloud", "quiet")
        dress(self._retry, "refresh-cw", "accent")
        self._details = self._details_button()
        self._more = plain_label("", "caption", wraps=True)
        self._more.hide()
        self._going_on = QPushButton(self.tr("What is going on"), self)
        self._going_on.setProperty("kind", "quiet")
        self._going_on.clicked.connect(self.going_on_requested)
        self._going_on.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 4), space(self, 0.5), space(self, 2), space(self, 0.5))
        column.setSpacing(0)
        layout = QHBoxLayout()
        layout.setSpacing(space(self, 1.5))
        column.addLayout(layout)
        below = QHBoxLayout()
        below.addWidget(self._more, 1)
        below.addWidget(self._going_on)
        column.addLayout(below)
        layout.addWidget(self._saved_icon)
        layout.addWidget(self._saved)
        layout.addStretch(1)
        layout.addWidget(self._details)
        layout.addWidget(self._retry)
        layout.addWidget(self._connection)
        self._connection.clicked.connect(self.waiting_list_requested)
        self._retry.clicked.connect(self._try_again)
        self._show_connection(words_of(None))

    # ---- what comes in ----

    @Slot(object)
    def show_saved(self, at: datetime) -> None:
        """Say when the last edit was committed on this machine."""
        self._saved_at = at
        if self._is_disk_full:
            self._show_present()
        text = self.tr("Saved on this computer {time}").format(time=time_words(at, self._zone))
        self._say_saved(text, "check", "quiet")
        self._hint_saved()

    @Slot(int)
    def show_saving(self, pending: int) -> None:
        """Say that edits are being written; nothing is said when there are none."""
        if pending:
            self._say_saved(self.tr("Saving…"), "pen-line", "quiet")

    @Slot(bool)
    def show_disk_full(self, is_full: bool = True) -> None:
        """Say that the disk is full, in place of the connection, until it is not."""
        if is_full == self._is_disk_full:
            return
        self._is_disk_full = is_full
        if self._saved_at is not None:
            # What was being saved is not; what was saved last is safe.
            self.show_saved(self._saved_at)
        self._show_present()
        if is_full:
            announce(self, self._connection.sentence(), urgent=True)

    @Slot(object)
    def show_not_saved(self, reason: str) -> None:
        """Say that the last edit could not be written."""
        self._say_saved(self.tr("Not saved: {reason}").format(reason=reason), "triangle-alert", "danger")
        announce(self, self._saved.text(), urgent=True)

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Say how the platform is reached. A change of state is announced, its progress is not."""
        before = self._status
        is_new = before is None or (before.state, before.trouble) != (status.state, status.trouble)
        self._status = status
        if status.copies is not None:
            self._copied = copies_words(status.copies, self._zone)
            self._hint_saved()
        self._show_present()
        if is_new:
            announce(self, self._connection.sentence())

    @Slot()
    def toggle_details(self) -> None:
        """Show or hide, below the bar, what more there is to say about a trouble."""
        self._wants_more = not self._wants_more
        self._show_more()

    def _hint_saved(self) -> None:
        """What stands behind the words about saving: where the work lies, and where a copy of it."""
        here = self.tr(
            "Your work is stored on this computer and encrypted. Closing the program loses nothing."
        )
        hint = "\n".join(text for text in (here, self._copied) if text)
        set_plain_tooltip(self._saved, hint)
        self._saved.setAccessibleDescription(hint)

    def saved_text(self) -> str:
        """The words about saving."""
        return self._saved.text()

    def connection_text(self) -> str:
        """The words about the connection."""
        return self._connection.sentence()

    # ---- inside ----

    def _show_present(self) -> None:
        """Show how the platform is reached; a full disk comes first: it is in the way of everything."""
        if self._is_disk_full:
            self._show_connection(full_disk_words(self._zone, self._saved_at))
        else:
            self._show_connection(words_of(self._status, self._zone, self._saved_at))

    def _say_saved(self, text: str, icon_name: str, tone: str) -> None:
        if text == self._saved.text():
            return
        self._saved.setText(text)
        set_role(self._saved, "danger" if tone == "danger" else "caption")
        dress(self._saved_icon, icon_name, tone)

    def _show_connection(self, shown: Shown) -> None:
        self._connection.set_sentence(shown.text)
        self._connection.setAccessibleName(shown.text)
        self._connection.setAccessibleDescription(
            self.tr("Opens what waits to be sent. {hint}").format(hint=shown.hint)
        )
        # In a narrow window the sentence ends in an ellipsis: all of it stands here.
        hint = shown.hint or self.tr("Shows what waits to be sent")
        set_plain_tooltip(self._connection, f"{shown.text}\n{hint}")
        dress(self._connection, shown.icon, shown.tone)
        self._act = shown.act
        dress(self._retry, _ACT_ICONS[shown.act], "accent")
        self._more.setText(shown.details)
        self._details.setVisible(bool(shown.details))
        self._show_more()
        self._retry.setVisible(bool(shown.retry))
        self._retry.setText(shown.retry)
        self._retry.setAccessibleName(shown.retry)

    @Slot()
    def _try_again(self) -> None:
        if self._act in (Act.PAUSE, Act.RESUME):
            self.pause_requested.emit(self._act is Act.PAUSE)
            return
        asked = {Act.SIGN_IN: self.sign_in_requested, Act.BROWSER: self.browser_requested}
        asked.get(self._act, self.retry_requested).emit()

    def _details_button(self) -> QPushButton:
        button = QPushButton(self.tr("Details"), self)
        button.setProperty("kind", "quiet")
        button.setAccessibleDescription(self.tr("More about what is in the way"))
        button.clicked.connect(self.toggle_details)
        button.hide()
        return button

    def _show_more(self) -> None:
        is_shown = self._wants_more and bool(self._more.text())
        for widget in (self._more, self._going_on):
            widget.setVisible(is_shown)
        dress(self._details, "chevron-down" if self._wants_more else "chevron-up", "accent")


class SentenceButton(QPushButton):
    """A button whose sentence ends in an ellipsis where room is short; its name has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without words."""
        super().__init__(parent)
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sentence(self) -> str:
        """The whole sentence."""
        return self._sentence

    def set_sentence(self, sentence: str) -> None:
        """Replace the sentence."""
        self._sentence = sentence
        self.setText(sentence)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the whole sentence."""
        return super().sizeHint() + QSize(self._advance(self._sentence) - self._advance(self.text()), 0)

    def minimumSizeHint(self) -> QSize:
        """Room for a few words."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._advance("x" * 16)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the sentence to the new width."""
        super().resizeEvent(event)
        room = self.width() - (self.sizeHint().width() - self._advance(self._sentence))
        fitted = self.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, max(0, room))
        if self._advance(self._sentence) <= room + _ROUNDING:
            fitted = self._sentence
        if fitted != self.text():
            self.setText(fitted)

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)


class OfflineBanner(QWidget):
    """Says once that working offline is fine; dismissed by the person or by being online again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._was_shown = False
        frame = card("accent", self)
        text = plain_label(
            self.tr(
                "You are offline. Everything works, and what you send leaves as soon as the platform is back."
            ),
            "body",
            wraps=True,
        )
        close = QPushButton(self.tr("Understood"), self)
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 1), space(self, 2), space(self, 1))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label("cloud-off", "accent"))
        row.addWidget(text, 1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 4), space(self, 2), space(self, 4), 0)
        layout.addWidget(frame)
        self.hide()

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Show the banner the first time that the platform cannot be reached."""
        if status.state == "offline" and not self._was_shown:
            self._was_shown = True
            self.show()
        elif status.state == "up_to_date":
            self.hide()
