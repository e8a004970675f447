"""What a tool is, and what it may use. One small file for each tool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, Target
from assessor_app.documents.pages import PageText
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.drafts import Style
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.annotate.text_selection import TextSelection

PUT_PX = (160.0, 100.0)
"""Width and height on screen of a mark that a key puts on the page."""


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

    @property
    def quarter_turns(self) -> int:
        """How far to the right pages are turned in the view, 0 to 3."""
        ...

    @property
    def modifiers(self) -> Qt.KeyboardModifier:
        """The keys held down at the latest press of the pointer."""
        ...

    def target(self, page: int) -> Target:
        """What an anchor on a page refers to."""
        ...

    def text(self, page: int) -> PageText | None:
        """The words of a page; None while they are on their way."""
        ...

    def style(self, kind: AnnotationKind) -> Style:
        """How a new mark of a kind is painted."""
        ...

    def create(self, kind: AnnotationKind, anchor: Anchor) -> None:
        """Make a mark in the colour of the moment."""
        ...

    def change(self, annotations: Sequence[Annotation]) -> None:
        """Replace marks, in one step."""
        ...

    def erase(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Take marks away, in one step."""
        ...

    def write_text(self, page: int, rect: Rect) -> None:
        """Let the person type a new free text in a place."""
        ...

    def rewrite_text(self, annotation: Annotation) -> None:
        """Let the person type in a free text that is there."""
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

    def put_size(self, page: int, room: QSizeF) -> QSizeF | None:
        """How large a mark is that a key puts on the page, in page points.

        Args:
            page: index from 0.
            room: what is seen of the page, in page points.

        Returns:
            None for a tool whose marks have to be drawn.
        """
        del page, room
        return None

    def put(self, page: int, rect: QRectF) -> None:
        """Make a mark in a place of the size that `put_size` asked for."""

    def cancel(self) -> bool:
        """Stop what is half done; whether there was anything."""
        return False

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """The pointer's shape at a place; None beside the pages."""
        del at
        return Qt.CursorShape.ArrowCursor

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint what is half done, in page points."""


class DrawTool(Tool):
    """A tool that draws from where the button goes down to where it goes up.

    Args:
        desk: what is worked on.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.start: PagePoint | None = None
        """Where the button went down; None while nothing is drawn."""
        self.end: PagePoint | None = None
        """Where the pointer is; None until it has moved."""

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """Begin."""
        del screen
        self.desk.layer.select(None)
        self.desk.selection.clear()
        self.start, self.end = at, None
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """The other end follows; after Esc nothing does."""
        del screen
        if self.start is not None:
            self.end = at
            self.desk.repaint()

    def put_size(self, page: int, room: QSizeF) -> QSizeF | None:
        """Of one size on screen at every zoom, and never more than half of what is seen."""
        del page
        wide, high = (side / self.desk.scale for side in PUT_PX)
        return QSizeF(min(wide, room.width() / 2), min(high, room.height() / 2))

    def put(self, page: int, rect: QRectF) -> None:
        """Make what a drag from the bottom left to the top right would."""
        self.finish(PagePoint(page, rect.left(), rect.bottom()), PagePoint(page, rect.right(), rect.top()))

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Make what was drawn."""
        del screen
        start, self.start, self.end = self.start, None, None
        self.desk.repaint()
        if start is not None:
            self.finish(start, at)

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """Make a mark from one place to another; heirs say which."""
        raise NotImplementedError

    def cancel(self) -> bool:
        """Drop what is half drawn."""
        was_busy = self.end is not None
        self.start = self.end = None
        self.desk.repaint()
        return was_busy

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A cross on the pages."""
        return Qt.CursorShape.CrossCursor if at is not None else Qt.CursorShape.ArrowCursor
