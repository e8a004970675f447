"""The bar above the pages: page, zoom, search, tools, colours. Words and keys come from the table of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QToolButton, QWidget

from assessor_app.ui.annotate.drafts import COLOUR_KEYS, FIRST_COLOUR
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.colour_buttons import ColourButton, ColourMenuButton
from assessor_app.ui.viewers.layer_menu import LayersButton
from assessor_app.ui.viewers.page_field import PageField
from assessor_app.ui.viewers.tool_menu import ToolMenuButton
from assessor_app.ui.viewers.zoom_menu import ZoomMenuButton

TOOL_ICONS = {
    "tool.pointer": "mouse-pointer",
    "tool.hand": "hand",
    "tool.highlight": "highlighter",
    "tool.underline": "underline",
    "tool.note": "sticky-note",
    "tool.text": "type",
    "tool.box": "square",
    "tool.ink": "pen-line",
    "tool.strike_out": "strikethrough",
    "tool.question": "circle-help",
    "tool.ellipse": "circle",
    "tool.arrow": "arrow-up-right",
    "tool.eraser": "eraser",
}
"""The tools in the bar, in order, with their icons."""
TEXT_TOOLS = (
    "tool.pointer", "tool.highlight", "tool.underline", "tool.note", "tool.strike_out", "tool.question"
)  # fmt: skip
"""The tools that work where there are words and no pages."""
_USUAL_TOOLS, _FEWEST_TOOLS = 8, 5
"""So many tools stay in the bar before the colours fold, and at any width; the rest goes into a menu."""
_READING_TOOLS = ("tool.pointer", "tool.hand")
"""The tools that mark nothing."""


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
        self._remarks = -1
        self._tool_part, self._colour_part, self._zoom_part = QWidget(self), QWidget(self), QWidget(self)
        self.colour_menu = ColourMenuButton(table, run, self)
        self.tool_menu = ToolMenuButton(table, run, {tool: TOOL_ICONS[tool] for tool in self._tools}, self)
        self.layers = LayersButton(table, run, self)
        self.zoom_menu = ZoomMenuButton(table, run, self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(*(space(self, quarters) for quarters in (2, 1, 2, 1)))
        self._grid.setSpacing(space(self, 0.5))
        self._grid.setColumnStretch(1, 1)
        self._groups = [
            self._group(build) for build in (self._build_pages, self._build_tools, self._build_zoom)
        ]
        self._rows = 0
        self._fold((len(self._tools), False))
        self._fold_zoom(False)
        self._arrange(1)
        self.show_tool("tool.pointer")
        self.show_colour(FIRST_COLOUR)

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows are with all folded; a narrow window never cuts a tool off."""
        widest = max(self._ends_width(is_folded=True), self._tools_width(self._ways()[-1]))
        return QSize(widest + self._edges(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where there is room, else two; too wide for that, rarer tools, colours, zoom fold."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _ways(self) -> list[tuple[int, bool]]:
        """How many tools stand in the bar, and whether the colours are folded; the widest first."""
        most = len(self._tools)
        if not self._is_editable:
            return [(most, False)]
        usual, fewest = min(_USUAL_TOOLS, most), min(_FEWEST_TOOLS, most)
        return [
            *((count, False) for count in range(most, usual - 1, -1)),
            *((count, True) for count in range(most, fewest - 1, -1)),
        ]

    def _fit(self, width_px: int) -> None:
        room = width_px - self._edges()
        ends, ways = self._ends_width(is_folded=False), self._ways()
        needed = {way: self._tools_width(way) for way in ways}
        # With pages there is too much in the bar for one row once the colours are folded.
        on_one = [way for way in ways if not (self._has_pages and way[1])]
        one_row = next((way for way in on_one if room >= ends + needed[way]), None)
        two_rows = next((way for way in ways if room >= needed[way]), ways[-1])
        self._fold(one_row or two_rows)
        self._fold_zoom(room < ends)
        self._arrange(1 if one_row is not None else 2)

    def _tools_width(self, way: tuple[int, bool]) -> int:
        """Room that tools, colours and layers need, in pixels, however they are shown now."""
        count, is_folded = way
        gap = space(self, 0.5)
        shown = [tool for tool in self._tools[:count] if self._is_editable or tool in _READING_TOOLS]
        width = sum(self._buttons[tool].sizeHint().width() + gap for tool in shown)
        width += self.layers.sizeHint().width() + space(self, 2) + 2 * gap
        if not self._is_editable:
            return width
        if count < len(self._tools):
            width += self.tool_menu.sizeHint().width() + gap
        palette = self.colour_menu if is_folded else self._colour_part
        return width + palette.sizeHint().width() + space(self, 2) + 2 * gap

    def _ends_width(self, *, is_folded: bool) -> int:
        """Room that pages, zoom and search need, in pixels, whether or not they are shown like that now."""
        found = self._groups[0].sizeHint().width() + self._buttons["find.open"].sizeHint().width()
        if not self._has_pages:
            return found
        zoom = self.zoom_menu if is_folded else self._zoom_part
        return found + zoom.sizeHint().width() + space(self, 0.5)

    def _fold(self, way: tuple[int, bool]) -> None:
        """Show so many tools, and the colours or their menu."""
        count, is_folded = way
        # A pointer alone is no choice.
        kept = _READING_TOOLS if "tool.hand" in self._tools else ()
        for number, tool in enumerate(self._tools):
            self._buttons[tool].setVisible(number < count if self._is_editable else tool in kept)
        self.tool_menu.offer(self._tools[count:])
        self.tool_menu.setVisible(self._is_editable and count < len(self._tools))
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

    @Slot(int, int)
    def show_page(self, page: int, count: int) -> None:
        """Show where the reader is; page from 0."""
        self.page_field.show_page(page, count)
        self._count.setText(self.tr("of {count}").format(count=count))
        self._buttons["page.previous"].setEnabled(page > 0)
        self._buttons["page.next"].setEnabled(page + 1 < count)

    @Slot(int)
    def show_remarks(self, count: int) -> None:
        """Say beside the side bar's button that the file brought remarks along, which are found there."""
        if count == self._remarks:
            return
        self._remarks = count
        button = self._buttons["view.side_bar"]
        button.setText(str(count) if count else "")
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(beside if count else alone)
        title = self._table.entry("view.side_bar").title
        words = self.tr("remarks in the file: {count}").format(count=count)
        button.setAccessibleName(f"{title}, {words}" if count else title)
        hint = self._table.hint("view.side_bar")
        set_plain_tooltip(button, f"{hint}, {words}" if count else hint)
        self._fit(self.width())

    @Slot(float)
    def show_zoom(self, factor: float) -> None:
        """Show the zoom; 1.0 is 100 %."""
        words = self.tr("{percent} %").format(percent=round(factor * 100))
        self.zoom_button.setText(words)
        self.zoom_menu.show_zoom(words)
        self.zoom_button.setAccessibleName(
            self.tr("Zoom {percent} percent; actual size").format(percent=round(factor * 100))
        )

    @Slot(str)
    def show_tool(self, entry_id: str) -> None:
        """Show which tool is on."""
        for tool in self._tools:
            self._buttons[tool].setChecked(tool == entry_id)
        self.tool_menu.show_tool(entry_id)

    @Slot(str)
    def show_colour(self, colour: str) -> None:
        """Show which colour is in use."""
        for number, name in enumerate(COLOUR_KEYS, start=1):
            self._buttons[f"colour.{number}"].setChecked(name == colour)
        self.colour_menu.show_colour(colour)

    def set_editable(self, is_editable: bool) -> None:
        """Marks can be made, or not: then nothing that makes them is shown."""
        self._is_editable = is_editable
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
        tools.addWidget(self.tool_menu)
        for number, colour in enumerate(COLOUR_KEYS, start=1):
            button = ColourButton(colour, self)
            self._name(button, f"colour.{number}")
            colours.addWidget(button)
        row.addWidget(self._tool_part)
        row.addSpacing(space(self, 2))
        row.addWidget(self._colour_part)
        row.addWidget(self.colour_menu)
        row.addSpacing(space(self, 2))
        row.addWidget(self.layers)

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
        row.addWidget(self._icon_button("rotate.right", "rotate-cw"))
        row.addWidget(self._icon_button("view.tone", "contrast"))

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

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            # The checked state follows what really happens, which may be refused.
            button = self._buttons[sender.objectName()]
            if button.isCheckable():
                button.setChecked(not button.isChecked())
            self._run(sender.objectName())
