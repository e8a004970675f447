"""The settings window: sections on the left, the fields of one on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
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
from assessor_app.ui.screen_room import resize_within_screen, screen_room
from assessor_app.ui.settings.section import Section
from assessor_app.ui.theme import colours_of, space

_BESIDE = 42
"""What the list of sections and the margins take of the screen beside a section."""


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
            self._pages.addWidget(_SectionArea(section, self._pages))
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
        self._fit_names()
        self.names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self.names.setCurrentRow(0)
        resize_within_screen(self, space(self, 180), space(self, 150))

    def show_config(self, config: Config) -> None:
        """Show what is in force in every section."""
        for section in self.sections:
            section.show_config(config)

    def changeEvent(self, event: QEvent) -> None:
        """The size of all text is chosen in here."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_pages"):
            self._fit_names()

    def _fit_names(self) -> None:
        self.names.setFixedWidth(self.names.sizeHintForColumn(0) + space(self, 6))


class _SectionArea(QScrollArea):
    """Scrolls from top to bottom; sideways only on a screen that is too narrow for the fields."""

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(section)

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest field and the bar beside it, as far as the screen goes."""
        held, least = self.widget(), super().minimumSizeHint()
        if held is None:
            return least
        wanted = held.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        most = screen_room(self.window()).width() - space(self, _BESIDE)
        return QSize(min(wanted, most), least.height())
