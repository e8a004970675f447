"""The page for a profile that does not open: what happened, that the work is safe, and what can be tried."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assessor_app.ui.gate import GatePage


class RefusalPage(GatePage):
    """Says one thing and offers at most two ways on."""

    retry_requested = Signal()
    recovery_requested = Signal()

    def __init__(
        self,
        title: str,
        text: str,
        parent: QWidget | None = None,
        *,
        icon: str = "triangle-alert",
        retry: str = "",
        has_recovery_code: bool = False,
    ) -> None:
        """Build the page.

        Args:
            title: what happened.
            text: what it means, that the work is safe, what to do.
            parent: Qt parent.
            icon: file name of an icon.
            retry: words of the button that tries again; empty when that cannot help.
            has_recovery_code: whether the recovery code is another way in.
        """
        super().__init__(icon, title, text, parent)
        self._retry = QPushButton(retry, self)
        self._retry.setProperty("kind", "primary")
        self._retry.setVisible(bool(retry))
        self._retry.clicked.connect(self.retry_requested)
        self._recovery = QPushButton(self.tr("Use the recovery code"), self)
        self._recovery.setProperty("kind", "quiet")
        self._recovery.setVisible(has_recovery_code)
        self._recovery.clicked.connect(self.recovery_requested)
        row = QHBoxLayout()
        row.addWidget(self._retry)
        row.addWidget(self._recovery)
        row.addStretch(1)
        self.body.addLayout(row)
        if retry:
            self.setFocusProxy(self._retry)
