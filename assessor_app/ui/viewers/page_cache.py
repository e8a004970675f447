"""Drawn pages that are kept for a while, within a budget of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtGui import QImage

from assessor_app.documents.tone import PLAIN, Tone

Clip = tuple[int, int, int, int]
"""Left, top, right, bottom of a tile in the pixels of the whole page; right and bottom excluded."""


@dataclass(frozen=True, slots=True)
class TileKey:
    """One drawing: a page, or a part of a large one, at a scale."""

    page: int
    """Page index from 0."""
    scale: float
    """Device pixels for each point."""
    clip: Clip | None = None
    """None for the whole page."""
    is_bare: bool = False
    """Without the annotations that the file brought along."""
    tone: Tone = PLAIN
    """Brightness and contrast."""


class PageCache:
    """Least recently used drawings leave first, those in view never.

    Args:
        budget_bytes: how much all drawings together may take.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._budget = budget_bytes
        self._images: OrderedDict[TileKey, QImage] = OrderedDict()
        # Whole drawings by page, so that what a paint costs does not grow with what is kept.
        self._wholes: dict[int, set[TileKey]] = {}
        self._bytes = 0

    @property
    def size_bytes(self) -> int:
        """What the drawings take now."""
        return self._bytes

    def __contains__(self, key: TileKey) -> bool:
        return key in self._images

    def get(self, key: TileKey) -> QImage | None:
        """The drawing, which thereby counts as used."""
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def nearest(
        self, page: int, scale: float, *, is_bare: bool = False, tone: Tone = PLAIN
    ) -> tuple[TileKey, QImage] | None:
        """A whole page at the scale closest to the wanted one, a finer one before a coarser.

        While there is none as bare and in the tone that is wanted, another one, so that nothing flickers.
        """
        kept = self._wholes.get(page, ())
        whole = [key for key in kept if key.is_bare is is_bare and key.tone == tone] or list(kept)
        if not whole:
            return None
        best = min(whole, key=lambda key: key.scale / scale if key.scale >= scale else 2 * scale / key.scale)
        return best, self._images[best]

    def pages(self) -> Collection[int]:
        """The pages of which there is a whole drawing."""
        return self._wholes.keys()

    def put(self, key: TileKey, image: QImage, keep: Collection[TileKey]) -> None:
        """Keep a drawing; old ones that are not in `keep` leave until the budget is met."""
        self._drop(key)
        self._images[key] = image
        if key.clip is None:
            self._wholes.setdefault(key.page, set()).add(key)
        self._bytes += image.sizeInBytes()
        if self._bytes <= self._budget:
            return
        for old in list(self._images):
            if self._bytes <= self._budget:
                break
            if old != key and old not in keep:
                self._drop(old)

    def forget_page(self, page: int) -> None:
        """Let go of every drawing of a page."""
        for key in [key for key in self._images if key.page == page]:
            self._drop(key)

    def keep_only(self, page: int, keys: Collection[TileKey]) -> None:
        """Let go of every drawing of a page but these."""
        for key in [key for key in self._images if key.page == page and key not in keys]:
            self._drop(key)

    def clear(self) -> None:
        """Let go of everything."""
        self._images.clear()
        self._wholes.clear()
        self._bytes = 0

    def _drop(self, key: TileKey) -> None:
        image = self._images.pop(key, None)
        if image is None:
            return
        self._bytes -= image.sizeInBytes()
        if key.clip is None:
            wholes = self._wholes[key.page]
            wholes.discard(key)
            if not wholes:
                del self._wholes[key.page]
