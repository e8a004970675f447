"""Stands for the workspace: saves drafts, changes and deletions at once and shows the result again."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.ids import AnnotationId
from tests.builders import NOON, submission_id


class Keeper(QObject):
    """Keeps the marks that a viewer makes."""

    def __init__(self, viewer):
        super().__init__(viewer)
        self.viewer = viewer
        self.drafts = []
        self.changes = []
        self.kept: dict[str, Annotation] = {}
        viewer.annotation_created.connect(self.create)
        viewer.annotation_changed.connect(self.change)
        viewer.annotation_deleted.connect(self.delete)

    def create(self, draft):
        self.drafts.append(draft)
        number = AnnotationId(f"mark-{len(self.drafts)}")
        self.kept[number] = Annotation(
            id=number,
            submission_id=submission_id(),
            kind=draft.kind,
            anchor=draft.anchor,
            comment="",
            audience=Audience.ONLY_ME,
            criteria=(),
            colour=draft.colour,
            created_at=NOON,
            modified_at=NOON,
        )
        self.show()

    def change(self, annotation):
        self.changes.append(annotation)
        self.kept[annotation.id] = annotation
        self.show()

    def delete(self, annotation_id):
        del self.kept[annotation_id]
        self.show()

    def show(self):
        self.viewer.set_annotations(tuple(self.kept.values()))

    @property
    def last(self):
        return list(self.kept.values())[-1]
