"""Stands for the workspace: saves drafts, changes and deletions at once and shows the result again."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.viewers.base import EvidenceViewer
from tests.builders import NOON, submission_id


class Keeper(QObject):
    """Keeps the marks that a viewer makes."""

    def __init__(self, viewer):
        super().__init__(viewer)
        self.viewer = viewer
        self.drafts = []
        self.changes = []
        self.edits = []
        self.kept: dict[str, Annotation] = {}
        viewer.annotation_created.connect(self.create)
        viewer.marks_edited.connect(self.edit)
        if isinstance(viewer, EvidenceViewer):
            viewer.layers_wanted.connect(viewer.set_layers)

    def create(self, draft):
        self._make(draft)
        self.show()

    def _make(self, draft):
        self.drafts.append(draft)
        number = draft.id or AnnotationId(f"mark-{len(self.drafts)}")
        self.kept[number] = Annotation(
            id=number,
            submission_id=submission_id(),
            kind=draft.kind,
            anchor=draft.anchor,
            comment=draft.comment,
            audience=Audience.ONLY_ME,
            criteria=draft.criteria,
            colour=draft.colour,
            created_at=NOON,
            modified_at=NOON,
            opacity=draft.opacity,
            line_width_pt=draft.line_width_pt,
        )

    def _put(self, annotation):
        self.changes.append(annotation)
        self.kept[annotation.id] = replace(annotation, revision=self.kept[annotation.id].revision + 1)

    def edit(self, edit):
        """As the store does: all of it, then one look at the result."""
        self.edits.append(edit)
        for annotation in edit.puts:
            self._put(annotation)
        for draft in edit.drafts:
            self._make(draft)
        for annotation_id in edit.deletes:
            del self.kept[annotation_id]
        self.show()

    def show(self):
        self.viewer.set_annotations(tuple(self.kept.values()))

    @property
    def last(self):
        return list(self.kept.values())[-1]
