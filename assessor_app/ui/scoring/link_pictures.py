"""Small pictures of the places that evidence links lead to, drawn behind everything that is on screen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from assessor_app.documents.media_probe import StripFrame
from assessor_app.documents.pages import EvidenceSource, pixels_for
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, SourceKind
from assessor_app.domain.ids import ArtifactId, SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import reading, recordings
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.marks import paint_mark, to_rect
from assessor_app.ui.page_image import to_image
from assessor_app.ui.tasks import Lanes

FindSource = Callable[[Any, SubmissionId, ArtifactId], EvidenceSource]
"""Runs on a lane: the context, the submission, the artifact; raises EvidenceRefused."""
KEPT = 160
"""Most pictures that are kept; one of 90 by 60 dots takes 22 kB, four times that on a fine screen."""
_PRIORITY = 10
_LEAST_SHARE = 0.34
"""At least so much of the page's width is shown, so that one sees where on the page it is."""
_AIR_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class PictureSize:
    """How large a picture is."""

    width_px: int
    """In logical pixels."""
    height_px: int
    """In logical pixels."""
    ratio: float
    """Device pixels for each of them."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a page as a picture."""

    area: QRectF
    """In page points."""
    scale: float
    """Device pixels for each point."""


def can_be_drawn(anchor: Anchor) -> bool:
    """Whether a place has a page that a picture can be made of."""
    is_paged = anchor.source_kind is SourceKind.ARTIFACT and anchor.span is None and not anchor.cells
    has_place = bool(anchor.rects or anchor.path)
    return is_paged and has_place and min(anchor.page_width_pt, anchor.page_height_pt) > 0


def has_frame(anchor: Anchor) -> bool:
    """Whether a place is a moment of a video."""
    return anchor.span is not None and min(anchor.page_width_pt, anchor.page_height_pt) > 0


def bounds_of(anchor: Anchor) -> QRectF:
    """The rectangle around everything of a mark, in page points."""
    bounds = QRectF()
    for rect in anchor.rects:
        bounds = bounds.united(to_rect(rect))
    if anchor.path:
        bounds = bounds.united(polygon_of(anchor).boundingRect())
    return bounds


def polygon_of(anchor: Anchor) -> QPolygonF:
    """The points of an ink stroke or an arrow."""
    polygon = QPolygonF()
    for x, y in anchor.path:
        polygon.append(QPointF(x, y))
    return polygon


def crop_of(anchor: Anchor, size: PictureSize) -> Crop:
    """What a picture of a mark shows: the mark with some of the page around it."""
    page = QRectF(0, 0, anchor.page_width_pt, anchor.page_height_pt)
    bounds = bounds_of(anchor).intersected(page)
    shape = size.width_px / size.height_px
    width = max(bounds.width() * (1 + 2 * _AIR_SHARE), page.width() * _LEAST_SHARE)
    width = max(width, bounds.height() * (1 + 2 * _AIR_SHARE) * shape)
    width = min(width, page.width(), page.height() * shape)
    area = QRectF(0, 0, width, width / shape)
    area.moveCenter(bounds.center())
    area.moveLeft(min(max(0.0, area.left()), page.width() - area.width()))
    area.moveTop(min(max(0.0, area.top()), page.height() - area.height()))
    return Crop(area, size.width_px * size.ratio / width)


_Key = tuple[Anchor, PictureSize]


