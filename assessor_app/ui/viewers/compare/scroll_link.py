"""Two sides that scroll together: what stands beside each other stays beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from assessor_app.documents.difference import Change, PagePair
from assessor_app.ui.viewers.compare.compare_side import CompareSide
from assessor_app.ui.viewers.compare.page_map import beside, beside_in_text, text_knots


class ScrollLink(QObject):
    """Moves one side when the other moves.

    Args:
        old: the earlier version's side.
        new: the present version's side.
        parent: Qt parent.
    """

    def __init__(self, old: CompareSide, new: CompareSide, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._old, self._new = old, new
        self._pairs: Sequence[PagePair] = ()
        self._changes: Sequence[Change] = ()
        self._is_following = False
        self.is_on = True
        old.moved.connect(self._old_moved)
        new.moved.connect(self._new_moved)

    def set_pairs(self, pairs: Sequence[PagePair], changes: Sequence[Change]) -> None:
        """What stands beside what; nothing known yet: page beside page of the same number."""
        self._pairs, self._changes = pairs, changes

    @Slot(bool)
    def set_on(self, is_on: bool) -> None:
        """Whether the sides scroll together; switched on, the left one comes to the right one."""
        self.is_on = is_on
        self.align()

    def align(self) -> None:
        """Bring the left side to what the right one shows."""
        self._new_moved()

    def hold(self, is_held: bool) -> None:
        """While both sides are put in place by hand, neither follows."""
        self._is_following = is_held

    @Slot()
    def _old_moved(self) -> None:
        self._follow(self._old, self._new)

    @Slot()
    def _new_moved(self) -> None:
        self._follow(self._new, self._old)

    def _follow(self, leader: CompareSide, other: CompareSide) -> None:
        if self._is_following or not self.is_on or not leader.isVisible():
            return
        self._is_following = True
        try:
            if leader.has_pages and other.has_pages and leader.pages.page_count and other.pages.page_count:
                other.put_at(beside(self._pairs, leader.spot(), from_new=leader.is_new))
            elif leader.has_text and other.has_text:
                knots = text_knots(self._changes, self._old.text.length, self._new.text.length)
                offset = beside_in_text(knots, leader.text.offset_at_top(), from_new=leader.is_new)
                other.text.put_at_top(offset)
        finally:
            self._is_following = False
