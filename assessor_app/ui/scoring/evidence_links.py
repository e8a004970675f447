"""The evidence tied to a criterion: a short list of marks, each one click from its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.documents.readable import Form, form_of, without_markup
from assessor_app.domain.annotations import Annotation, Audience, SourceKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.domain.submissions import Submission
from assessor_app.ui.fitted_text import paint_lines
from assessor_app.ui.icons import painted
from assessor_app.ui.place_names import has_slides, is_picture
from assessor_app.ui.plain_text import one_line, plain_label, set_plain_tooltip
from assessor_app.ui.scoring.link_pictures import LinkPictures, PictureSize
from assessor_app.ui.theme import colours_of, scaled_font, space
from assessor_app.ui.time_words import clock_words

translate = QCoreApplication.translate
_QUOTE_CHARS = 180
_PICTURE_LINES = (4.8, 3.2)
"""Width and height of a picture, in lines of text."""


def place_words(mark: Annotation, submission: Submission) -> str:
    """Where a mark stands, such as "Artifact 2.pdf, page 3" or "Artifact 4.mp4, 0:42 to 1:10"."""
    anchor = mark.anchor
    if anchor.source_kind is SourceKind.RESPONSE:
        return translate("EvidenceLinks", "Written response")
    name = one_line(source_name(anchor.source_id, submission))
    if not name:
        return ""
    if anchor.span is not None:
        start, end = clock_words(anchor.span.start_ms), clock_words(anchor.span.end_ms)
        text = translate("EvidenceLinks", "{name}, {start} to {end}")
        if start == end:
            text = translate("EvidenceLinks", "{name}, at {start}")
        return text.format(name=name, start=start, end=end)
    if anchor.cells:
        text = translate("EvidenceLinks", "{name}, cells {cells}")
        return text.format(name=name, cells=one_line(anchor.cells))
    if not anchor.page_width_pt:
        return name
    if anchor.page == 0 and is_picture(name, anchor.media_type):
        return name
    text = translate("EvidenceLinks", "{name}, page {page}")
    if has_slides(name, anchor.media_type):
        text = translate("EvidenceLinks", "{name}, slide {page}")
    return text.format(name=name, page=anchor.page + 1)


def source_name(source_id: str, submission: Submission) -> str:
    """The name of a file, or of the link whose snapshot it is; empty for none that is known."""
    for part in submission.parts:
        for artifact in part.artifacts:
            if artifact.id == source_id:
                return artifact.filename
        for link in part.links:
            if link.snapshot is not None and link.snapshot.id == source_id:
                return translate("EvidenceLinks", "Snapshot of {link}").format(link=link.title or link.url)
    return ""


def quote_of(mark: Annotation, form: Form = Form.PLAIN) -> str:
    """The words under a mark, or its comment where there are none, in one line.

    Args:
        mark: the mark.
        form: how the text that it stands on is written.
    """
    words = mark.anchor.text
    text = one_line(without_markup(words.exact, form) if words is not None else mark.comment)
    return text if len(text) <= _QUOTE_CHARS else text[: _QUOTE_CHARS - 1].rstrip() + "…"


class EvidenceLinks(QWidget):
    """Count and list of the marks that are tied to one criterion."""

    jump_wanted = Signal(object)
    """The annotation to go to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with none."""
        super().__init__(parent)
        self._shown: tuple[Annotation, ...] | None = None
        self._buttons: list[LinkButton] = []
        self._pictures: LinkPictures | None = None
        self._picked: frozenset[AnnotationId] = frozenset()
        self._title = plain_label("", "caption-strong", wraps=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(self._title)
        layout.addLayout(self._rows)

    def use_pictures(self, pictures: LinkPictures | None) -> None:
        """Where small pictures come from; None for none."""
        self._pictures = pictures
        for row in self._buttons:
            row.use_pictures(pictures)

    def show_picked(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Show which of the marks are selected on the page or in the list."""
        self._picked = frozenset(annotation_ids)
        for row in self._buttons:
            row.setChecked(row.mark.id in self._picked)

    def show_marks(self, marks: Sequence[Annotation], submission: Submission) -> None:
        """List the marks, in the order of their places."""
        if tuple(marks) == self._shown:
            return
        self._shown = tuple(marks)
        count = len(marks)
        self._title.setText(
            self.tr("1 evidence link")
            if count == 1
            else self.tr("{count} evidence links").format(count=count)
            if count
            else self.tr("No evidence link")
        )
        for row in self._buttons:
            row.hide()
            row.deleteLater()
        self._buttons = [self._row(mark, submission) for mark in marks]
        for row in self._buttons:
            self._rows.addWidget(row)

    def _row(self, mark: Annotation, submission: Submission) -> LinkButton:
        form = form_of(source_name(mark.anchor.source_id, submission), "")
        row = LinkButton(mark, quote_of(mark, form), place_words(mark, submission), self)
        row.use_pictures(self._pictures)
        readers = {
            Audience.ONLY_ME: self.tr("Only you"),
            Audience.APPROVER: self.tr("The approver reads this"),
            Audience.LEARNER: self.tr("The learner reads this"),
        }
        row.setAccessibleDescription(readers[mark.audience])
        row.setCheckable(True)
        row.setChecked(mark.id in self._picked)
        row.clicked.connect(self._jump)
        return row

    @Slot()
    def _jump(self) -> None:
        row = self.sender()
        if isinstance(row, LinkButton):
            self.jump_wanted.emit(row.mark)