class LinkPictures(QObject):
    """Makes and keeps the pictures of one submission's marks.

    Args:
        lanes: where they are drawn.
        submission_id: whose evidence.
        parent: Qt parent.
        find_source: the service that finds an artifact's file.
    """

    arrived = Signal()
    """A picture that was asked for is there, or cannot be had."""

    def __init__(
        self,
        lanes: Lanes,
        submission_id: SubmissionId,
        parent: QObject | None = None,
        *,
        find_source: FindSource = reading.evidence_source,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._submission_id, self._find_source = lanes, submission_id, find_source
        self._kept: OrderedDict[_Key, QImage | None] = OrderedDict()
        self._asked: set[_Key] = set()

    def picture(self, mark: Annotation, size: PictureSize) -> QImage | None:
        """The picture of a mark's place with the mark on it; None while it is on its way, and for none."""
        if not can_be_drawn(mark.anchor) and not has_frame(mark.anchor):
            return None
        key = (mark.anchor, size)
        if key not in self._kept:
            if key not in self._asked:
                self._ask(mark.anchor, size)
            return None
        self._kept.move_to_end(key)
        image = self._kept[key]
        if image is None or has_frame(mark.anchor):
            return image
        return with_mark(image, mark, size)

    def forget_failures(self) -> None:
        """Ask again for pictures that could not be had, because files have arrived."""
        for key in [key for key, image in self._kept.items() if image is None]:
            del self._kept[key]

    def _ask(self, anchor: Anchor, size: PictureSize) -> None:
        key = (anchor, size)
        submission_id, find_source = self._submission_id, self._find_source
        self._asked.add(key)

        def query(context: Any) -> QImage | None:
            if anchor.span is not None:
                frame = recordings.picture_at(context, anchor.source_sha256, anchor.span.start_ms)
                return None if frame is None else _filled(frame, size)
            crop = crop_of(anchor, size)
            source = find_source(context, submission_id, ArtifactId(anchor.source_id))
            if source.sha256 != anchor.source_sha256:
                # Another copy is shown now: its pages need not be where the mark was put.
                return None
            clip = _clip_of(crop, anchor)
            return to_image(context.renderer.render(source, anchor.page, crop.scale, clip))

        def done(image: QImage | None) -> None:
            self._asked.discard(key)
            self._kept[key] = image
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            self.arrived.emit()

        def failed(_error: KnownError) -> None:
            # The piece itself says what is wrong with it; its links go on without pictures.
            done(None)

        self._lanes.render(self, query, done, failed=failed, priority=_PRIORITY)


def _filled(frame: StripFrame, size: PictureSize) -> QImage:
    """A small picture of a video, cut to a shape without being stretched."""
    whole = QImage(
        frame.rgb, frame.width_px, frame.height_px, frame.width_px * 3, QImage.Format.Format_RGB888
    )
    wanted = QSize(round(size.width_px * size.ratio), round(size.height_px * size.ratio))
    grown = whole.scaled(
        wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    left, top = (grown.width() - wanted.width()) // 2, (grown.height() - wanted.height()) // 2
    image = grown.copy(left, top, wanted.width(), wanted.height())
    image.setDevicePixelRatio(size.ratio)
    return image


def _clip_of(crop: Crop, anchor: Anchor) -> tuple[int, int, int, int]:
    """The picture in the page's pixels at its scale; left, top, right, bottom."""
    area, scale = crop.area, crop.scale
    right = min(round(area.right() * scale), pixels_for(anchor.page_width_pt, scale))
    bottom = min(round(area.bottom() * scale), pixels_for(anchor.page_height_pt, scale))
    return round(area.left() * scale), round(area.top() * scale), right, bottom


def with_mark(image: QImage, mark: Annotation, size: PictureSize) -> QImage:
    """A copy of a picture with its mark painted on it."""
    crop = crop_of(mark.anchor, size)
    made = image.copy()
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(crop.scale, crop.scale)
    painter.translate(-crop.area.topLeft())
    if mark.anchor.rects:
        text = mark.comment if mark.kind is AnnotationKind.FREE_TEXT else ""
        times = mark.anchor.mark_scale
        paint_mark(
            painter, mark.kind, mark.anchor.rects, mark.colour, crop.scale, mark_scale=times, text=text
        )
    if mark.anchor.path:
        painter.setPen(
            QPen(
                QColor(fill_of(mark.colour)),
                max(mark.line_width_pt * mark.anchor.mark_scale, 2.0 / crop.scale),
            )
        )
        painter.drawPolyline(polygon_of(mark.anchor))
    painter.end()
    made.setDevicePixelRatio(size.ratio)
    return made
