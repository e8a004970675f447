"""Running verbs on the write lane for one view; each edit's keeper is told how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.tasks import Lanes

Verb = Callable[[Any], ChangeSet]
"""One transaction on the local store, of an open profile."""


class VerbWriter(QObject):
    """Writes for one submission, in the order in which things were done."""

    refused = Signal()
    """A verb failed in a known way, which was told to the person: show what is stored."""

    def __init__(self, lanes: Lanes, submission_id: SubmissionId, view: QObject) -> None:
        """Write on behalf of a view.

        Args:
            lanes: where verbs run.
            submission_id: what is written on.
            view: the view that asks, told to everybody as the initiator; owns this object.
        """
        super().__init__(view)
        self._lanes, self._submission_id, self._view = lanes, submission_id, view

    def write(
        self, verb: Verb, keeper: Keeper | None = None, *, done: Callable[[], object] | None = None
    ) -> None:
        """Run a verb.

        Args:
            verb: one transaction on the local store.
            keeper: told how it ended; its text stays on screen as unsaved when the verb fails.
            done: called once it is committed.
        """

        def settled(_changes: ChangeSet) -> None:
            if keeper is not None and shiboken6.isValid(keeper):
                keeper.kept()
            if done is not None:
                done()

        def failed(error: KnownError) -> None:
            if keeper is not None and shiboken6.isValid(keeper):
                keeper.lost()
            self._lanes.trouble.emit(error)
            self.refused.emit()

        self._lanes.write(verb, owner=self._view, done=settled, failed=failed)
