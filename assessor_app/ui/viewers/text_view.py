"""The viewer of text files: Markdown, CSV and plain text, shown as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from assessor_app.documents.pages import DocumentInfo, EvidenceSource
from assessor_app.documents.sniff import Kind
from assessor_app.domain.annotations import SourceKind
from assessor_app.ui.annotate.text_annotator import TextSource
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.viewers.base import FileViewer, OpenedFile, Preparation
from assessor_app.ui.viewers.plain_viewer import PlainViewer


class TextView(PlainViewer, FileViewer):
    """Shows the text of a file."""

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Text files."""
        return info.kind is Kind.TEXT

    def preparation(self, width_px: int) -> Preparation:
        """Read and decode the text."""
        del width_px
        return _read_text

    def open_file(self, opened: OpenedFile) -> None:
        """Show a text file that was just opened."""
        source = opened.source
        name = one_line(source.name)
        self.open_text(opened.prepared, opened.source_id, source.sha256, name, opened.info.notes)

    def open_text(self, text: str, source_id: str, sha256: str, name: str, notes: Sequence[str] = ()) -> None:
        """Show a file's text.

        Args:
            text: decoded by the worker.
            source_id: artifact id.
            sha256: digest of the file.
            name: its neutral name.
            notes: what has to be said about it, such as that it was cut.
        """
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        self.show_text(text, TextSource(SourceKind.ARTIFACT, source_id, sha256), name)

    def _fill_head(self, column: QVBoxLayout) -> None:
        self.notes = plain_label("", "quiet", self, wraps=True)
        self.notes.hide()
        column.addWidget(self.notes)


def _read_text(context: Any, source: EvidenceSource, info: DocumentInfo) -> str:
    del info
    text: str = context.renderer.read_text(source)
    return text
