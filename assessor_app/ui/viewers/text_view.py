"""The viewer of text files: Markdown, web pages and tables as they read, code with line numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import DocumentInfo, EvidenceSource
from assessor_app.documents.patches import checked_covered_text
from assessor_app.documents.readable import RENDERED, Form, ReadableText, checked_readable, form_of
from assessor_app.documents.sniff import Kind
from assessor_app.domain.annotations import Annotation, SourceKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.errors import EvidenceRefused
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.annotate.text_annotator import TextSource
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import one_line, plain_label, set_plain_tooltip
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import Command, FileViewer, OpenedFile, Preparation
from assessor_app.ui.viewers.plain_viewer import PlainViewer

_AT_ONCE = 2000
_EVEN = frozenset({Form.TABLE, Form.CODE})
"""Forms whose letters are of one width."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a lane read of a text file."""

    text: str
    """As it is written."""
    form: Form
    readable: ReadableText | None = None
    """As it reads; None where that is the same, or could not be made."""
    patches: tuple[tuple[int, int, bool], ...] = ()
    """Places that may name a person: first code point, one past the last, whether lifted."""


class TextView(PlainViewer, FileViewer):
    """Shows the text of a file, as it reads or as it is written; marks are the same in both."""

    def __init__(self, table: KeyTable, parent: QWidget | None = None, lanes: Lanes | None = None) -> None:
        """Begin without a file.

        Args:
            table: words and keys.
            parent: Qt parent.
            lanes: where the text is read again once patches were lifted.
        """
        super().__init__(table, parent)
        self._lanes = lanes
        self._opened: OpenedFile | None = None
        self._file = TextFile("", Form.PLAIN)
        self._name = ""
        self._source = TextSource(SourceKind.ARTIFACT, "", "")
        self._is_source_shown = False
        self._marks: tuple[tuple[Annotation, ...], frozenset[AnnotationId]] = ((), frozenset())

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Text files."""
        return info.kind is Kind.TEXT

    def preparation(self, width_px: int) -> Preparation:
        """Read and decode the text, and have it made readable."""
        del width_px
        return _read_file

    def open_file(self, opened: OpenedFile) -> None:
        """Show a text file that was just opened."""
        source, self._opened = opened.source, opened
        self.guard(source.blob_id, opened.prepared.patches)
        name = one_line(source.name)
        self.open_text(opened.prepared, opened.source_id, source.sha256, name, opened.info.notes)

    def close_file(self) -> None:
        """Let go of the text."""
        self._seen.end()
        self._opened = None

    def open_text(
        self, file: TextFile, source_id: str, sha256: str, name: str, notes: Sequence[str] = ()
    ) -> None:
        """Show a file's text.

        Args:
            file: decoded by the worker.
            source_id: artifact id.
            sha256: digest of the file.
            name: its neutral name.
            notes: what has to be said about it, such as that it was cut.
        """
        said = list(notes)
        if file.form in RENDERED and file.readable is None:
            said.append(self.tr("It could not be made readable, so it is shown as it is written."))
        self.notes.setText(" ".join(said))
        self.notes.setVisible(bool(said))
        self._file, self._name = file, name
        self._source = TextSource(SourceKind.ARTIFACT, source_id, sha256)
        self._is_source_shown = False
        self.switch.setVisible(file.readable is not None)
        self._caption.setVisible(file.readable is not None)
        self._caption.setText(self._caption_words(file.form))
        self._show(is_new=True)

    def show_lifted(self, wish: LiftWish) -> None:
        """Patches were lifted or put back: read the text anew; what stands at the top stays there."""
        opened = self._opened
        if opened is None or self._lanes is None or wish.source_id != opened.source.blob_id:
            return

        def query(context: Any) -> TextFile:
            return _read_file(context, opened.source, opened.info)

        def done(file: TextFile) -> None:
            if self._opened is opened:
                at = self.view.first_in_view()
                self._file = file
                self.guard(opened.source.blob_id, file.patches)
                self._show(is_new=False)
                self.view.show_span(at)

        self._lanes.render(self, query, done, key="lifted", priority=_AT_ONCE)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this text."""
        self._marks = (tuple(annotations), read_only)
        super().set_annotations(annotations, read_only)

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return {**super().commands(), "view.source_text": self.toggle_source}

    @Slot()
    def toggle_source(self) -> None:
        """Show the text as it is written, or as it reads; what stands at the top stays there."""
        if self._file.readable is None:
            self.switched.emit("view.source_text", False)
            return
        at = self.view.first_in_view()
        self._is_source_shown = not self._is_source_shown
        self._show(is_new=False)
        self.view.show_span(at)
        self.view.setFocus()

    # ---- inside ----

    def _show(self, *, is_new: bool) -> None:
        """Show the one or the other; a new file begins at its top, without marks."""
        file, is_source = self._file, self._is_source_shown
        readable = None if is_source else file.readable
        is_even = is_source or file.form in _EVEN
        self.view.set_even(is_even, wraps=file.form not in _EVEN)
        self.view.show_line_numbers(is_source or file.form is Form.CODE)
        self.set_wide(is_even)
        if is_new:
            self.show_text(file.text, self._source, self._name, readable)
        else:
            self.search_bar.hide()
            self.view.show_text(file.text, readable)
            super().set_annotations(*self._marks)
        self.switch.setChecked(is_source)
        self.switched.emit("view.source_text", is_source)

    def _fill_head(self, column: QVBoxLayout) -> None:
        self.notes: QLabel = plain_label("", "quiet", self, wraps=True)
        self.notes.hide()
        self._caption: QLabel = plain_label("", "caption", self, wraps=True)
        self.switch: ToggleChip = ToggleChip(self.tr("As it is written"), self)
        set_plain_tooltip(self.switch, self.table.hint("view.source_text"))
        self.switch.clicked.connect(self.toggle_source)
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(self._caption, 1)
        row.addWidget(self.switch)
        column.addLayout(row)
        column.addWidget(self.notes)
        self.switch.hide()
        self._caption.hide()

    def _caption_words(self, form: Form) -> str:
        return {
            Form.MARKDOWN: self.tr("Markdown, shown as it reads. Pictures and links are not loaded."),
            Form.HTML: self.tr("A web page, its words alone. Nothing is loaded from anywhere."),
            Form.TABLE: self.tr("A table, in columns."),
        }.get(form, "")


def _read_file(context: Any, source: EvidenceSource, info: DocumentInfo) -> TextFile:
    del info
    form = form_of(source.name, source.media_type)
    if form in RENDERED:
        try:
            readable = context.renderer.fetch(source, {"do": "readable_text"}, partial(_checked, form=form))
            return TextFile(readable.source, form, readable, readable.patches)
        except EvidenceRefused:
            # The words count for more than their looks: they are tried by themselves.
            pass
    shown = context.renderer.fetch(source, {"do": "read_text"}, checked_covered_text)
    return TextFile(shown.text, form, patches=shown.patches)


def _checked(untrusted: dict[str, object], limits: Limits, *, form: Form) -> ReadableText:
    return checked_readable(untrusted, limits, form)
