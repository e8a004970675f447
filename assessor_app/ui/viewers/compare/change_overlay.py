"""Changes painted over the pages: a colour, a line and a sign, so that nobody has to tell colours apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from assessor_app.documents.difference import Change, Difference, PageState, Place
from assessor_app.documents.pages import PageSize
from assessor_app.documents.text_layer import Rect
from assessor_app.ui.theme import ANNOTATION_COLOURS

ADDED, REMOVED = ANNOTATION_COLOURS["blue"], ANNOTATION_COLOURS["vermillion"]
"""Of Okabe and Ito; pages are white in every scheme."""
_FILL_ALPHA, _CURRENT_ALPHA = 34, 84
_SIGN_PX = 14.0
_LOOK_AIR = 0.015
"""Room around what looks different, as a share of the page's longer side."""

translate = QCoreApplication.translate


class ChangeOverlay:
    """Lies over the pages of one side.

    Args:
        is_new: whether it is the present version's side, which shows what was added.
    """

    def __init__(self, *, is_new: bool) -> None:
        self._is_new = is_new
        self._places: Mapping[int, list[tuple[Place, Change]]] = {}
        self._gaps: Mapping[int, list[tuple[Place, Change]]] = {}
        self._chips: dict[int, str] = {}
        self._looks: dict[int, tuple[Rect, ...]] = {}
        self._sizes: Sequence[PageSize] = ()
        self.current: Change | None = None
        """The change that the reader went to."""

    @property
    def colour(self) -> str:
        """The colour of this side's changes."""
        return ADDED if self._is_new else REMOVED

    def clear(self, sizes: Sequence[PageSize] = ()) -> None:
        """Forget everything; the pages now have these sizes in points."""
        self._places, self._gaps, self._sizes, self.current = {}, {}, sizes, None
        self._chips.clear()
        self._looks.clear()

    def show(self, found: Difference) -> None:
        """Show what differs."""
        places: dict[int, list[tuple[Place, Change]]] = defaultdict(list)
        gaps: dict[int, list[tuple[Place, Change]]] = defaultdict(list)
        for change in found.changes:
            mine, near = (change.new, change.new_near) if self._is_new else (change.old, change.old_near)
            for place in mine:
                places[place.page].append((place, change))
            if not mine:
                gaps[near.page].append((near, change))
        self._places, self._gaps = places, gaps
        for pair in found.pairs:
            page = pair.new if self._is_new else pair.old
            partner = pair.old if self._is_new else pair.new
            words = _chip_words(pair.state, partner, is_new=self._is_new)
            if page is not None and words:
                self._chips[page] = words

    def show_look(self, page: int, rects: tuple[Rect, ...]) -> None:
        """Show where a page looks different, as shares of its sides."""
        self._looks[page] = rects
        self._chips[page] = translate("Compare", "≠ Looks different")

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint over a page; the painter works in page points."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places.get(page, ())
        for place, change in places:
            self._paint_words(painter, place, scale, is_current=change is self.current)
        self._paint_signs(painter, [place.rects[0] for place, _ in places if place.rects], scale)
        for place, change in self._gaps.get(page, ()):
            self._paint_gap(painter, place, scale, is_current=change is self.current)
        for rect in self._looks.get(page, ()):
            self._paint_look(painter, page, rect, scale)
        if page in self._chips:
            self._paint_chip(painter, page, scale)

    def _paint_words(self, painter: QPainter, place: Place, scale: float, *, is_current: bool) -> None:
        colour, fill = QColor(self.colour), QColor(self.colour)
        fill.setAlpha(_CURRENT_ALPHA if is_current else _FILL_ALPHA)
        style = Qt.PenStyle.SolidLine if self._is_new else Qt.PenStyle.DashLine
        pen = QPen(colour, 1.6 / scale, style)
        for x0, y0, x1, y1 in place.rects:
            painter.fillRect(QRectF(x0, y0, x1 - x0, y1 - y0), fill)
            painter.setPen(pen)
            painter.drawLine(QPointF(x0, y1), QPointF(x1, y1))
            if not self._is_new:
                middle = (y0 + y1) / 2
                painter.setPen(QPen(colour, 0.9 / scale))
                painter.drawLine(QPointF(x0, middle), QPointF(x1, middle))
        if is_current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2 / scale))
            for x0, y0, x1, y1 in place.rects:
                painter.drawRect(QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-1, -1, 1, 1))

    def _paint_signs(self, painter: QPainter, lines: Sequence[Rect], scale: float) -> None:
        """A sign at the page's edge beside each line in which a change begins; it never covers words."""
        below = 0.0
        for _, y0, _, y1 in sorted(lines, key=lambda rect: rect[1] + rect[3]):
            middle = (y0 + y1) / 2
            if middle >= below:
                self._paint_sign(painter, middle, scale)
                below = middle + _SIGN_PX / scale

    def _paint_sign(self, painter: QPainter, middle: float, scale: float) -> None:
        """A plus or minus in a disc."""
        side = _SIGN_PX / scale
        disc = QRectF(3 / scale, middle - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colour))
        painter.drawEllipse(disc)
        painter.setPen(QPen(QColor("#ffffff"), 1.8 / scale))
        centre, arm = disc.center(), side * 0.26
        painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
        if self._is_new:
            painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))

    def _paint_gap(self, painter: QPainter, place: Place, scale: float, *, is_current: bool) -> None:
        """A caret where words of the other version stand."""
        if not place.rects:
            return
        x, _, _, bottom = place.rects[0]
        arm = (6 if is_current else 4) / scale
        painter.setPen(QPen(QColor(REMOVED if self._is_new else ADDED), (2.4 if is_current else 1.5) / scale))
        painter.drawLine(QPointF(x, bottom - arm / 2), QPointF(x - arm, bottom + arm))
        painter.drawLine(QPointF(x, bottom - arm / 2), QPointF(x + arm, bottom + arm))

    def _paint_look(self, painter: QPainter, page: int, rect: Rect, scale: float) -> None:
        if page >= len(self._sizes):
            return
        size = self._sizes[page]
        x0, y0, x1, y1 = rect
        box = QRectF(
            x0 * size.width_pt, y0 * size.height_pt, (x1 - x0) * size.width_pt, (y1 - y0) * size.height_pt
        )
        air = _LOOK_AIR * max(size.width_pt, size.height_pt)
        box.adjust(-air, -air, air, air)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#ffffff", 4.5), (self.colour, 2.2)):
            painter.setPen(QPen(QColor(colour), width / scale, Qt.PenStyle.SolidLine))
            painter.drawRoundedRect(box, 4 / scale, 4 / scale)

    def _paint_chip(self, painter: QPainter, page: int, scale: float) -> None:
        """Words about the whole page in its upper corner, as large as the other texts on screen."""
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        text = self._chips[page]
        edge = metrics.height() * 0.4
        chip = QRectF(edge, edge, metrics.horizontalAdvance(text) + 3 * edge, metrics.height() + 0.8 * edge)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colour).darker(115))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()


def _chip_words(state: PageState, partner: int | None, *, is_new: bool) -> str:
    if state is PageState.NEW:
        return translate("Compare", "+ New page")
    if state is PageState.REMOVED:
        return translate("Compare", "\u2212 Page removed")
    if state is PageState.MOVED and partner is not None:
        words = translate("Compare", "Was page {n}") if is_new else translate("Compare", "Now page {n}")
        return words.format(n=partner + 1)
    return ""
