"""The settings window: sections on the left, the fields of one on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assessor_app.config import Config
from assessor_app.ui.icons import icon, icon_size
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.settings.section import Section
from assessor_app.ui.theme import colours_of, space


class SettingsWindow(QDialog):
    """Takes any sections: whoever adds one makes a module beside this and hands it over."""

    changed = Signal(dict)

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        """Show the sections in this order; the first is open."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self.sections = tuple(sections)
        self.names = QListWidget(self)
        self.names.setAccessibleName(self.tr("Sections"))
        side = icon_size(self)
        self.names.setIconSize(QSize(side, side))
        self._pages = QStackedWidget(self)
        for section in sections:
            self.names.addItem(QListWidgetItem(icon(section.icon, colours_of(self).quiet), section.title))
            area = QScrollArea(self._pages)
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(section)
            self._pages.addWidget(area)
            section.changed.connect(self.changed)
        close = QPushButton(self.tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        across = QHBoxLayout()
        across.setSpacing(space(self, 3))
        across.addWidget(self.names)
        across.addWidget(self._pages, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 4)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addLayout(across, 1)
        layout.addLayout(foot)
        self.names.setFixedWidth(max(space(self, 40), self.names.sizeHintForColumn(0) + space(self, 6)))
        self.names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self.names.setCurrentRow(0)
        resize_within_screen(self, space(self, 180), space(self, 130))

    def show_config(self, config: Config) -> None:
        """Show what is in force in every section."""
        for section in self.sections:
            section.show_config(config)
