"""Hears from the system that the network has changed, where the system says so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QNetworkInformation


class NetworkWatch(QObject):
    """Tells that a network is there that was not, or another one; where the system is silent, so is this."""

    changed = Signal()
    metered = Signal(bool)
    """Whether the present connection counts bytes, whenever that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin to listen."""
        super().__init__(parent)
        QNetworkInformation.loadDefaultBackend()
        information = QNetworkInformation.instance()
        self._tells = information is not None
        if information is not None:
            information.reachabilityChanged.connect(self._reachability_changed)
            information.isBehindCaptivePortalChanged.connect(self._portal_changed)
            information.isMeteredChanged.connect(self.metered)

    @property
    def is_metered(self) -> bool:
        """Whether the present connection counts bytes; False where the system does not tell."""
        return self._tells and QNetworkInformation.instance().isMetered()

    @Slot(QNetworkInformation.Reachability)
    def _reachability_changed(self, reachability: QNetworkInformation.Reachability) -> None:
        if reachability is not QNetworkInformation.Reachability.Disconnected:
            self.changed.emit()

    @Slot(bool)
    def _portal_changed(self, is_behind: bool) -> None:
        if not is_behind:
            self.changed.emit()
