"""The bar at the bottom: two separate facts, each in words and an icon - saved here, and known there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.inbox_words import time_words
from assessor_app.ui.plain_text import card, plain_label, set_plain_tooltip, set_role
from assessor_app.ui.theme import space

if TYPE_CHECKING:
    from assessor_app.services.views import SyncStatus


@dataclass(frozen=True, slots=True)
class Shown:
    """How one state of the connection looks."""

    text: str
    icon: str
    tone: str
    """A field of `Colours`."""
    hint: str
    """What it means, and what to do if anything."""
    retry: str
    """Words of the button; empty when there is nothing to try."""


class SyncBar(QWidget):
    """Saved indicator, connection indicator, and a button to try again. Never a dialog."""

    waiting_list_requested = Signal()
    retry_requested = Signal()
    sign_in_requested = Signal()

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
        self._asks_for_sign_in = False
        self._saved_icon = icon_label("check", "quiet")
        self._saved = plain_label(self.tr("Nothing to save yet"), "caption")
        self._retry = QPushButton(self)
        self._retry.setProperty("kind", "quiet")
        self._retry.hide()
        self._connection = QPushButton(self)
        self._connection.setProperty("kind", "quiet")
        dress(self._connection, "cloud", "quiet")
        dress(self._retry, "refresh-cw", "accent")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space(self, 4), space(self, 0.5), space(self, 2), space(self, 0.5))
        layout.setSpacing(space(self, 1.5))
        layout.addWidget(self._saved_icon)
        layout.addWidget(self._saved)
        layout.addStretch(1)
        layout.addWidget(self._retry)
        layout.addWidget(self._connection)
        self._connection.clicked.connect(self.waiting_list_requested)
        self._retry.clicked.connect(self._try_again)
        self._show_connection(self._words_of(None))

    # ---- what comes in ----

    @Slot(object)
    def show_saved(self, at: datetime) -> None:
        """Say when the last edit was committed on this machine."""
        text = self.tr("Saved on this device {time}").format(time=time_words(at, self._zone))
        self._say_saved(text, "check", "quiet")
        set_plain_tooltip(
            self._saved,
            self.tr("Your work is stored on this device and encrypted. Closing the program loses nothing."),
        )

    @Slot(int)
    def show_saving(self, pending: int) -> None:
        """Say that edits are being written; nothing is said when there are none."""
        if pending:
            self._say_saved(self.tr("Saving…"), "pen-line", "quiet")

    @Slot(object)
    def show_not_saved(self, reason: str) -> None:
        """Say that the last edit could not be written."""
        self._say_saved(self.tr("Not saved: {reason}").format(reason=reason), "triangle-alert", "danger")
        announce(self, self._saved.text(), urgent=True)

    @Slot(object)
    def show_status(self, status: SyncStatus) -> None:
        """Say how the platform is reached. A change of state is announced, its progress is not."""
        is_new = self._status is None or self._status.state != status.state
        self._status = status
        self._show_connection(self._words_of(status))
        if is_new:
            announce(self, self._connection.text())

    def saved_text(self) -> str:
        """The words about saving."""
        return self._saved.text()

    def connection_text(self) -> str:
        """The words about the connection."""
        return self._connection.text()

    # ---- words ----

    def _words_of(self, status: SyncStatus | None) -> Shown:
        if status is None or status.state == "idle":
            return Shown(self.tr("Not synced yet"), "cloud", "quiet", "", self.tr("Sync now"))
        if status.state == "syncing":
            return self._syncing(status)
        if status.state == "offline":
            return self._offline(status)
        if status.state == "sign_in":
            hint = self.tr(
                "The platform asks you to sign in again. Your work stays open, and nothing is lost."
            )
            return Shown(self.tr("Sign in to sync"), "log-in", "warning", hint, self.tr("Sign in"))
        if status.state == "needs_you":
            return self._needs_you(status)
        return self._up_to_date(status)

    def _syncing(self, status: SyncStatus) -> Shown:
        if status.waiting:
            text = self.tr("Sending, {waiting} to go").format(waiting=status.waiting)
            return Shown(text, "cloud-upload", "accent", status.message, "")
        if status.total:
            text = self.tr("Syncing, {done} of {total} files")
            text = text.format(done=status.done, total=status.total)
            return Shown(text, "refresh-cw", "accent", status.message, "")
        return Shown(self.tr("Syncing…"), "refresh-cw", "accent", status.message, "")

    def _offline(self, status: SyncStatus) -> Shown:
        hint = status.message or self.tr(
            "The platform cannot be reached just now. Everything works; what you send leaves when it is back."
        )
        text = self.tr("Offline")
        if status.waiting == 1:
            text = self.tr("Offline - 1 change waiting to send")
        elif status.waiting:
            text = self.tr("Offline - {waiting} changes waiting to send").format(waiting=status.waiting)
        return Shown(text, "cloud-off", "quiet", hint, self.tr("Try again"))

    def _needs_you(self, status: SyncStatus) -> Shown:
        text = self.tr("Needs you: 1 thing to look at")
        if status.needs_you > 1:
            text = self.tr("Needs you: {number} things to look at").format(number=status.needs_you)
        hint = status.message or self.tr("Something could not be sent as it is. Your work is kept.")
        return Shown(text, "circle-alert", "danger", hint, "")

    def _up_to_date(self, status: SyncStatus) -> Shown:
        text = self.tr("Up to date")
        if status.at is not None:
            text = self.tr("Up to date {time}").format(time=time_words(status.at, self._zone))
        if status.waiting:
            text += " - " + self.tr("{waiting} waiting to send").format(waiting=status.waiting)
        return Shown(text, "cloud", "quiet", status.message, self.tr("Sync now"))

    # ---- inside ----

    def _say_saved(self, text: str, icon_name: str, tone: str) -> None:
        if text == self._saved.text():
            return
        self._saved.setText(text)
        set_role(self._saved, "danger" if tone == "danger" else "caption")
        dress(self._saved_icon, icon_name, tone)

    def _show_connection(self, shown: Shown) -> None:
        self._connection.setText(shown.text)
        self._connection.setAccessibleName(shown.text)
        self._connection.setAccessibleDescription(
            self.tr("Opens what waits to be sent. {hint}").format(hint=shown.hint)
        )
        set_plain_tooltip(self._connection, shown.hint or self.tr("Shows what waits to be sent"))
        dress(self._connection, shown.icon, shown.tone)
        self._asks_for_sign_in = shown.icon == "log-in"
        self._retry.setVisible(bool(shown.retry))
        self._retry.setText(shown.retry)
        self._retry.setAccessibleName(shown.retry)

    @Slot()
    def _try_again(self) -> None:
        (self.sign_in_requested if self._asks_for_sign_in else self.retry_requested).emit()


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
