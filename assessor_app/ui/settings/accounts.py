"""Which account opens at the start, and the way to the list of all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from assessor_app.config import Config
from assessor_app.ui.settings.section import Section, managed_note


class AccountsSection(Section):
    """One choice, two buttons."""

    icon = "users"
    list_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self, config: Config, *, is_open: bool = True, parent: QWidget | None = None) -> None:
        """Build the section.

        Args:
            config: what is in force.
            is_open: whether there is an account to sign out of.
            parent: Qt parent.
        """
        super().__init__(self.tr("Accounts"), parent)
        self.asks = QCheckBox(self.tr("Ask which account to open at the start"), self)
        self.add(
            self.asks, self.tr("Otherwise the one used last opens by itself, unless you signed out of it.")
        )
        if config.policy.platform_origin is not None:
            note = self.tr("The organisation that manages this computer allows {platform} alone.")
            self.add(managed_note(self, note.format(platform=config.policy.platform_origin)))
        accounts = QPushButton(self.tr("All accounts on this computer…"), self)
        accounts.clicked.connect(self.list_requested)
        leave = QPushButton(self.tr("Sign out…"), self)
        leave.setEnabled(is_open)
        leave.clicked.connect(self.sign_out_requested)
        for button in (accounts, leave):
            button.setAutoDefault(False)
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.show_config(config)
        self.asks.clicked.connect(self._choose)

    def show_config(self, config: Config) -> None:
        """Show what is in force."""
        self.asks.setChecked(config.asks_which_account)

    @Slot()
    def _choose(self) -> None:
        self.changed.emit({"asks_which_account": self.asks.isChecked()})
