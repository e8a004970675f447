"""The first page that is shown of a document, drawn in the same breath as the document is opened.

Asked for only once the view knows the sizes, it would wait for the window to lay out, to paint that it waits,
and to ask again. So whoever opens a document takes along how the view would show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtGui import QImage

from assessor_app.documents.pages import DocumentInfo, EvidenceSource, Patch
from assessor_app.errors import KnownError
from assessor_app.ui.page_image import to_image
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.viewers.page_cache import TileKey
from assessor_app.ui.viewers.page_layout import turned_size
from assessor_app.ui.viewers.tiles import whole_key
from assessor_app.ui.viewers.zoom import Fit, Zoom, bounded, fitted_factor, pixels_per_point


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of the first page."""

    key: TileKey
    """What was drawn."""
    result: QImage | KnownError
    """The drawing, or why there is none."""
    patches: tuple[Patch, ...] = ()
    """Places on it that may name a person."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """How a view would show the first page of whatever is opened in it."""

    zoom: Zoom
    view_size: tuple[int, int]
    """Width and height in logical pixels."""
    ratio: float
    """Device pixels for each logical pixel."""
    turns: Mapping[str, int] = field(default_factory=dict)
    """Quarter turns to the right by the file's digest."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """The page to begin with, by the file's digest, where it is not the first."""
    is_bare: bool = False
    """Without the annotations that the file brought along."""

    def key(self, info: DocumentInfo, sha256: str = "") -> TileKey:
        """The drawing that the view will ask for first."""
        page = min(self.pages.get(sha256, 0), info.page_count - 1)
        base = pixels_per_point(info.kind, self.ratio)
        factor = self.zoom.factor
        if self.zoom.fit is not Fit.NOTHING:
            turn = self.turns.get(sha256, 0)
            sizes = [turned_size(size, turn) for size in info.pages] if turn else info.pages
            factor = fitted_factor(self.zoom.fit, sizes, self.view_size, base, page)
        key = whole_key(info.pages[page], page, bounded(factor) * base * self.ratio)
        return replace(key, is_bare=self.is_bare)

    def draw(
        self,
        context: HasRenderer,
        source: EvidenceSource,
        info: DocumentInfo,
        *,
        wait_s: float | None = None,
    ) -> Drawn:
        """Draw it, in `wait_s` seconds or as long as a file may take; for a lane thread.

        A page that fails keeps nothing else from being shown.
        """
        key = self.key(info, source.sha256)
        try:
            drawn = context.renderer.render(source, key.page, key.scale, is_bare=self.is_bare, wait_s=wait_s)
            return Drawn(key, to_image(drawn), drawn.patches)
        except KnownError as error:
            return Drawn(key, error)
