"""What the check found, submission by submission, each trouble with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.trips import Checked, Cure, Standing, SubmissionCheck
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.trip.trip_words import cure_words, here_words, not_shown_words, trouble_words


class Findings(QScrollArea):
    """One card for each submission; what is in the way stands first in it."""

    cure_wanted = Signal(str, object)
    """A submission's id and the Cure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What was found"))
        self._buttons: list[QPushButton] = []

    def show_checks(
        self,
        ids: Sequence[SubmissionId],
        checks: Sequence[SubmissionCheck],
        titles: Mapping[SubmissionId, str],
        now: datetime,
    ) -> None:
        """Show what was found of these submissions, in this order.

        Args:
            ids: the trip.
            checks: what was found so far.
            titles: code and title of each.
            now: for words about dates.
        """
        by_id = {check.id: check for check in checks}
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, space(self, 1), 0)
        column.setSpacing(space(self, 2))
        self._buttons = []
        for key in ids:
            column.addWidget(self._block(titles.get(key, ""), by_id.get(key), now))
        column.addStretch(1)
        self.setWidget(inner)

    def enable(self, *, is_enabled: bool) -> None:
        """While it runs nothing else can be asked for."""
        for button in self._buttons:
            button.setEnabled(is_enabled)

    # ---- inside ----

    def _block(self, title: str, found: SubmissionCheck | None, now: datetime) -> QFrame:
        frame = card("true", self)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(*[space(self, 3)] * 4)
        layout.setSpacing(space(self, 1.5))
        head = QHBoxLayout()
        head.setSpacing(space(self, 2))
        icon, tone = "circle", "quiet"
        if found is not None:
            icon, tone = ("triangle-alert", "warning") if found.troubles else ("circle-check", "ok")
        head.addWidget(icon_label(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(plain_label(title or (found.code if found else ""), "strong", wraps=True), 1)
        layout.addLayout(head)
        if found is None:
            layout.addWidget(plain_label(self.tr("Not looked at yet."), "quiet", wraps=True))
            return frame
        for item in found.troubles:
            layout.addLayout(self._trouble(found, item, now))
        for item in found.items:
            if item.standing is Standing.NOT_SHOWN:
                layout.addWidget(plain_label(not_shown_words(item), "quiet", wraps=True))
        here = here_words(found, now)
        if here:
            layout.addWidget(plain_label(self.tr("Here: {things}").format(things=here), "quiet", wraps=True))
        return frame

    def _trouble(self, found: SubmissionCheck, item: Checked, now: datetime) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        words = trouble_words(item, now)
        row.addWidget(plain_label(words, "body", wraps=True), 1)
        if item.cure is not Cure.NONE:
            button = QPushButton(cure_words(item), self)
            button.setAccessibleName(f"{cure_words(item)}: {words}")
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._ask, found.id, item.cure))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self._buttons.append(button)
        return row

    def _ask(self, key: SubmissionId, cure: Cure) -> None:
        self.cure_wanted.emit(str(key), cure)
