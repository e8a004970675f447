"""The viewer for everything that has pages: PDF files and pictures, with search and marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.documents.anchoring import place_anchor
from assessor_app.documents.pages import DocumentInfo, EvidenceSource, FileRemark
from assessor_app.documents.sniff import Kind
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.annotate.annotator import Annotator
from assessor_app.ui.annotate.marks import to_rect
from assessor_app.ui.annotate.placing import anchor_here
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.keys import Context, KeyTable
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.annotation_commands import annotation_commands
from assessor_app.ui.viewers.base import Command, FileViewer, OpenedFile, Preparation
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.viewers.finding import Finding
from assessor_app.ui.viewers.first_page import Drawn, FirstPage
from assessor_app.ui.viewers.guard.page_guard import PageGuard
from assessor_app.ui.viewers.guard.patch_overlay import PatchOverlay
from assessor_app.ui.viewers.layer_menu import LayerSwitches
from assessor_app.ui.viewers.page_links import PageLinks, ReadingHand
from assessor_app.ui.viewers.page_menu import PageMenu
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.page_ways import PageWays
from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.pages_side import PagesSide
from assessor_app.ui.viewers.search import Search
from assessor_app.ui.viewers.seen import SeenPages
from assessor_app.ui.viewers.side_bar import SideBarPlace
from assessor_app.ui.viewers.text_index import TextIndex
from assessor_app.ui.viewers.tone_bar import ToneBar
from assessor_app.ui.viewers.toolbar import ViewerToolbar


class PagesViewer(FileViewer):
    """Toolbar, search bar and pages.

    Args:
        lanes: where pages are drawn and read.
        table: words and keys.
        parent: Qt parent.
    """

    def __init__(self, lanes: Lanes, table: KeyTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.supply = PageSupply(lanes, self)
        self.pages = PageView(self.supply, self)
        self._seen = SeenPages(self.pages)
        self._seen.read_on.connect(self.read_on)
        self.annotator = Annotator(self.pages, lanes, self.supply.text, self)
        self.index = TextIndex(lanes, self)
        self.search = Search(lanes, self, self.index)
        self.finding = Finding(self.pages, self.annotator, self.search, self)
        self.search_bar = self.finding.bar
        self.ways = PageWays(self.pages, self)
        self.links = PageLinks(self.pages, lanes, self)
        self.toolbar = ViewerToolbar(table, self.run, self)
        self.notes = plain_label("", "quiet", self, wraps=True)
        self.notes.setContentsMargins(12, 4, 12, 4)
        self.notes.hide()
        self.pages.hand = ReadingHand(self.annotator, self.links, self.pages)
        self.guard = PageGuard(self.pages, self.supply, self)
        self.pages.overlays = [self.search, PatchOverlay(self.supply, self.font()), self.annotator]
        self.tone_bar = ToneBar(self)
        self.place = SideBarPlace(self.pages, self)
        self.layers = LayerSwitches(self, self.toolbar.layers)
        self.side = PagesSide(self.place, self.pages, self.ways, self.search, lanes, self)
        self._commands = self._make_commands()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.toolbar, self.search_bar, self.tone_bar, self.notes, self.place):
            column.addWidget(widget, 1 if widget is self.place else 0)
        self.setFocusProxy(self.pages)
        self._add_actions(table)
        self._connect()

    # ---- a document ----

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Everything that has pages."""
        return info.page_count > 0

    def preparation(self, width_px: int) -> Preparation:
        """Draw the first page as it will be shown."""
        return self.first_page(width_px).draw

    def first_page(self, width_px: int) -> FirstPage:
        """How the first page of another document would be shown, with so much room for the viewer."""
        room = self.place.content_width(width_px)
        return self.pages.first_page(room, self.ways.turns, self.ways.first_pages)

    def open_file(self, opened: OpenedFile) -> None:
        """Show a document that was just opened."""
        self.open(opened.source, opened.info, opened.source_id, opened.prepared)

    def open(
        self, source: EvidenceSource, info: DocumentInfo, source_id: str, first: Drawn | None = None
    ) -> None:
        """Show a document.

        Args:
            source: the sealed file.
            info: what the worker said about it.
            source_id: artifact id, for anchors.
            first: the first page, if it was drawn on opening.
        """
        self.search_bar.hide()
        self.tone_bar.reset()
        self.tone_bar.hide()
        self.search.open(source, info.page_count)
        self.index.open(source, info.page_count, has_text=info.has_text)
        self.supply.open(source, has_text=info.has_text)
        if first is not None:
            self.supply.take(first.key, first.result, first.patches)
        self.annotator.open(source, source_id, info.page_count)
        self.notes.setText(" ".join(info.notes))
        self.notes.setVisible(bool(info.notes))
        turn = self.ways.open(source.sha256)
        self.side.open(source, info, turn)
        self.links.open(source if info.kind is Kind.PDF else None)
        self.pages.open(info, one_line(source.name), turn, self.ways.place)
        self._seen.begin()

    def close_file(self) -> None:
        """Let go of the pages and stop all work on them."""
        self._seen.end()
        self.ways.close()
        self.annotator.close()
        self.search.open(None, 0)
        self.index.open(None, 0)
        self.side.close()
        self.links.open(None)
        self.supply.open(None)

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this document."""
        self.annotator.set_annotations(annotations, read_only)
        self.toolbar.layers.offer(mine=not read_only, assessor=bool(read_only))

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to."""
        self.annotator.set_criteria(criteria)

    def show_lifted(self, wish: LiftWish) -> None:
        """Patches were lifted or put back: draw and read these pages anew, here and in the side bar."""
        self.guard.show(wish)
        self.index.forget(wish.pages)
        self.side.thumbnails.renew(wish.pages)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self.annotator.set_editable(is_editable)
        self.toolbar.set_editable(is_editable)

    def go_to(self, anchor: Anchor) -> None:
        """Bring a place into view; the page at least when the exact place is not known."""
        source, before = self.supply.source, self.pages.place
        placement = place_anchor(anchor, source.sha256, self.supply.text(anchor.page)) if source else None
        if placement is None:
            self.pages.go_to_page(anchor.page)
        else:
            bounds = QRectF()
            for rect in placement.rects:
                bounds = bounds.united(to_rect(rect))
            self.pages.show_rect(placement.page, bounds)
        self.pages.jumped.emit(before, "")

    def select_annotation(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it."""
        before = self.pages.place
        is_here = self.annotator.select(annotation_id)
        if is_here:
            self.pages.jumped.emit(before, "marks")
        return is_here

    def set_remarks(self, remarks: Sequence[FileRemark]) -> None:
        """Show what stands in the file itself beside the pages shown: an office file's comments, say."""
        self.side.set_remarks(remarks)

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the marks that were picked elsewhere."""
        self.annotator.show_picked(annotation_ids)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks."""
        self.annotator.set_layers(layers)
        self.layers.show_layers(layers)
        self.pages.set_bare(not layers.learner)
        self.side.show_own_marks(layers.learner)

    def anchor_here(self, mark: Annotation) -> Anchor | None:
        """The selected words, or the middle of what is seen."""
        return anchor_here(self.annotator, mark)

    @Slot()
    def _tell_places(self) -> None:
        layer = self.annotator.layer
        self.places_known.emit(layer.source_id, layer.not_found, layer.moved)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.annotator.discard_pending()

    def flush(self) -> None:
        """Hand on the comment that is being typed."""
        self.annotator.flush()

    # ---- commands ----

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return self._commands

    def run(self, entry_id: str) -> None:
        """Run the command of an id."""
        self._commands[entry_id]()

    @Slot()
    def open_search(self) -> None:
        """Open the search bar, with the selected words in it."""
        self.finding.open()

    def escape(self) -> bool:
        """One step out: comment, selection, tool, search."""
        if self.place.escape() or self.annotator.escape():
            return True
        for bar in (self.search_bar, self.tone_bar):
            if bar.isVisible():
                bar.leave()
                return True
        return False

    def _make_commands(self) -> dict[str, Command]:
        commands: dict[str, Command] = {
            **self.finding.commands(),
            **self.ways.commands(),
            "guard.lift": self.guard.toggle,
            "find.all": self.side.find_all,
            "link.list": self.links.list_links,
            "view.side_bar": self.place.toggle,
            "view.tone": self.tone_bar.toggle,
            "view.dim_page": self._toggle_dim,
            "page.go_to": self._ask_for_page,
            "annotation.comment": self._comment_or_put,
        }
        return {**commands, **annotation_commands(self.annotator, self), **self.layers.commands()}

    def _call(self, method: Callable[[Any], object], argument: object) -> Command:
        return Call(method, argument, self).run

    def _add_actions(self, table: KeyTable) -> None:
        """The keys that act with the focus on the pages; the others are the window's."""
        PageMenu(table, self.run, self.pages, self.pages.page_point, self.annotator, self.guard)
        for entry in table:
            # Page keys read on by what is in view; they are the pages' own.
            is_own = entry.id.startswith("page.") or entry.context is not Context.DOCUMENT
            if entry.id in self._commands and not is_own:
                run, scope = self._commands[entry.id], Qt.ShortcutContext.WidgetShortcut
                self.pages.addAction(table.action(entry.id, self.pages, run, scope=scope))

    def _connect(self) -> None:
        pages, annotator = self.pages, self.annotator
        pages.page_changed.connect(self.toolbar.show_page)
        pages.zoom_changed.connect(self.toolbar.show_zoom)
        pages.moved.connect(annotator.place_box)
        pages.copy_requested.connect(annotator.copy)
        self.toolbar.page_field.chosen.connect(self._go_to_typed_page)
        self.tone_bar.tone_changed.connect(pages.set_tone)
        self.tone_bar.closed.connect(pages.setFocus)
        self.tone_bar.faint_wanted.connect(self._show_faint_writing)
        self.guard.lift_wanted.connect(self.lift_wanted)
        self.supply.text_read.connect(self.index.add)
        self.supply.text_arrived.connect(annotator.selection.text_arrived)
        self.side.search_wanted.connect(self.open_search)
        self.side.remarks_known.connect(self.toolbar.show_remarks)
        annotator.layer.places_changed.connect(self._show_marks)
        self.side.own_marks_switched.connect(self._commands["layers.learner"])
        self.links.page_wanted.connect(self.ways.go_to_height)
        self.place.shown_changed.connect(self._tell_side_bar)
        annotator.created.connect(self.annotation_created)
        annotator.edited.connect(self.marks_edited)
        annotator.picked.connect(self.marks_picked)
        annotator.layer.places_changed.connect(self._tell_places)
        annotator.layers_wanted.connect(self.layers_wanted)
        annotator.tool_changed.connect(self.tool_changed)
        annotator.tool_changed.connect(self.toolbar.show_tool)
        annotator.colour_changed.connect(self.colour_changed)
        annotator.colour_changed.connect(self.toolbar.show_colour)

    @Slot(bool)
    def _tell_side_bar(self, is_shown: bool) -> None:
        self.toolbar.button("view.side_bar").setChecked(is_shown)
        self.switched.emit("view.side_bar", is_shown)

    def _ask_for_page(self) -> None:
        self.toolbar.page_field.setFocus()
        self.toolbar.page_field.selectAll()

    @Slot(int)
    def _go_to_typed_page(self, page: int) -> None:
        self.ways.go_to_page(page)
        self.pages.setFocus()

    @Slot()
    def _show_faint_writing(self) -> None:
        drawn = self.supply.cache.nearest(self.pages.page, self.pages.scale, is_bare=self.pages.is_bare)
        if drawn is not None and drawn[0].tone.is_plain:
            self.tone_bar.show_writing(drawn[1])

    @Slot()
    def _show_marks(self) -> None:
        self.side.show_marks(self.annotator.layer.marks())

    def _toggle_dim(self) -> None:
        self.pages.set_dimmed(not self.pages.is_dimmed)

    def _comment_or_put(self) -> None:
        if self.annotator.comment_selected():
            return
        if self.pages.page in self.supply.cards:
            self.pages.retry(self.pages.page)
        else:
            self.annotator.put()
