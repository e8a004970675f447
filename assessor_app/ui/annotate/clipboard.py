"""Copies of marks. They stay within the submission: one learner's evidence never gets onto another's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from assessor_app.documents.anchoring import Target, anchor_words, find_words
from assessor_app.documents.pages import PageText
from assessor_app.documents.patches import with_words_for_covers
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.ui.annotate.drafts import AnnotationDraft
from assessor_app.ui.annotate.shapes import moved, on_target

_FORMAT = "application/x-assessor-marks"
_STEP_PT = 12.0
"""How far a copy lies from its original on the same page."""


class MarksClipboard:
    """Keeps copied marks; the system's clipboard gets their words, and a token by which they are known."""

    def __init__(self) -> None:
        self._copied: tuple[Annotation, ...] = ()
        self._token = b""
        self._pasted = 0

    def copy(self, marks: Sequence[Annotation]) -> None:
        """Copy marks, and their words as text for other programs."""
        self._copied, self._pasted = tuple(marks), 0
        self._token = hashlib.sha256(repr(self._copied).encode()).hexdigest().encode()
        data = QMimeData()
        data.setData(_FORMAT, QByteArray(self._token))
        data.setText("\n".join(said for mark in marks if (said := words_of(mark))))
        QGuiApplication.clipboard().setMimeData(data)

    def paste(
        self, target: Target, page_text: PageText | None, can_anchor: Callable[[Annotation], bool]
    ) -> tuple[AnnotationDraft, ...]:
        """Copies of the marks for a page; none when something else was copied since.

        Args:
            target: the page to paste on.
            page_text: its words, if they are known.
            can_anchor: whether a mark of this kind has a place there.
        """
        data = QGuiApplication.clipboard().mimeData()
        if not self._copied or bytes(data.data(_FORMAT).data()) != self._token:
            return ()
        self._pasted += 1
        marks = [mark for mark in self._copied if can_anchor(mark)]
        return copies(marks, target, page_text, self._pasted)


def copies(
    marks: Sequence[Annotation], target: Target, page_text: PageText | None, times: int = 1
) -> tuple[AnnotationDraft, ...]:
    """New marks like old ones. Who reads them is chosen anew: a copy is for its author only.

    Args:
        marks: the originals.
        target: the page to put them on.
        page_text: its words, if they are known.
        times: how often they were copied, so that copies do not hide each other.
    """
    return tuple(
        AnnotationDraft(
            mark.kind,
            _anchor(mark.anchor, target, page_text, times),
            mark.colour,
            mark.opacity,
            mark.line_width_pt,
            mark.comment,
            mark.criteria,
        )
        for mark in marks
    )


def said_aloud(text: str) -> str:
    """Words of evidence for other programs: what is covered says that it is."""
    words = QCoreApplication.translate("guard", "[may name a person]")
    return with_words_for_covers(text, words)


def words_of(mark: Annotation) -> str:
    """What a mark says as plain text: the marked words and the comment."""
    words = " ".join(mark.anchor.text.exact.split()) if mark.anchor.text is not None else ""
    words = said_aloud(words)
    return " — ".join(part for part in (words, mark.comment.strip()) if part)


def _anchor(anchor: Anchor, target: Target, page_text: PageText | None, times: int) -> Anchor:
    """The same words if they stand on the page, else the same place, a little aside on the same page."""
    if anchor.text is not None:
        span = find_words(anchor.text, page_text.text) if page_text is not None else None
        if span is not None and page_text is not None:
            return anchor_words(target, page_text, *span)
    is_same = (anchor.source_id, anchor.page) == (target.source_id, target.page)
    step = _STEP_PT * times if is_same else 0.0
    return moved(replace(on_target(anchor, target), text=None), step, step)
