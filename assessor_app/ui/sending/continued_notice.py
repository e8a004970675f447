"""A line above the work that says, once, that it goes on from another computer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import draft_copies
from assessor_app.ui.announce import announce
from assessor_app.ui.changes import concerns_submission
from assessor_app.ui.copy_words import continued_words
from assessor_app.ui.sending.notice_line import NoticeLine
from assessor_app.ui.tasks import Lanes


class ContinuedNotice(NoticeLine):
    """Hidden unless work of another computer was taken up here since the person last looked."""

    def __init__(
        self,
        lanes: Lanes,
        submission_id: SubmissionId,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """Begin hidden, and ask.

        Args:
            lanes: where verbs and reads run.
            submission_id: what is open.
            now: the present, aware.
            parent: Qt parent.
        """
        super().__init__("repeat", "body", parent)
        self._lanes, self._submission_id, self._now = lanes, submission_id, now
        self.button.setText(self.tr("Understood"))
        self.button.setProperty("kind", "quiet")
        self.button.clicked.connect(self.hide)
        lanes.changed.connect(self._changed)
        self._ask()

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes.initiator is None and concerns_submission(changes, self._submission_id):
            self._ask()

    def _ask(self) -> None:
        submission_id = self._submission_id
        self._lanes.read(
            self,
            lambda context: draft_copies.continued_at(context, submission_id),
            self._tell,
            key="continued",
        )

    def _tell(self, saved_at: datetime | None) -> None:
        if saved_at is None:
            return
        self.words.setText(continued_words(saved_at, self._now()))
        self.show()
        announce(self, self.words.text())
        submission_id = self._submission_id
        self._lanes.write(lambda context: draft_copies.continued_told(context, submission_id))
