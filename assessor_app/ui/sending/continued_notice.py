"""A line above the work that says, once, that it goes on from another computer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import draft_copies
from assessor_app.ui.announce import announce
from assessor_app.ui.changes import concerns_submission
from assessor_app.ui.copy_words import continued_words
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import space


class ContinuedNotice(QWidget):
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
        super().__init__(parent)
        self._lanes, self._submission_id, self._now = lanes, submission_id, now
        frame = QFrame(self)
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        frame.setProperty("card", "accent")
        self.words = plain_label("", "body", self, wraps=True)
        self.button = QPushButton(self.tr("Understood"), self)
        self.button.setProperty("kind", "quiet")
        self.button.clicked.connect(self.hide)
        row = SideBySide(frame)
        row.box.addWidget(icon_label("repeat", "accent", factor=1.2))
        row.box.addWidget(self.words, 1)
        row.box.addWidget(self.button)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(space(self, 3), space(self, 1), space(self, 3), space(self, 1))
        inside.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 2))
        column.addWidget(frame)
        self.hide()
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