class LinkButton(QPushButton):
    """One evidence link: a small picture of its place, the words under the mark, and where it is."""

    def __init__(self, mark: Annotation, said: str, where: str, parent: QWidget | None = None) -> None:
        """Show what a mark `said`, and `where` it stands."""
        super().__init__(parent)
        self.mark = mark
        self._said, self._where = said, where
        self._pictures: LinkPictures | None = None
        text = f"“{said}”" if said else where
        whole = f"{text}  ·  {where}" if where and where != text else text
        self.setProperty("kind", "nav")
        self.setAccessibleName(whole)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_plain_tooltip(self, whole)

    def use_pictures(self, pictures: LinkPictures | None) -> None:
        """Where its picture comes from."""
        self._pictures = pictures
        if pictures is not None:
            pictures.arrived.connect(self.update)

    def sizeHint(self) -> QSize:
        """As high as the picture with some air."""
        line = self.fontMetrics().height()
        return QSize(line * 12, round(line * (_PICTURE_LINES[1] + 0.7)))

    def minimumSizeHint(self) -> QSize:
        """Narrower than the words: they are elided."""
        return QSize(self.fontMetrics().height() * 8, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of a button, the picture, and two kinds of words beside it."""
        super().paintEvent(event)
        colours, line = colours_of(self), float(self.fontMetrics().height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = (round(line * lines) for lines in _PICTURE_LINES)
        box = QRectF(line * 0.35, (self.height() - height) / 2, width, height)
        self._paint_picture(painter, box, PictureSize(width, height, self.devicePixelRatioF()))
        words = QRectF(box.right() + line * 0.6, box.top(), self.width() - box.right() - line, box.height())
        painter.setPen(QColor(colours.text))
        used = 0.0
        if self._said:
            used = paint_lines(painter, words, f"“{self._said}”", scaled_font(100), 2)
        painter.setPen(QColor(colours.quiet if self._said else colours.text))
        font = scaled_font(90 if self._said else 100)
        paint_lines(painter, words.adjusted(0, used, 0, 0), self._where, font, 1 if self._said else 2)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRectF, size: PictureSize) -> None:
        """The picture of the place, or the icon of what it stands on."""
        colours = colours_of(self)
        image = self._pictures.picture(self.mark, size) if self._pictures is not None else None
        painter.setPen(QColor(colours.separator))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(box, 3, 3)
        if image is not None:
            painter.drawImage(box.topLeft(), image)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            return
        anchor = self.mark.anchor
        name = "message-square" if anchor.source_kind is SourceKind.RESPONSE else "file-text"
        name = "film" if anchor.span is not None else "file-spreadsheet" if anchor.cells else name
        side = float(round(box.height() * 0.4))
        icon = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        painted(painter, name, colours.quiet, icon)
