"""Marks whose place is not found, gathered from everything that was opened, and placed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from assessor_app.documents.anchoring import Placement
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.annotation_list import AnnotationList
from assessor_app.ui.annotate.drafts import MarksEdit
from assessor_app.ui.workspaces.document_place import DocumentPlace


class LostMarks(QObject):
    """Tells the list of marks which have no place, and puts one where the person is.

    Args:
        marks: the list.
        document: where evidence is shown.
        parent: the workspace.
    """

    def __init__(self, marks: AnnotationList, document: DocumentPlace, parent: QObject) -> None:
        super().__init__(parent)
        self._list, self._document = marks, document
        self._by_source: dict[str, frozenset[AnnotationId]] = {}
        self._moved: dict[str, Mapping[AnnotationId, Placement]] = {}
        document.view.places_known.connect(self._told)
        marks.place_again.wanted.connect(self._place)

    @Slot(str, object, object)
    def _told(
        self,
        source_id: str,
        not_found: frozenset[AnnotationId],
        moved: Mapping[AnnotationId, Placement],
    ) -> None:
        self._tell_lost(source_id, not_found)
        if self._moved.get(source_id, {}) != moved:
            self._moved[source_id] = moved
            self._list.set_moved({id_: place for each in self._moved.values() for id_, place in each.items()})

    def _tell_lost(self, source_id: str, not_found: frozenset[AnnotationId]) -> None:
        if self._by_source.get(source_id, frozenset()) != not_found:
            self._by_source[source_id] = not_found
            self._list.set_not_found(frozenset().union(*self._by_source.values()))

    @Slot(object)
    def _place(self, mark: Annotation) -> None:
        anchor = self._document.view.viewer.anchor_here(mark)
        if anchor is None:
            self._list.place_again.ask_for_words()
            return
        for source_id, not_found in list(self._by_source.items()):
            self._tell_lost(source_id, not_found - {mark.id})
        self._document.marks_edited.emit(
            MarksEdit(self.tr("Place mark"), puts=(replace(mark, anchor=anchor),))
        )
