"""What the viewers of plain text share: the text with marks, search, tools, comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.documents.pages import SearchHit
from assessor_app.documents.patches import CoveredText, text_patch_id
from assessor_app.documents.readable import ReadableText
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.annotate.annotated_text import AnnotatedText
from assessor_app.ui.annotate.text_annotator import TextAnnotator, TextSource
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.keys import Context, KeyTable
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.annotation_commands import tool_commands
from assessor_app.ui.viewers.base import Command, EvidenceViewer
from assessor_app.ui.viewers.layer_menu import LayerSwitches
from assessor_app.ui.viewers.search_bar import SearchBar
from assessor_app.ui.viewers.seen import SeenText
from assessor_app.ui.viewers.toolbar import TEXT_TOOLS, ViewerToolbar

_COLUMN_IN_CHARS = 92
_NO_LIMIT_PX = 16_777_215
"""Qt's own largest width."""


class PlainViewer(EvidenceViewer):
    """A column of plain text below a head of its own.

    Args:
        table: words and keys.
        parent: Qt parent.
    """

    def __init__(self, table: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.column = QWidget(self)
        self.view = AnnotatedText(self.column)
        self.annotator = TextAnnotator(self.view, self)
        self._seen = SeenText(self.view)
        self._seen.read_on.connect(self.read_on)
        self.view.setAccessibleName(self.tr("Text"))
        self.search_bar = SearchBar(self)
        self._hits: tuple[SearchHit, ...] = ()
        self._at = -1
        self._guarded, self._patches = "", CoveredText("").patches
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.toolbar = ViewerToolbar(table, self._run, self, tools=TEXT_TOOLS, has_pages=False)
        self.layers = LayerSwitches(self, self.toolbar.layers)
        self._commands = self._make_commands()
        outer.addWidget(self.toolbar)
        outer.addWidget(self.search_bar)
        self.column.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS))
        inner = QVBoxLayout(self.column)
        inner.setContentsMargins(*(space(self, quarters) for quarters in (4, 4, 4, 4)))
        inner.setSpacing(space(self, 2))
        self._fill_head(inner)
        inner.addWidget(self.view, 1)
        outer.addWidget(self.column, 1)
        self.setFocusProxy(self.view)
        for entry in table:
            if entry.context is Context.DOCUMENT and entry.id in self._commands:
                run, scope = self._commands[entry.id], Qt.ShortcutContext.WidgetShortcut
                self.view.addAction(table.action(entry.id, self.view, run, scope=scope))
        self._connect()

    def _fill_head(self, column: QVBoxLayout) -> None:
        """Put widgets above the text."""

    def set_wide(self, is_wide: bool) -> None:
        """Whether the text takes all the room, or a column that is easy to read."""
        chars = self.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS
        self.column.setMaximumWidth(_NO_LIMIT_PX if is_wide else round(chars))

    def show_text(
        self, text: str, source: TextSource, name: str, readable: ReadableText | None = None
    ) -> None:
        """Show another text.

        Args:
            text: as the learner wrote it.
            source: for anchors.
            name: what it is, for screen readers.
            readable: what it reads like, to be shown in its place.
        """
        self.search_bar.hide()
        self._hits, self._at = (), -1
        self.view.setAccessibleName(name)
        self.view.show_text(text, readable)
        self.annotator.open(source)
        self._seen.begin()

    def guard(self, source_id: str, patches: tuple[tuple[int, int, bool], ...]) -> None:
        """Say what of the text is covered.

        Args:
            source_id: what the patches belong to: the sealed file's id, or the response's.
            patches: first code point, one past the last, and whether it is lifted.
        """
        self._guarded, self._patches = source_id, patches

    def toggle_patches(self) -> None:
        """Lift the patches of the selected words, else all; where all are lifted, put them back."""
        span = self.view.span()
        meant = [patch for patch in self._patches if span and patch[0] < span[1] and span[0] < patch[1]]
        meant = meant or list(self._patches)
        covered = [patch for patch in meant if not patch[2]]
        if meant:
            ids = frozenset(text_patch_id(start, end) for start, end, _ in covered or meant)
            self.lift_wanted.emit(LiftWish(self._guarded, ids, is_lifted=bool(covered)))

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return self._commands

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this text."""
        self.annotator.set_annotations(annotations, read_only)
        self.toolbar.layers.offer(mine=not read_only, assessor=bool(read_only))
        marks = self.annotator
        self.places_known.emit(marks.source_id, marks.not_found, marks.moved)

    def anchor_here(self, mark: Annotation) -> Anchor | None:
        """The selected words."""
        del mark
        return self.annotator.anchor_here()

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.annotator.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.annotator.set_editable(is_editable)
        self.toolbar.set_editable(is_editable)

    def go_to(self, anchor: Anchor) -> None:
        """Bring a place into view."""
        if anchor.text is not None:
            self.view.show_span(anchor.text.start)

    def select_annotation(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it."""
        return self.annotator.show_mark(annotation_id)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the mark that was picked elsewhere."""
        self.annotator.show_picked(annotation_ids)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks."""
        self.annotator.set_layers(layers)
        self.layers.show_layers(layers)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.annotator.discard_pending()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.annotator.flush()

    def open_search(self) -> None:
        """Open the search bar, with the selected words in it."""
        span = self.view.span()
        self.search_bar.open(self.view.text[span[0] : span[1]] if span else "")

    def find_next(self) -> None:
        """The next hit."""
        self._step(1)

    def find_previous(self) -> None:
        """The previous hit."""
        self._step(-1)

    def escape(self) -> bool:
        """One step out: comment, selection, tool, search."""
        if self.annotator.escape():
            return True
        if self.search_bar.isVisible():
            self.search_bar.leave()
            return True
        return False

    def _run(self, entry_id: str) -> None:
        self._commands[entry_id]()

    def _make_commands(self) -> dict[str, Command]:
        annotator = self.annotator
        commands: dict[str, Command] = {
            "find.open": self.open_search,
            "find.next": self.find_next,
            "find.previous": self.find_previous,
            "annotation.comment": annotator.comment_selected,
            "annotation.tie": annotator.tie_selected,
            "annotation.delete": annotator.delete_selected,
            "annotation.copy": self._copy,
            "guard.lift": self.toggle_patches,
        }
        tools = tool_commands(TEXT_TOOLS, annotator.take, annotator.set_colour, self)
        return {**commands, **tools, **self.layers.commands()}

    def _copy(self) -> None:
        """The selected words; without them, what the selected mark says."""
        if self.view.span() is not None:
            self.view.copy()
        else:
            self.annotator.copy_selected()

    def _connect(self) -> None:
        annotator = self.annotator
        annotator.created.connect(self.annotation_created)
        annotator.edited.connect(self.marks_edited)
        annotator.picked.connect(self.marks_picked)
        annotator.layers_wanted.connect(self.layers_wanted)
        annotator.tool_changed.connect(self.tool_changed)
        annotator.tool_changed.connect(self.toolbar.show_tool)
        annotator.colour_changed.connect(self.toolbar.show_colour)
        annotator.colour_changed.connect(self.colour_changed)
        self.search_bar.query_changed.connect(self._look_for)
        self.search_bar.step.connect(self._step)
        self.search_bar.closed.connect(self.view.setFocus)

    @Slot(str)
    def _look_for(self, query: str) -> None:
        self._hits, self._at = self.view.look_for(query), -1
        self._step(1)

    @Slot(int)
    def _step(self, direction: int) -> None:
        if self._hits:
            self._at = (self._at + direction) % len(self._hits) if self._at >= 0 or direction > 0 else -1
            self.view.show_hit(self._hits[self._at])
        number = self._hits.index(self._hits[self._at]) + 1 if self._hits else 0
        self.search_bar.show_result(number, len(self._hits), is_running=False)
