"""The actions that the viewers of evidence offer to the whole workspace, and which of them are on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from assessor_app.ui.annotate.drafts import COLOUR_KEYS
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.base import EvidenceViewer

OFFERED = (
    *("guard.lift", "view.source_text"),
    *("find.open", "find.next", "find.previous", "find.all"),
    *("zoom.in", "zoom.out", "zoom.actual", "zoom.page", "zoom.width", "zoom.height"),
    *("rotate.right", "rotate.left", "view.dim_page", "view.tone", "view.side_bar"),
    *("page.go_to", "history.back", "history.forward", "link.list"),
    *("tool.highlight", "tool.underline", "tool.note", "tool.text", "tool.box", "tool.ink", "tool.eraser"),
    *("tool.strike_out", "tool.ellipse", "tool.arrow", "tool.question"),
    *("annotation.tie", "annotation.next", "annotation.previous"),
    *("layers.hide", "layers.mine", "layers.assessor", "layers.learner"),
    "link.inaccessible",
)
"""What one viewer or another does for the whole workspace; most of them are not made yet."""
_TOOL_PREFIX = "tool."
_ALWAYS = frozenset({"view.rendition"})
"""Commands that are no viewer's; where there is nothing to do they do nothing."""


class ViewerActions(QObject):
    """Keeps one action for each command; what the viewer in front lacks is greyed out.

    Args:
        view: what the actions are added to, and their parent.
        table: words and keys.
        run: runs a command of the viewer in front by its id.
    """

    def __init__(
        self,
        view: QWidget,
        table: KeyTable,
        run: Callable[[str], object],
    ) -> None:
        super().__init__(view)
        self._view, self._run = view, run
        self._tool = self._colour = ""
        for entry_id in OFFERED:
            action = table.action(entry_id, view)
            action.triggered.connect(self._triggered)
            view.addAction(action)

    @Slot(object)
    def heed(self, viewer: EvidenceViewer) -> None:
        """There is one more viewer: show what it says is on; its own actions join in."""
        viewer.tool_changed.connect(self._show_tool)
        viewer.colour_changed.connect(self._show_colour)
        viewer.switched.connect(self._show_switch)
        if self._tool:
            self._show_tool(self._tool)
        if self._colour:
            self._show_colour(self._colour)

    def follow(self, viewer: EvidenceViewer) -> None:
        """Another viewer is in front."""
        commands = viewer.commands()
        for action in self._view.actions():
            action.setEnabled(action.objectName() in commands or action.objectName() in _ALWAYS)

    @Slot()
    def _triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            if action.objectName().startswith(_TOOL_PREFIX):
                # What is on is told by the viewer, which may refuse.
                action.setChecked(not action.isChecked())
            self._run(action.objectName())

    @Slot(str)
    def _show_tool(self, tool: str) -> None:
        self._tool = tool
        for action in self._view.findChildren(QAction):
            if action.objectName().startswith(_TOOL_PREFIX):
                action.setChecked(action.objectName() == tool)

    @Slot(str)
    def _show_colour(self, colour: str) -> None:
        self._colour = colour
        for action in self._view.findChildren(QAction):
            prefix, _, number = action.objectName().partition(".")
            if prefix == "colour" and number.isdecimal():
                action.setChecked(COLOUR_KEYS[int(number) - 1] == colour)

    @Slot(str, bool)
    def _show_switch(self, entry_id: str, is_on: bool) -> None:
        for action in self._view.actions():
            if action.objectName() == entry_id:
                action.setChecked(is_on)
