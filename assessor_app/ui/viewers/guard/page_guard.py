"""Lifting patches on pages and putting them back: those of the page in view, or one that was picked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import Patch
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.pages import PageView


class PageGuard(QObject):
    """Knows which patches are meant, and says what is wanted of them.

    Args:
        pages: the page view.
        supply: knows the patches of the pages that were drawn.
        parent: Qt parent.
    """

    lift_wanted = Signal(object)
    """LiftWish."""

    def __init__(self, pages: PageView, supply: PageSupply, parent: QObject) -> None:
        super().__init__(parent)
        self._pages, self._supply = pages, supply
        self._picked: tuple[int, Patch] | None = None
        self._description = pages.accessibleDescription()
        supply.drawn.connect(self._tell)
        pages.page_changed.connect(self._tell)

    def pick(self, at: PagePoint | None) -> bool:
        """Mean the patch at a place with the next `toggle`; False when there is none there."""
        self._picked = None
        if at is not None:
            for patch in self._supply.patches.get(at.page, ()):
                x0, y0, x1, y1 = patch.rect
                if x0 <= at.x <= x1 and y0 <= at.y <= y1:
                    self._picked = (at.page, patch)
        return self._picked is not None

    @property
    def is_picked_lifted(self) -> bool:
        """Whether the patch that was picked is lifted now."""
        return self._picked is not None and self._picked[1].is_lifted

    @Slot()
    def toggle(self) -> None:
        """Lift the patch that was picked, else those in view; where all of them are lifted, put them back."""
        picked, self._picked = self._picked, None
        if picked is not None:
            self._want([picked], is_lifted=not picked[1].is_lifted)
            return
        in_view = self._on([self._pages.page]) or self._on(self._pages.visible_pages())
        covered = [(page, patch) for page, patch in in_view if not patch.is_lifted]
        self._want(covered or in_view, is_lifted=bool(covered))

    def show(self, wish: LiftWish) -> None:
        """What was wanted is done: have the pages drawn anew, covered ones gone from the screen at once."""
        for page in wish.pages:
            self._supply.renew(page, keep=wish.is_lifted)

    def _on(self, pages: Iterable[int]) -> list[tuple[int, Patch]]:
        return [(page, patch) for page in pages for patch in self._supply.patches.get(page, ())]

    def _want(self, found: list[tuple[int, Patch]], *, is_lifted: bool) -> None:
        source = self._supply.source
        if source is not None and found:
            ids = frozenset(patch.id for _page, patch in found)
            pages = tuple(sorted({page for page, _patch in found}))
            self.lift_wanted.emit(LiftWish(source.blob_id, ids, is_lifted, pages))

    @Slot()
    def _tell(self) -> None:
        """Say to a screen reader that something on this page is covered."""
        count = sum(not patch.is_lifted for patch in self._supply.patches.get(self._pages.page, ()))
        words = self._description
        if count:
            words += " " + self.tr("{count} places on this page may name a person and are covered.").format(
                count=count
            )
        if words != self._pages.accessibleDescription():
            self._pages.setAccessibleDescription(words)
