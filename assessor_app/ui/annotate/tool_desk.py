"""What tools work on: the document at hand, its words, its marks, and how new ones are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, Slot

from assessor_app.documents.anchoring import Target, anchor_box, anchor_words
from assessor_app.documents.pages import PageText
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect, SourceKind
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.comment_box import CommentBox
from assessor_app.ui.annotate.comment_place import CommentPlace
from assessor_app.ui.annotate.drafts import AnnotationDraft, MarksEdit, Style
from assessor_app.ui.annotate.layer import AnnotationLayer
from assessor_app.ui.annotate.mark_verbs import MarkVerbs
from assessor_app.ui.annotate.sheet import Sheet
from assessor_app.ui.annotate.text_selection import TextSelection
from assessor_app.ui.annotate.visibility import ALL_LAYERS, LayerVisibility
from assessor_app.ui.annotate.words import kind_word
from assessor_app.ui.tasks import Lanes


class ToolDesk(QObject):
    """Marks, words and pen of one page view. Keeps nothing itself: what is made goes out as signals.

    Args:
        sheet: the page view.
        lanes: for finding places again.
        text_of: the words of a page; None while they are on their way.
        parent: Qt parent.
    """

    created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    edited = Signal(object)
    """MarksEdit: marks changed, taken away or copied, in one step."""
    layers_wanted = Signal(object)
    """LayerVisibility: a mark was made, so that one's own marks have to be in sight."""

    def __init__(
        self, sheet: Sheet, lanes: Lanes, text_of: Callable[[int], PageText | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self.text = text_of
        self.selection = TextSelection(text_of, self)
        self.layer = AnnotationLayer(lanes, self)
        self.place = CommentPlace(sheet, self.layer, self)
        self.verbs = MarkVerbs(self, self.may_change, self)
        self.modifiers = Qt.KeyboardModifier.NoModifier
        self.is_editable = True
        self.pen = Style()
        self._styles: dict[AnnotationKind, Style] = {}
        self._target: tuple[SourceKind, str, str, str] | None = None
        self._layers = ALL_LAYERS
        self.selection.changed.connect(self.repaint)
        self.layer.changed.connect(self.repaint)
        self.verbs.edited.connect(self._emit_edit)
        writing = self.place.writing
        writing.written.connect(self._text_written)
        writing.rewritten.connect(self._text_rewritten)
        writing.emptied.connect(self._text_emptied)

    @property
    def box(self) -> CommentBox:
        """The box beside the selected marks."""
        return self.place.box

    @property
    def has_document(self) -> bool:
        """Whether there is something to mark."""
        return self._target is not None and bool(self.sheet.sizes)

    def set_target(self, source_id: str, sha256: str, media_type: str) -> None:
        """Another document: the artifact's id, the digest of its bytes, and what they are."""
        self._target = (SourceKind.ARTIFACT, source_id, sha256, media_type)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide marks."""
        self._layers = layers
        self.layer.set_layers(layers)

    @property
    def scale(self) -> float:
        """Logical pixels for each point."""
        return self.sheet.scale

    @property
    def quarter_turns(self) -> int:
        """How far to the right pages are turned in the view, 0 to 3."""
        return self.sheet.quarter_turns

    def target(self, page: int) -> Target:
        """What an anchor on a page refers to."""
        assert self._target is not None, "a tool was used before a document was open"
        return Target(*self._target[:3], page, self.sheet.sizes[page], self._target[3])

    def style(self, kind: AnnotationKind) -> Style:
        """The colour in use, with the opacity and line width that marks of this kind had last."""
        return replace(self._styles.get(kind, self.pen), colour=self.pen.colour)

    def create(
        self, kind: AnnotationKind, anchor: Anchor, comment: str = "", id_: AnnotationId | None = None
    ) -> None:
        """Make a mark in the colour of the moment; it shows until it is saved or refused."""
        if not self.is_editable:
            return
        if not self._layers.mine:
            self.layers_wanted.emit(replace(self._layers, mine=True))
        style = self.style(kind)
        draft = AnnotationDraft(
            kind, anchor, style.colour, style.opacity, style.line_width_pt, comment, id=id_
        )
        self.layer.add_pending([draft])
        self.created.emit(draft)

    @Slot(object)
    def change(self, annotations: Sequence[Annotation]) -> None:
        """Have marks replaced; the next ones of their kinds look like them."""
        for mark in annotations:
            self._styles[mark.kind] = Style(mark.colour, mark.opacity, mark.line_width_pt)
        self.verbs.change(annotations)

    def erase(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Have marks taken away."""
        self.verbs.take_away(annotation_ids, is_erased=True)

    def write_text(self, page: int, rect: Rect) -> None:
        """Let the person type a new free text in a place."""
        if self.is_editable:
            self.place.writing.write(page, rect)

    def rewrite_text(self, annotation: Annotation) -> None:
        """Let the person type in a free text that is there."""
        if self.may_change(annotation.id):
            self.place.rewrite(annotation)

    @Slot()
    def repaint(self) -> None:
        """Paint the pages anew."""
        self.sheet.viewport().update()

    def scroll_by(self, dx: float, dy: float) -> None:
        """Move the pages."""
        for bar, by in ((self.sheet.horizontalScrollBar(), dx), (self.sheet.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(by))

    def mark_selection(self, kind: AnnotationKind) -> bool:
        """Mark the selected words; False when there are none."""
        page, span = self.selection.page, self.selection.span
        page_text = self.text(page) if page is not None else None
        if page is None or span is None or page_text is None or not self.is_editable:
            return False
        self.selection.clear()
        self.create(kind, anchor_words(self.target(page), page_text, *span))
        return True

    def may_change(self, annotation_id: AnnotationId) -> bool:
        """Whether a mark is the person's own, and can be changed now."""
        return self.is_editable and self.layer.can_change(annotation_id)

    @Slot(object)
    def _emit_edit(self, edit: MarksEdit) -> None:
        if self.is_editable:
            self.edited.emit(edit)

    @Slot(str, int, object, str)
    def _text_written(self, annotation_id: str, page: int, rect: Rect, words: str) -> None:
        anchor = anchor_box(self.target(page), (rect.x0, rect.y0), (rect.x1, rect.y1))
        self.create(AnnotationKind.FREE_TEXT, anchor, words, AnnotationId(annotation_id))

    @Slot(object, bool)
    def _text_rewritten(self, annotation: Annotation, goes_on: bool) -> None:
        label = kind_word(AnnotationKind.FREE_TEXT)
        self._emit_edit(MarksEdit(label, puts=(annotation,), goes_on=goes_on))

    @Slot(str)
    def _text_emptied(self, annotation_id: str) -> None:
        # It may not have come back yet: it is taken away once it was kept.
        self._emit_edit(MarksEdit(self.tr("Delete mark"), deletes=(AnnotationId(annotation_id),)))
