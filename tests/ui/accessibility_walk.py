"""Walks the tree that a screen reader sees, in process, and finds what it could not tell.

On Linux a combo box answers with its value when asked for its name; the label travels as a relation. So combo
boxes are checked by their accessible name or their label's buddy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

Role = QAccessible.Role
INTERACTIVE = {
    Role.Button,
    Role.CheckBox,
    Role.RadioButton,
    Role.ComboBox,
    Role.EditableText,
    Role.List,
    Role.ListItem,
    Role.Tree,
    Role.TreeItem,
    Role.Table,
    Role.MenuItem,
    Role.PageTab,
    Role.Slider,
    Role.SpinBox,
    Role.ProgressBar,
    Role.Link,
    Role.ToolBar,
}
QTS_OWN = {"qt_scrollarea_viewport", "qt_toolbar_ext_button", "qt_spinbox_lineedit"}
"""Parts that Qt makes inside its widgets; nobody reaches them alone."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree."""

    depth: int
    role: str
    name: str
    description: str
    focusable: bool
    place: str
    """Class and object names from the window down."""


def walk(widget: QWidget) -> Iterator[tuple[int, QAccessibleInterface]]:
    """Every visible node below a widget, itself first."""
    yield from _below(QAccessible.queryAccessibleInterface(widget), 0)


def _below(node: QAccessibleInterface, depth: int) -> Iterator[tuple[int, QAccessibleInterface]]:
    if node.state().invisible:
        return
    yield depth, node
    for number in range(node.childCount()):
        child: QAccessibleInterface | None = node.child(number)
        if child is not None and child.isValid():
            yield from _below(child, depth + 1)


def nodes(widget: QWidget) -> list[Node]:
    """The tree as plain data, for failures and golden files."""
    return [_node(depth, node) for depth, node in walk(widget)]


def unnamed(widget: QWidget) -> list[Node]:
    """Interactive or focusable nodes that a screen reader could not name. Should be empty."""
    return [
        _node(depth, node) for depth, node in walk(widget) if _must_have_name(node) and not _has_name(node)
    ]


def clipped_buttons(widget: QWidget) -> list[str]:
    """Visible buttons that are smaller than their words."""
    return [
        f"{button.text()!r}: {button.width()}x{button.height()} of {wanted.width()}x{wanted.height()}"
        for button in widget.findChildren(QAbstractButton)
        if button.isVisible() and button.text()
        for wanted in [button.minimumSizeHint()]
        if button.width() < wanted.width() or button.height() < wanted.height()
    ]


def without_keyboard(widget: QWidget) -> list[str]:
    """Visible, enabled buttons that Tab never reaches and that are not one of a group of others."""
    return [
        f"{type(button).__name__} {button.text() or button.accessibleName()!r}"
        for button in widget.findChildren(QAbstractButton)
        if button.isVisible() and button.isEnabled() and not button.focusPolicy() and not _is_qts_own(button)
    ]


def _is_qts_own(widget: QWidget) -> bool:
    return widget.objectName().startswith("qt_") or type(widget).__name__ == "QLineEditIconButton"


def _must_have_name(node: QAccessibleInterface) -> bool:
    thing = node.object()
    if isinstance(thing, QWidget) and (thing.objectName() in QTS_OWN or _is_qts_own(thing)):
        return False
    return node.role() in INTERACTIVE or (bool(node.state().focusable) and node.role() != Role.Window)


def _has_name(node: QAccessibleInterface) -> bool:
    thing = node.object()
    if isinstance(thing, QComboBox):
        return bool(thing.accessibleName()) or any(
            label.buddy() is thing for label in thing.window().findChildren(QLabel)
        )
    return bool(node.text(QAccessible.Text.Name).strip())


def _node(depth: int, node: QAccessibleInterface) -> Node:
    place: list[str] = []
    thing: QObject | None = node.object()
    while thing is not None:
        place.append(thing.objectName() or type(thing).__name__)
        thing = thing.parent()
    return Node(
        depth,
        node.role().name,
        node.text(QAccessible.Text.Name),
        node.text(QAccessible.Text.Description),
        bool(node.state().focusable),
        "/".join(reversed(place)),
    )
