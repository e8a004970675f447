"""The rarer tools behind one button, where the bar is short of room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from assessor_app.ui.icons import dress, icon, icon_size
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.theme import colours_of

_NONE_ON = "ellipsis"


class ToolMenuButton(QToolButton):
    """Offers tools in a menu; wears the icon of the one that is on.

    Args:
        table: words and keys.
        run: runs the command of an id.
        tools: ids of the tools with their icons, in order.
        parent: Qt parent.
    """

    def __init__(
        self,
        table: KeyTable,
        run: Callable[[str], object],
        tools: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._run, self._tools, self._table = run, dict(tools), table
        self._offered: frozenset[str] = frozenset()
        self._on = ""
        self.setObjectName("tool.menu")
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        self._choices: dict[str, QAction] = {}
        for entry_id in self._tools:
            shown = table.shown(entry_id)
            title = table.entry(entry_id).title
            choice = QAction(f"{title}\t{shown}" if shown else title, menu)
            choice.setData(entry_id)
            choice.triggered.connect(self._take)
            menu.addAction(choice)
            self._choices[entry_id] = choice
        self.setMenu(menu)
        menu.aboutToShow.connect(self._draw)
        self.show_tool("")

    def offer(self, tools: Iterable[str]) -> None:
        """Which tools stand in the menu; the others are in the bar."""
        self._offered = frozenset(tools)
        for entry_id, choice in self._choices.items():
            choice.setVisible(entry_id in self._offered)
        self.show_tool(self._on)

    def show_tool(self, entry_id: str) -> None:
        """Show which tool is on; one that is not in the menu leaves the button plain."""
        self._on = entry_id
        is_here = entry_id in self._offered
        self.setChecked(is_here)
        dress(self, self._tools[entry_id] if is_here else _NONE_ON)
        name = self.tr("More tools")
        if is_here:
            title = self._table.entry(entry_id).title
            name = self.tr("More tools; {tool} is on").format(tool=title)
        self.setAccessibleName(name)
        set_plain_tooltip(self, name)

    def changeEvent(self, event: QEvent) -> None:
        """The menu's icons are as large as its text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._draw()

    @Slot()
    def _draw(self) -> None:
        side = icon_size(self)
        self.setIconSize(QSize(side, side))
        for entry_id, choice in getattr(self, "_choices", {}).items():
            choice.setIcon(icon(self._tools[entry_id], colours_of(self).text))

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._run(str(sender.data()))
