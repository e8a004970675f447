"""When the window locks by itself, and what then opens it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from assessor_app.config import LONGEST_CHOSEN_LOCK_MINUTES, NEVER_LOCKS, Config
from assessor_app.ui.gate import field_with_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.settings.section import Section, managed_note

CHOICES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, LONGEST_CHOSEN_LOCK_MINUTES)


class LockSection(Section):
    """Minutes without a key or a touch of the pointer; the organisation may say how many at most."""

    icon = "lock"

    def __init__(self, config: Config, *, has_passphrase: bool | None = None, parent: QWidget | None = None):
        """Build the choices.

        Args:
            config: what is in force.
            has_passphrase: whether unlocking asks for one; None where no account is open.
            parent: Qt parent.
        """
        super().__init__(self.tr("Locking"), parent)
        self.minutes = QComboBox(self)
        self.with_screen = QCheckBox(self.tr("Lock when the screen locks or the computer sleeps"), self)
        words = self.tr("Lock when nobody is there")
        self.minutes.setAccessibleName(words)
        self._fill(config)
        text = self.tr(
            "What you typed is saved, the key is let go of, and nothing is shown until you unlock; then you "
            "are where you were. Nothing is sent or received meanwhile."
        )
        self.add(field_with_label(plain_label(words, "caption-strong"), self.minutes), text)
        longest = config.policy.idle_lock_minutes
        if longest is not None:
            note = self.tr("The organisation that manages this computer allows {minutes} minutes at most.")
            self.add(managed_note(self, note.format(minutes=longest)))
        self.add(self.with_screen)
        if has_passphrase is not None:
            self.add(plain_label(self._opens_words(has_passphrase), "quiet", wraps=True))
        self.body.addStretch(1)
        self.show_config(config)
        self.minutes.activated.connect(self._choose)
        self.with_screen.clicked.connect(self._choose)

    def show_config(self, config: Config) -> None:
        """Show what is in force."""
        if self.minutes.findData(config.lock_minutes) < 0:
            self.minutes.addItem(self._words(config.lock_minutes), config.lock_minutes)
        self.minutes.setCurrentIndex(self.minutes.findData(config.lock_minutes))
        self.with_screen.setChecked(config.locks_with_screen)

    def _fill(self, config: Config) -> None:
        longest = config.policy.idle_lock_minutes
        for minutes in CHOICES:
            if longest is None or minutes <= longest:
                self.minutes.addItem(self._words(minutes), minutes)
        if longest is None:
            self.minutes.addItem(self.tr("Never by itself"), NEVER_LOCKS)

    def _words(self, minutes: int) -> str:
        if minutes == 1:
            return self.tr("After 1 minute")
        return self.tr("After {minutes} minutes").format(minutes=minutes)

    def _opens_words(self, has_passphrase: bool) -> str:
        if has_passphrase:
            return self.tr("Unlocking asks for your passphrase.")
        return self.tr(
            "The key lies in this computer's key store: whoever is signed in to this computer as you can "
            "unlock. Give others of the household a sign-in of their own."
        )

    @Slot()
    def _choose(self) -> None:
        self.changed.emit(
            {
                "chosen_lock_minutes": self.minutes.currentData(),
                "locks_with_screen": self.with_screen.isChecked(),
            }
        )
