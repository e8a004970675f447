"""All tools on pages."""

from __future__ import annotations

from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.arrow_tool import ArrowTool
from assessor_app.ui.annotate.box_tool import BoxTool
from assessor_app.ui.annotate.eraser_tool import EraserTool
from assessor_app.ui.annotate.free_text_tool import FreeTextTool
from assessor_app.ui.annotate.hand_tool import HandTool
from assessor_app.ui.annotate.ink_tool import InkTool
from assessor_app.ui.annotate.note_tool import NoteTool
from assessor_app.ui.annotate.select_tool import SelectTool
from assessor_app.ui.annotate.text_mark_tool import TextMarkTool
from assessor_app.ui.annotate.tool import Desk, Tool

TEXT_TOOLS = {
    "tool.highlight": AnnotationKind.HIGHLIGHT,
    "tool.underline": AnnotationKind.UNDERLINE,
    "tool.strike_out": AnnotationKind.STRIKE_OUT,
}
"""Tools that mark selected words at once."""


def every_tool(desk: Desk) -> dict[str, Tool]:
    """One of each, by id of the table of keys."""
    tools: list[Tool] = [
        SelectTool(desk),
        HandTool(desk),
        NoteTool(desk, AnnotationKind.NOTE),
        NoteTool(desk, AnnotationKind.QUESTION),
        FreeTextTool(desk),
        BoxTool(desk, AnnotationKind.BOX),
        BoxTool(desk, AnnotationKind.ELLIPSE),
        ArrowTool(desk),
        InkTool(desk),
        EraserTool(desk),
    ]
    tools += [TextMarkTool(desk, kind) for kind in TEXT_TOOLS.values()]
    return {tool.entry_id: tool for tool in tools}
