"""Two versions side by side: what was added, what is gone, and both scrolled together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from assessor_app.documents.difference import Difference
from assessor_app.documents.picture_difference import Look
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, ArtifactId, SubmissionId
from assessor_app.ui.announce import announce
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.base import Command, EvidenceViewer
from assessor_app.ui.viewers.call import Call
from assessor_app.ui.viewers.compare.change_list import ChangeList
from assessor_app.ui.viewers.compare.compare_head import CompareHead
from assessor_app.ui.viewers.compare.compare_side import CompareSide
from assessor_app.ui.viewers.compare.compare_words import Stop, stops_of, summary, unchanged
from assessor_app.ui.viewers.compare.compare_work import CompareWork
from assessor_app.ui.viewers.compare.scroll_link import ScrollLink
from assessor_app.ui.viewers.compare.versions import Comparison, Loaded, Refused, Version
from assessor_app.ui.viewers.zoom import Fit, Zoom

_BESIDE_FROM_CHARS = 80
"""With less room than so many characters, the versions stand one above the other."""
_FITS = {
    "zoom.actual": Zoom(Fit.NOTHING, 1.0),
    "zoom.page": Zoom(Fit.PAGE),
    "zoom.width": Zoom(Fit.WIDTH),
}
_LIST_FROM_CHARS = 98
"""With less room, the list of changes is hidden; its keys still work."""


class CompareView(EvidenceViewer):
    """Shows a comparison until it is closed.

    Args:
        lanes: where files are opened, drawn and compared.
        table: words and keys.
        find_source: the service that finds an artifact's file.
        parent: Qt parent.
    """

    closed = Signal()
    """The person is done comparing."""

    def __init__(
        self,
        lanes: Lanes,
        table: KeyTable,
        find_source: Callable[[Any, SubmissionId, ArtifactId], Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Comparison"))
        self._comparison: Comparison | None = None
        self._first_page, self._is_under_way = 0, False
        self._found: Difference | None = None
        self._looks: list[tuple[int, int]] = []
        self.work = CompareWork(lanes, find_source, self)
        self.old, self.new = (CompareSide(lanes, self, is_new=is_new) for is_new in (False, True))
        self.changes = ChangeList(self)
        self.link = ScrollLink(self.old, self.new, self)
        self._commands = self._make_commands()
        self.head = CompareHead(table, self._commands, self)
        self.summary, self.position = self.head.summary, self.head.position
        self.link_button = self.head.link_button
        self._lay_out()
        self._connect()

    # ---- what is compared ----

    def open(self, comparison: Comparison, page: int = 0) -> None:
        """Compare; where the left side is not known, ask for it.

        Args:
            comparison: what there is to compare.
            page: page index from 0 at which the present version was being read.
        """
        self._comparison, self._first_page = comparison, page
        self.new.show_choices(comparison.new, comparison.new_key)
        self.old.show_choices(comparison.old, comparison.old_key)
        self._start(comparison.old_key, comparison.new_key)
        if not comparison.old_key:
            self.old.choice.setFocus()
        else:
            self.new.focus_content()

    def close_file(self) -> None:
        """Let go of both versions and stop all work."""
        self.work.stop()
        self._comparison = None
        self.old.close_file()
        self.new.close_file()

    def retry_missing(self) -> None:
        """Something has arrived on this computer: what was missing may be there now."""
        comparison = self._comparison
        sides = [self.work.side(is_new) for is_new in (False, True)]
        if comparison is not None and any(
            isinstance(side, Refused) and side.card.reason in ("not_here", "error") for side in sides
        ):
            self.retry()

    @Slot()
    def retry(self) -> None:
        """Open both sides again."""
        self._start(str(self.old.choice.currentData() or ""), str(self.new.choice.currentData() or ""))

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of this submission where they stand; here they are read alone."""
        del read_only
        for side in (self.old, self.new):
            side.set_annotations(annotations)

    # ---- commands ----

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return self._commands

    def step(self, direction: int) -> None:
        """Go to the next (1) or the previous (-1) change."""
        self.changes.step(direction)

    def escape(self) -> bool:
        """Leave the comparison."""
        self.closed.emit()
        return True

    # ---- Qt ----

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else one above the other; the list where it fits."""
        super().resizeEvent(event)
        self._arrange()

    # ---- inside ----

    def _arrange(self) -> None:
        chars = self.width() / max(1, self.fontMetrics().averageCharWidth())
        is_settled = self._found is not None or not self._is_under_way
        self.changes.setVisible(chars >= _LIST_FROM_CHARS and bool(self.changes.stops or not is_settled))
        wanted = Qt.Orientation.Horizontal if chars >= _BESIDE_FROM_CHARS else Qt.Orientation.Vertical
        if self._sides.orientation() is not wanted:
            self._sides.setOrientation(wanted)
            self._sides.setSizes([1000, 1000])
        self._tell_position()

    def _version(self, key: str, versions: Sequence[Version]) -> Version | None:
        return next((version for version in versions if version.key == key), None)

    def _start(self, old_key: str, new_key: str) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        self._found, self._looks = None, []
        self.changes.show_stops(())
        self.changes.heading.setText("")
        self.head.tell_position("", has_changes=False)
        old, new = self._version(old_key, comparison.old), self._version(new_key, comparison.new)
        self._is_under_way = old is not None
        self._arrange()
        self.link.set_pairs((), ())
        # Until it is known what stands beside what, the side that opens last would move the other one.
        self.link.hold(True)
        self.old.show_title(old)
        self.new.show_title(new)
        for side in (self.old, self.new):
            side.close_file()
        if old is None:
            self.head.tell(self.tr("Choose on the left what to compare with."))
            words = self.tr("Choose above what stands here. Esc goes back to the evidence.")
            self.old.show_waiting(self.tr("Nothing chosen yet"), words)
        else:
            self.head.tell(self.tr("Opening both…"))
        self.work.start(comparison.submission_id, old, new)

    @Slot(bool, object)
    def _show_side(self, is_new: bool, loaded: object) -> None:
        side = self.new if is_new else self.old
        if isinstance(loaded, Loaded):
            side.show_loaded(loaded)
            comparison = self._comparison
            if is_new and comparison is not None and loaded.version.key == comparison.new_key:
                side.pages.go_to_page(self._first_page)
        elif isinstance(loaded, Refused):
            side.show_refused(loaded)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        words = self.tr("Comparing: page {done} of {total} read…")
        self.head.tell(words.format(done=done, total=total))

    @Slot()
    def _cannot_compare(self) -> None:
        sides = (self.work.side(False), self.work.side(True))
        cards = [side.card for side in sides if isinstance(side, Refused)]
        if any(card.reason == "not_here" or "not on this computer" in card.title for card in cards):
            text = self.tr(
                "One of the two is not on this computer yet: the comparison comes with the next sync."
            )
        else:
            text = self.tr("These two cannot be compared word by word. What can be shown is shown.")
        self.head.tell(text)
        self._is_under_way = False
        self._arrange()

    @Slot(object)
    def _show_difference(self, found: Difference | None) -> None:
        others = self._comparison.unchanged_files if self._comparison is not None else 0
        self.link.hold(False)
        if found is None:
            self.link.align()
            self._is_under_way = False
            self._arrange()
            text = self.tr("Unchanged: both are the same, byte for byte.")
            self.changes.show_stops(())
            self.head.tell(f"{text} {unchanged(others - 1)}" if others > 1 else text)
            return
        self._found = found
        for side in (self.old, self.new):
            side.show_difference(found)
        self.link.set_pairs(found.pairs, found.changes)
        self.link.align()
        self._refresh()
        announce(self, self.summary.text())

    @Slot(int, int, object)
    def _show_look(self, old_page: int, new_page: int, look: Look) -> None:
        if look.is_same:
            return
        self._looks.append((old_page, new_page))
        self.old.show_look(old_page, look.rects)
        self.new.show_look(new_page, look.rects)
        self._refresh()

    def _refresh(self) -> None:
        if self._found is None or self._comparison is None:
            return
        has_words = bool(self._found.changes) or any(pair.has_words for pair in self._found.pairs)
        others = self._comparison.unchanged_files
        self.head.tell(summary(self._found, self._looks, others, has_words=has_words))
        self.changes.show_stops(stops_of(self._found, self._looks, has_pages=self.new.has_pages))
        self._arrange()

    @Slot(object)
    def _go_to(self, stop: Stop) -> None:
        self.link.hold(True)
        try:
            for side in (self.old, self.new):
                if stop.change is not None:
                    side.go_to(stop.change)
                else:
                    self._go_to_page(side, stop)
        finally:
            self.link.hold(False)
        self._tell_position()

    def _go_to_page(self, side: CompareSide, stop: Stop) -> None:
        page = stop.new_page if side.is_new else stop.old_page
        side.overlay.current = None
        if page is not None:
            side.pages.go_to_page(page)

    def _tell_position(self) -> None:
        count, row = len(self.changes.stops), self.changes.row
        words = ""
        if row >= 0:
            words = self.tr("{n} of {count}").format(n=row + 1, count=count)
        elif count and not self.changes.isVisibleTo(self):
            # Where the list has room it says so itself.
            words = self.tr("1 change") if count == 1 else self.tr("{n} changes").format(n=count)
        self.head.tell_position(words, has_changes=count > 0)

    def _zoom(self, zoom: Zoom) -> None:
        for side in (self.old, self.new):
            side.pages.set_zoom(zoom)

    def _zoom_step(self, direction: int) -> None:
        for side in (self.old, self.new):
            side.pages.zoom_step(direction)

    def _toggle_link(self) -> None:
        self.link_button.toggle()

    def _make_commands(self) -> dict[str, Command]:
        commands: dict[str, Command] = {
            entry_id: Call(self._zoom, zoom, self).run for entry_id, zoom in _FITS.items()
        }
        commands["zoom.in"] = Call(self._zoom_step, 1, self).run
        commands["zoom.out"] = Call(self._zoom_step, -1, self).run
        commands["compare.next"] = Call(self.step, 1, self).run
        commands["compare.previous"] = Call(self.step, -1, self).run
        commands["compare.link"] = self._toggle_link
        return commands

    def _lay_out(self) -> None:
        self._sides = QSplitter(Qt.Orientation.Horizontal, self)
        self._sides.setChildrenCollapsible(False)
        self._sides.addWidget(self.old)
        self._sides.addWidget(self.new)
        self._body = QSplitter(Qt.Orientation.Horizontal, self)
        self._body.setChildrenCollapsible(False)
        self._body.addWidget(self.changes)
        self._body.addWidget(self._sides)
        self._body.setStretchFactor(0, 0)
        self._body.setStretchFactor(1, 1)
        self._body.setSizes([self.fontMetrics().averageCharWidth() * 30, 4000])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(self._body, 1)
        self._tell_position()

    def _connect(self) -> None:
        work = self.work
        work.side_ready.connect(self._show_side)
        work.progress.connect(self._show_progress)
        work.compared.connect(self._show_difference)
        work.looked.connect(self._show_look)
        work.nothing_to_compare.connect(self._cannot_compare)
        self.changes.stop_chosen.connect(self._go_to)
        self.head.back_wanted.connect(self.closed)
        self.head.link_switched.connect(self.link.set_on)
        for side in (self.old, self.new):
            side.chosen.connect(self.retry)
            side.retry_requested.connect(self.retry)
