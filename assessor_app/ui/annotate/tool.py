"""What a tool is, and what it may use. One small file for each tool."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, Target
from assessor_app.documents.pages import PageText
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.annotate.text_selection import TextSelection


class Desk(Protocol):
    """The document and the marks that a tool works on."""

    @property
    def layer(self) -> AnnotationLayer:
        """The marks."""
        ...

    @property
    def selection(self) -> TextSelection:
        """The selected words."""
        ...

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        ...

    def target(self, page: int) -> Target:
        """What an anchor on a page refers to."""
        ...

    def text(self, page: int) -> PageText | None:
        """The words of a page; None while they are on their way."""
        ...

    def create(self, kind: AnnotationKind, anchor: Anchor) -> None:
        """Make a mark in the colour of the moment."""
        ...

    def change(self, annotation: Annotation) -> None:
        """Replace a mark."""
        ...

    def repaint(self) -> None:
        """Paint the pages anew."""
        ...

    def scroll_by(self, dx: float, dy: float) -> None:
        """Move the pages by logical pixels."""
        ...


class Tool:
    """Does nothing; tools override what they need.

    Args:
        desk: what is worked on.
    """

    entry_id = ""
    """Its id in the table of keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """The button goes down at a place on a page and on the screen; True to follow the drag."""
        del at, screen
        return False

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """The pointer moves with the button down."""

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """The button goes up."""

    def clicks(self, at: PagePoint, count: int) -> None:
        """A double (2) or triple (3) click."""

    def cancel(self) -> bool:
        """Stop what is half done; whether there was anything."""
        return False

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """The pointer's shape at a place; None beside the pages."""
        del at
        return Qt.CursorShape.ArrowCursor

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint what is half done, in page points."""
