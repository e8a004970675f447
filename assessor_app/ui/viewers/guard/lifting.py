"""Carries what viewers want of patches to the store, and tells them once it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import guarding
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.viewer_stack import ViewerStack


class Lifting(QObject):
    """For all viewers of one place.

    Args:
        lanes: where the store is written and read.
        stack: the viewers; also the parent.
    """

    def __init__(self, lanes: Lanes, stack: ViewerStack) -> None:
        super().__init__(stack)
        self._lanes, self._stack = lanes, stack
        self.submission_id = SubmissionId("")
        """Whose evidence is shown."""
        stack.lift_wanted.connect(self.lift)

    @Slot(object)
    def lift(self, wish: LiftWish) -> None:
        """Lift patches or put them back; shown only once it is kept."""
        submission_id, viewer = self.submission_id, self._stack.viewer

        def verb(context: Any) -> ChangeSet:
            return guarding.set_lifted(context, submission_id, wish)

        def done(_changes: ChangeSet) -> None:
            if viewer is self._stack.viewer:
                viewer.show_lifted(wish)

        self._lanes.write(verb, owner=self, done=done)

    def recall(self, source_id: str, show: Callable[[LiftWish], None]) -> None:
        """Tell which patches of a written answer were lifted earlier."""
        submission_id = self.submission_id

        def query(context: Any) -> LiftWish:
            return guarding.lifted_wish(context, submission_id, source_id)

        if submission_id:
            self._lanes.read(self, query, show, key="lifted")
