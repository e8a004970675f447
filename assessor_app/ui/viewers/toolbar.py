"""The bar above the pages: page, zoom, search, tools, colours. Words and keys come from the table of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QToolButton, QWidget

from assessor_app.ui.annotate.drafts import COLOUR_KEYS, FIRST_COLOUR
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.colour_buttons import ColourButton, ColourMenuButton
from assessor_app.ui.viewers.zoom_menu import ZoomMenuButton

TOOL_ICONS = {
    "tool.pointer": "mouse-pointer",
    "tool.hand": "hand",
    "tool.highlight": "highlighter",
    "tool.underline": "underline",
    "tool.note": "sticky-note",
    "tool.box": "square",
}
"""The tools in the bar, in order, with their icons."""
TEXT_TOOLS = ("tool.pointer", "tool.highlight", "tool.underline")
"""The tools that work where there are words and no pages."""
_READING_TOOLS = ("tool.pointer", "tool.hand")
"""The tools that mark nothing."""


class PageField(QLineEdit):
    """The page number, to read and to type."""

    chosen = Signal(int)
    """Page index from 0 that was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._count = 0, 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("Page number"))
        self._fit()
        self.returnPressed.connect(self._take)

    def changeEvent(self, event: QEvent) -> None:
        """Room for four digits at any size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(round(self.fontMetrics().averageCharWidth() * 8))

    def show_page(self, page: int, count: int) -> None:
        """Show where the reader is, unless she is typing."""
        self._page, self._count = page, count
        if not self.hasFocus() or not self.isModified():
            self.setText(str(page + 1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed and not sent is forgotten."""
        super().focusOutEvent(event)
        self.setText(str(self._page + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the number back."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(str(self._page + 1))
            return
        super().keyPressEvent(event)

    def _take(self) -> None:
        text = self.text().strip()
        self.setModified(False)
        if text.isdecimal() and len(text) < 8:
            self.chosen.emit(min(max(int(text), 1), max(1, self._count)) - 1)
        self.setText(str(self._page + 1))


class ViewerToolbar(QFrame):
    """Buttons that run commands by their ids.

    Args:
        table: words and keys.
        run: runs the command of an id.
        parent: Qt parent.
        tools: ids of the tools to offer, in order.
        has_pages: False for a text without pages and zoom.
    """

    def __init__(
        self,
        table: KeyTable,
        run: Callable[[str], object],
        parent: QWidget | None = None,
        *,
        tools: Iterable[str] = tuple(TOOL_ICONS),
        has_pages: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self.setAccessibleName(self.tr("Tools for the evidence"))
        self._table, self._run = table, run
        self._tools, self._has_pages = tuple(tools), has_pages
        self._buttons: dict[str, QToolButton] = {}
        self._is_editable = True
        self._tool_part, self._colour_part, self._zoom_part = QWidget(self), QWidget(self), QWidget(self)
        self.colour_menu = ColourMenuButton(table, run, self)
        self.zoom_menu = ZoomMenuButton(table, run, self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(space(self, quarters) for quarters in (2, 1, 2, 1)))
        self._grid.setSpacing(space(self, 0.5))
        self._grid.setColumnStretch(1, 1)
        self._groups = [
            self._group(build) for build in (self._build_pages, self._build_tools, self._build_zoom)
        ]
        self._rows = 0
        self._fold_colours(False)
        self._fold_zoom(False)
        self._arrange(1)
        self.show_tool("tool.pointer")
        self.show_colour(FIRST_COLOUR)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows are with colours and zoom folded; a narrow window never cuts a tool off."""
        widest = max(self._ends_width(is_folded=True), self._tools_width(is_folded=True))
        return QSize(widest + self._edges(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where there is room, else two; where that is too wide, colours and zoom become menus."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width_px: int) -> None:
        room = width_px - self._edges()
        tools, ends = self._tools_width(is_folded=False), self._ends_width(is_folded=False)
        is_one_row = room >= ends + tools
        if not is_one_row and not self._has_pages:
            # Little enough for one row once the colours are folded.
            is_one_row = room >= ends + self._tools_width(is_folded=True)
            self._fold_colours(is_one_row or room < tools)
        else:
            self._fold_colours(room < tools)
        self._fold_zoom(room < ends)
        self._arrange(1 if is_one_row else 2)

    def _tools_width(self, *, is_folded: bool) -> int:
        """Room that tools and colours need, in pixels, whether or not they are shown like that now."""
        tools = self._tool_part.sizeHint().width()
        if not self._is_editable:
            return tools
        colours = self.colour_menu if is_folded else self._colour_part
        return tools + colours.sizeHint().width() + space(self, 3)

    def _ends_width(self, *, is_folded: bool) -> int:
        """Room that pages, zoom and search need, in pixels, whether or not they are shown like that now."""
        found = self._groups[0].sizeHint().width() + self._buttons["find.open"].sizeHint().width()
        if not self._has_pages:
            return found
        zoom = self.zoom_menu if is_folded else self._zoom_part
        return found + zoom.sizeHint().width() + space(self, 0.5)

    def _fold_colours(self, is_folded: bool) -> None:
        self._colour_part.setVisible(self._is_editable and not is_folded)
        self.colour_menu.setVisible(self._is_editable and is_folded)

    def _fold_zoom(self, is_folded: bool) -> None:
        self._zoom_part.setVisible(self._has_pages and not is_folded)
        self.zoom_menu.setVisible(self._has_pages and is_folded)

    def _edges(self) -> int:
        margins = self._grid.contentsMargins()
        return margins.left() + margins.right() + 2 * self._grid.spacing()

    def _group(self, build: Callable[[QBoxLayout], None]) -> QWidget:
        group = QWidget(self)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 0.5))
        build(row)
        return group

    def _arrange(self, rows: int) -> None:
        """Lay the groups out in one row or two."""
        if rows == self._rows:
            return
        self._rows = rows
        pages, tools, zoom = self._groups
        centre, left = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(pages, 0, 0, left)
        self._grid.addWidget(zoom, 0, 2, Qt.AlignmentFlag.AlignRight)
        if rows == 1:
            self._grid.addWidget(tools, 0, 1, centre)
        else:
            self._grid.addWidget(tools, 1, 0, 1, 3, left)

    def button(self, entry_id: str) -> QToolButton:
        """The button of a command."""
        return self._buttons[entry_id]

    def show_page(self, page: int, count: int) -> None:
        """Show where the reader is; page from 0."""
        self.page_field.show_page(page, count)
        self._count.setText(self.tr("of {count}").format(count=count))
        self._buttons["page.previous"].setEnabled(page > 0)
        self._buttons["page.next"].setEnabled(page + 1 < count)

    def show_zoom(self, factor: float) -> None:
        """Show the zoom; 1.0 is 100 %."""
        words = self.tr("{percent} %").format(percent=round(factor * 100))
        self.zoom_button.setText(words)
        self.zoom_menu.show_zoom(words)
        self.zoom_button.setAccessibleName(
            self.tr("Zoom {percent} percent; actual size").format(percent=round(factor * 100))
        )

    def show_tool(self, entry_id: str) -> None:
        """Show which tool is on."""
        for tool in self._tools:
            self._buttons[tool].setChecked(tool == entry_id)

    def show_colour(self, colour: str) -> None:
        """Show which colour is in use."""
        for number, name in enumerate(COLOUR_KEYS, start=1):
            self._buttons[f"colour.{number}"].setChecked(name == colour)
        self.colour_menu.show_colour(colour)

    def set_editable(self, is_editable: bool) -> None:
        """Marks can be made, or not: then nothing that makes them is shown."""
        self._is_editable = is_editable
        # A pointer alone is no choice.
        kept = _READING_TOOLS if "tool.hand" in self._tools else ()
        for entry_id in self._tools:
            self._buttons[entry_id].setVisible(is_editable or entry_id in kept)
        self._fit(self.width())

    def _build_pages(self, row: QBoxLayout) -> None:
        if not self._has_pages:
            return
        side = self._icon_button("view.side_bar", "panel-left")
        side.setCheckable(True)
        row.addWidget(side)
        row.addWidget(self._icon_button("page.previous", "chevron-up"))
        row.addWidget(self._icon_button("page.next", "chevron-down"))
        self.page_field = PageField(self)
        row.addWidget(self.page_field)
        self._count = plain_label("", "quiet")
        row.addWidget(self._count)

    def _build_tools(self, row: QBoxLayout) -> None:
        tools, colours = QHBoxLayout(self._tool_part), QHBoxLayout(self._colour_part)
        for part in (tools, colours):
            part.setContentsMargins(0, 0, 0, 0)
            part.setSpacing(space(self, 0.5))
        for entry_id in self._tools:
            button = self._icon_button(entry_id, TOOL_ICONS[entry_id])
            button.setCheckable(True)
            tools.addWidget(button)
        for number, colour in enumerate(COLOUR_KEYS, start=1):
            button = ColourButton(colour, self)
            self._name(button, f"colour.{number}")
            colours.addWidget(button)
        row.addWidget(self._tool_part)
        row.addSpacing(space(self, 2))
        row.addWidget(self._colour_part)
        row.addWidget(self.colour_menu)

    def _build_zoom(self, row: QBoxLayout) -> None:
        keys = QHBoxLayout(self._zoom_part)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(space(self, 0.5))
        if self._has_pages:
            self._build_zoom_keys(keys)
        row.addWidget(self._zoom_part)
        row.addWidget(self.zoom_menu)
        row.addWidget(self._icon_button("find.open", "search"))

    def _build_zoom_keys(self, row: QBoxLayout) -> None:
        row.addWidget(self._icon_button("zoom.out", "zoom-out"))
        self.zoom_button = QToolButton(self)
        self._name(self.zoom_button, "zoom.actual")
        row.addWidget(self.zoom_button)
        row.addWidget(self._icon_button("zoom.in", "zoom-in"))
        fit = QToolButton(self)
        fit.setText(self.tr("Fit"))
        self._name(fit, "zoom.width")
        row.addWidget(fit)

    def _icon_button(self, entry_id: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        dress(button, icon)
        self._name(button, entry_id)
        return button

    def _name(self, button: QToolButton, entry_id: str) -> None:
        """Give a button its name, its hint and what it does."""
        button.setObjectName(entry_id)
        button.setAccessibleName(self._table.entry(entry_id).title.removesuffix("…"))
        set_plain_tooltip(button, self._table.hint(entry_id))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._clicked)
        self._buttons[entry_id] = button

    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            # The checked state follows what really happens, which may be refused.
            button = self._buttons[sender.objectName()]
            if button.isCheckable():
                button.setChecked(not button.isChecked())
            self._run(sender.objectName())
