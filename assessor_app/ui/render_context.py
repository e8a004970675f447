"""What the viewers use of the lanes' context: the parent side of the render worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import DocumentInfo, EvidenceSource, PagePixels, PageText
from assessor_app.documents.tone import PLAIN, Tone

T = TypeVar("T")


class RenderWorker(Protocol):
    """What is used of the documents' renderer."""

    def open(self, source: EvidenceSource, *, wait_s: float | None = None) -> DocumentInfo:
        """Recognise and open a file."""
        ...

    def render(
        self,
        source: EvidenceSource,
        page: int,
        scale: float,
        clip_px: tuple[int, int, int, int] | None = None,
        *,
        is_bare: bool = False,
        tone: Tone = PLAIN,
        wait_s: float | None = None,
    ) -> PagePixels:
        """Draw a page or a tile of it."""
        ...

    def text(self, source: EvidenceSource, page: int) -> PageText:
        """The words of a page."""
        ...

    def read_text(self, source: EvidenceSource) -> str:
        """The content of a text file."""
        ...

    def fetch(
        self,
        source: EvidenceSource,
        request: dict[str, object],
        check: Callable[[dict[str, object], Limits], T],
        *,
        wait_s: float | None = None,
    ) -> T:
        """Ask for something about a file, and check the answer."""
        ...


class HasRenderer(Protocol):
    """What is used of the lanes' context."""

    @property
    def renderer(self) -> RenderWorker:
        """The parent side of the render worker."""
        ...
