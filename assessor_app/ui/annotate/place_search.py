"""Looks for the places of marks in a document that has changed: a few pages at a time, behind the drawing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from assessor_app.documents.anchoring import Hunt
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.pages import EvidenceSource
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId
from assessor_app.services import page_texts
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes, Ticket

_PAGES_AT_ONCE = 6
_BEHIND_EVERYTHING = -1000


class PlaceSearch(QObject):
    """One pass over the pages for all marks that are looked for.

    Args:
        lanes: where pages are read.
        parent: Qt parent.
    """

    found = Signal(object)
    """Mapping from id to Placement, or to None when the place is nowhere; a part of the marks at a time."""

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._source: EvidenceSource | None = None
        self._pages: list[int] = []
        self._hunts: dict[AnnotationId, Hunt] = {}
        self._ticket: Ticket | None = None

    def stop(self) -> None:
        """Look for nothing any more."""
        self._source, self._hunts, self._pages = None, {}, []
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def start(self, source: EvidenceSource, page_count: int, marks: Iterable[Annotation]) -> None:
        """Look for these marks and no others; those that are looked for already begin anew.

        Args:
            source: the file.
            page_count: its pages.
            marks: whose words are looked for.
        """
        wanted = {mark.id: mark.anchor for mark in marks}
        if self._source == source and {id_: hunt.anchor for id_, hunt in self._hunts.items()} == wanted:
            return
        self.stop()
        if not wanted:
            return
        self._source = source
        self._hunts = {id_: Hunt(anchor) for id_, anchor in wanted.items()}
        homes = {anchor.page for anchor in wanted.values()}
        # The pages that marks name come first, then their neighbours.
        self._pages = sorted(
            range(page_count), key=lambda page: (min(abs(page - home) for home in homes), page)
        )
        self._next()

    def _next(self) -> None:
        """Read the next few pages; finish when there are none, or when every place is certain."""
        source = self._source
        if source is None:
            return
        is_settled = all(hunt.is_certain or hunt.is_hopeless for hunt in self._hunts.values())
        if is_settled or not self._pages:
            result = {id_: hunt.placement() for id_, hunt in self._hunts.items()}
            self.stop()
            self.found.emit(result)
            return
        pages, self._pages = self._pages[:_PAGES_AT_ONCE], self._pages[_PAGES_AT_ONCE:]
        hunts = [hunt for hunt in self._hunts.values() if not hunt.is_certain]

        def read(context: HasRenderer) -> EvidenceSource:
            for page in pages:
                # A page that cannot be read holds no words to be found.
                with contextlib.suppress(RefusedWithCard):
                    text, _ = page_texts.page_text(context, source, page)
                    for hunt in hunts:
                        hunt.look_at(text)
            return source

        self._ticket = self._lanes.render(self, read, self._read, priority=_BEHIND_EVERYTHING)

    def _read(self, source: EvidenceSource) -> None:
        if source is not self._source:
            return
        certain = {id_: hunt.placement() for id_, hunt in self._hunts.items() if hunt.is_certain}
        if certain:
            # What is certain is shown at once; the rest goes on.
            self._hunts = {id_: hunt for id_, hunt in self._hunts.items() if id_ not in certain}
            self.found.emit(certain)
        self._next()
