"""What the viewers use of the lanes' context: the parent side of the render worker."""

from __future__ import annotations

from typing import Protocol

from assessor_app.documents.pages import DocumentInfo, EvidenceSource, PagePixels, PageText


class RenderWorker(Protocol):
    """What is used of the documents' renderer."""

    def open(self, source: EvidenceSource) -> DocumentInfo:
        """Recognise and open a file."""
        ...

    def render(
        self,
        source: EvidenceSource,
        page: int,
        scale: float,
        clip_px: tuple[int, int, int, int] | None = None,
    ) -> PagePixels:
        """Draw a page or a tile of it."""
        ...

    def text(self, source: EvidenceSource, page: int) -> PageText:
        """The words of a page."""
        ...

    def read_text(self, source: EvidenceSource) -> str:
        """The content of a text file."""
        ...


class HasRenderer(Protocol):
    """What is used of the lanes' context."""

    @property
    def renderer(self) -> RenderWorker:
        """The parent side of the render worker."""
        ...
