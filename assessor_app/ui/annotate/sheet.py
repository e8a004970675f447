"""What marks need to know of the page view that they lie on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QScrollBar, QWidget

from assessor_app.documents.pages import PageSize


class Sheet(Protocol):
    """What is used of the page view."""

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        ...

    @property
    def sizes(self) -> Sequence[PageSize]:
        """The pages' sizes."""
        ...

    @property
    def quarter_turns(self) -> int:
        """How far to the right pages are turned in the view, 0 to 3; page coordinates never turn."""
        ...

    @property
    def page(self) -> int:
        """The page that fills most of the view, from 0."""
        ...

    def viewport(self) -> QWidget:
        """What the pages are painted on."""
        ...

    def rect_in_view(self, page: int, rect: QRectF) -> QRectF:
        """Where a rectangle in page points stands in the view."""
        ...

    def show_rect(self, page: int, rect: QRectF) -> None:
        """Scroll so that a rectangle is in view."""
        ...

    def horizontalScrollBar(self) -> QScrollBar:
        """The bar below."""
        ...

    def verticalScrollBar(self) -> QScrollBar:
        """The bar at the side."""
        ...

    def setFocus(self) -> None:
        """Give the pages the keyboard."""
        ...
