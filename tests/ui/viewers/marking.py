"""What a hand does to mark a real page view: places, drags, clicks. Shared by the tests of the tools."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def on_screen(viewer, x, y, page=0):
    """Where a point of a page, in page points, stands in the viewport."""
    rect, scale = viewer.pages.page_rect(page), viewer.pages.scale
    return QPoint(round(rect.left() + x * scale), round(rect.top() + y * scale))


def word_box(viewer, text, nth=0, page=0):
    return [w for w in viewer.supply.text(page).words if w.text.strip(".,:") == text][nth]


def middle(viewer, text, nth=0):
    word = word_box(viewer, text, nth)
    return on_screen(viewer, (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)


def drag(qtbot, viewer, *points, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press at the first point, go through all, let go at the last."""
    port = viewer.pages.viewport()
    qtbot.mousePress(port, LEFT, modifiers, points[0])
    for before, after in pairwise(points):
        qtbot.mouseMove(port, (before + after) / 2)
        qtbot.mouseMove(port, after)
    qtbot.mouseRelease(port, LEFT, modifiers, points[-1])


def click(qtbot, viewer, place, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(viewer.pages.viewport(), LEFT, modifiers, place)


def draw(qtbot, viewer, tool, *points):
    """Take a tool, draw in page points, and put it away; the mark stays selected, its box hidden."""
    viewer.run(tool)
    drag(qtbot, viewer, *(on_screen(viewer, x, y) for x, y in points))
    if viewer.annotator.tool.entry_id != "tool.pointer":
        viewer.annotator.place.box.hide()
        made = viewer.annotator.layer.selected_ids
        viewer.run("tool.pointer")
        viewer.annotator.layer.select_all(made)
    viewer.annotator.box.hide()
    viewer.pages.setFocus()
