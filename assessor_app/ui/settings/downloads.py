"""How much of her line and of her disk evidence may take."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from assessor_app.config import Config
from assessor_app.ui.gate import field_with_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.settings.section import Section, managed_note

SPEEDS_KB = (100, 250, 500, 1000, 2000, 5000, 10_000)
LARGE_MB = (20, 50, 100, 250, 500)
ROOM_GB = (1, 2, 5, 10, 20, 50, 100)


class DownloadsSection(Section):
    """Three choices and a switch; the organisation may say how much at most."""

    icon = "download"

    def __init__(self, config: Config, parent: QWidget | None = None) -> None:
        """Build the choices.

        Args:
            config: what is in force.
            parent: Qt parent.
        """
        super().__init__(self.tr("Downloads"), parent)
        self.speed, self.large, self.room = QComboBox(self), QComboBox(self), QComboBox(self)
        self.on_request = QCheckBox(self.tr("On metered connections, wait until I open the work"), self)
        policy = config.policy
        self._fill(self.speed, SPEEDS_KB, policy.download_kb_per_s, self.tr("As fast as it goes"))
        self._fill(self.large, LARGE_MB, None, self.tr("All files"))
        self._fill(self.room, ROOM_GB, policy.evidence_gb, self.tr("What leaves 2 GB of the disk free"))
        for words, field, note in (
            (
                self.tr("Speed of downloads"),
                self.speed,
                self.tr("What you send and what is new always go at full speed."),
            ),
            (
                self.tr("Files that come by themselves"),
                self.large,
                self.tr("Larger ones say so where you read, with a button to get them."),
            ),
            (
                self.tr("Room for evidence on this computer"),
                self.room,
                self.tr(
                    "When it is full, what is settled goes first, then what is due last; never a trip, or "
                    "work that you began. It comes again when you open it. 2 GB of the disk stay free."
                ),
            ),
        ):
            field.setAccessibleName(words)
            self.add(field_with_label(plain_label(words, "caption-strong"), field), note)
        self._say_managed(config)
        self.add(
            self.on_request,
            self.tr("Whether a connection is metered is known as far as your system tells."),
        )
        self.body.addStretch(1)
        self.show_config(config)
        for box in (self.speed, self.large, self.room):
            box.activated.connect(self._choose)
        self.on_request.clicked.connect(self._choose)

    def show_config(self, config: Config) -> None:
        """Show what is in force."""
        for box, amount in (
            (self.speed, config.speed_kb_per_s),
            (self.large, config.large_file_mb),
            (self.room, config.room_gb),
        ):
            if box.findData(amount) < 0:
                box.addItem(self._words(box, amount), amount)
            box.setCurrentIndex(box.findData(amount))
        self.on_request.setChecked(config.waits_on_metered)

    def _fill(self, box: QComboBox, amounts: Iterable[int], most: int | None, unlimited: str) -> None:
        if most is None:
            box.addItem(unlimited, 0)
        for amount in amounts:
            if most is None or amount <= most:
                box.addItem(self._words(box, amount), amount)

    def _words(self, box: QComboBox, amount: int) -> str:
        if box is self.room:
            return self.tr("{amount} GB").format(amount=amount)
        if box is self.large:
            return self.tr("Up to {amount} MB").format(amount=amount)
        if amount < 1000:
            return self.tr("{amount} KB a second").format(amount=amount)
        return self.tr("{amount} MB a second").format(amount=f"{amount / 1000:g}")

    def _say_managed(self, config: Config) -> None:
        policy = config.policy
        if policy.download_kb_per_s is not None:
            note = self.tr("The organisation that manages this computer allows {speed} at most.")
            speed = self._words(self.speed, policy.download_kb_per_s)
            self.add(managed_note(self, note.format(speed=speed)))
        if policy.evidence_gb is not None:
            note = self.tr("The organisation that manages this computer allows {room} for evidence at most.")
            self.add(managed_note(self, note.format(room=self._words(self.room, policy.evidence_gb))))

    @Slot()
    def _choose(self) -> None:
        self.changed.emit(
            {
                "download_kb_per_s": self.speed.currentData(),
                "large_file_mb": self.large.currentData(),
                "evidence_gb": self.room.currentData(),
                "waits_on_metered": self.on_request.isChecked(),
            }
        )
