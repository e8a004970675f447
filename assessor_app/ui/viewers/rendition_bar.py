"""One line above an office file: what is shown of it, and what else it can be shown as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from assessor_app.documents.pages import EvidenceSource, MadeBy
from assessor_app.documents.sniff import Kind
from assessor_app.services.renditions import Choices
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class Way(StrEnum):
    """What an office file can be shown as."""

    PLATFORM_COPY = "platform"
    LOCAL_COPY = "local"
    MAKE_COPY = "make"
    OWN = "own"


WAYS_BY_MAKER = {
    MadeBy.PLATFORM: Way.PLATFORM_COPY,
    MadeBy.THIS_COMPUTER: Way.LOCAL_COPY,
    MadeBy.LEARNER: Way.OWN,
}
"""The way that a file of each maker is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the line says."""

    sentence: str
    is_less: bool
    """Whether less is shown than the file holds."""
    now: Way
    ways: tuple[tuple[Way, str], ...]
    """All ways that are open, with their words, the present one among them."""


def told_of(
    source: EvidenceSource, kind: Kind, choices: Choices, *, failure: str = "", is_chosen: bool = False
) -> Told:
    """What is said of a file on screen.

    Args:
        source: the file that is shown.
        kind: how it is shown.
        choices: what else there is.
        failure: why no copy could be made here; a reason of `NoCopy`, or empty.
        is_chosen: whether the person chose this way.
    """
    now = WAYS_BY_MAKER[source.made_by]
    if now is Way.LOCAL_COPY and kind is Kind.SHEET:
        now = Way.OWN
    is_text_only = now is Way.OWN and kind is Kind.OFFICE
    sentence = {
        Way.PLATFORM_COPY: _tr("The platform's PDF copy of this file"),
        Way.LOCAL_COPY: _tr("A copy made on this computer by {program}").format(program=source.converter),
    }.get(now, _tr("The cells of the sheet, with what each one shows"))
    if is_text_only:
        sentence = _why_text_only(choices.converter, failure, is_chosen=is_chosen)
    own = _tr("The cells of the sheet") if choices.is_sheet else _tr("Its text and pictures only")
    ways = []
    if choices.has_platform_copy:
        ways.append((Way.PLATFORM_COPY, _tr("The platform's PDF copy")))
    if choices.has_local_copy:
        ways.append((Way.LOCAL_COPY, _tr("The copy made on this computer")))
    elif choices.converter and choices.has_original:
        words = _tr("Make a copy with {program}").format(program=choices.converter)
        ways.append((Way.MAKE_COPY, words))
    if choices.has_original:
        ways.append((Way.OWN, own))
    return Told(sentence, is_text_only, now, tuple(ways))


class RenditionBar(QWidget):
    """The line with its menu.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(str)
    """A `Way` that the person wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")
        self._icon = icon_label("file-text", "quiet")
        self.words = plain_label("", "quiet", self, wraps=True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QToolButton(self)
        # Room for the arrow, which Qt paints over the end of the words.
        self.button.setText(self.tr("Show as") + "  ")
        self.button.setAccessibleName(self.tr("Show this file as"))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(self, 3), space(self, 1), space(self, 2), space(self, 1))
        row.setSpacing(space(self, 2))
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def tell(self, told: Told) -> None:
        """Say what is shown, and offer what else there is."""
        dress(self._icon, "info" if told.is_less else "file-text", "accent" if told.is_less else "quiet")
        self.words.setText(told.sentence)
        self._offer(told.ways, told.now)
        self.button.setVisible(any(way is not told.now for way, _ in told.ways))
        self.show()

    def open_menu(self) -> None:
        """Open the menu from the keyboard."""
        if self.isVisible() and self.button.isVisible():
            self.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.button.showMenu()

    def _offer(self, ways: Sequence[tuple[Way, str]], now: Way) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for way, words in ways:
            action = QAction(words, group)
            action.setObjectName(way.value)
            action.setCheckable(True)
            action.setChecked(way is now)
            action.triggered.connect(self._triggered)
            self.menu.addAction(action)

    @Slot()
    def _triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.chosen.emit(action.objectName())


def _why_text_only(program: str, failure: str, *, is_chosen: bool) -> str:
    if failure == "timeout":
        why = _tr("Text and pictures only: {program} took too long to make a copy.")
    elif failure in ("failed", "too_much_memory"):
        why = _tr("Text and pictures only: {program} could not make a copy.")
    elif is_chosen or program:
        why = _tr("Text and pictures only.")
    else:
        why = _tr("Text and pictures only: no converter, such as LibreOffice, is installed here.")
    return f"{why.format(program=program)} {_tr('The layout is not that of the file.')}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("RenditionBar", text)
