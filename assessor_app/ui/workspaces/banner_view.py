"""The banner above the work, and the line over it that says what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.submissions import Stage, Submission
from assessor_app.ui.chip_flow import ChipFlow
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, plain_label, restyle, set_role
from assessor_app.ui.tall_scroll import TallScroll, settle
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.banner import Banner, BannerAct
from assessor_app.ui.workspaces.standing import due_words

_WORK_LINES = 18
"""Lines of text that the work below keeps before a banner folds to its first line."""
_MORE = 12
"""Quarters of a line that must be left over before it unfolds by itself."""


class BannerView(QWidget):
    """Shows one banner, or nothing."""

    criterion_wanted = Signal(str)
    """Id of a criterion to go to."""
    take_back_wanted = Signal()
    act_wanted = Signal(str)
    """Id of an act that the banner offers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("How this stands"))
        self._shown: tuple[Banner | None, tuple[str, ...]] = (None, ())
        self._card: QFrame | None = None
        self._lines: list[QLabel] = []
        self._rest: TallScroll | None = None
        self._acts: QBoxLayout | None = None
        self._icon: QLabel | None = None
        self._title: QLabel | None = None
        self._buttons: list[QPushButton] = []
        self._more = QPushButton(self)
        self._more.setProperty("kind", "quiet")
        self._more.clicked.connect(self._toggle)
        self._has_room = self._is_unfolded = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 2))
        self.hide()

    @property
    def banner(self) -> Banner | None:
        """What is shown."""
        return self._shown[0]

    def show_banner(self, banner: Banner | None, names: Mapping[CriterionId, str]) -> None:
        """Show a banner.

        Args:
            banner: None hides it.
            names: short names of the criteria it can jump to.
        """
        labels = tuple(names[c] for c in banner.criteria if c in names) if banner is not None else ()
        if (banner, labels) == self._shown and (banner is None) == self.isHidden():
            return
        before = self._shown
        self._shown = (banner, labels)
        if before[1] == labels and _same_but_lines(before[0], banner) and self._tell_lines(banner):
            return
        if self._card is not None:
            self._more.setParent(self)
            self._card.hide()
            self._card.deleteLater()
            self._card = self._rest = self._acts = self._icon = self._title = None
            self._is_unfolded, self._lines = False, []
        self.setVisible(banner is not None)
        if banner is not None:
            self._card = self._built(banner, names)
            self.layout().addWidget(self._card)  # type: ignore[union-attr]
            self._fold()
            # At once: until then no layout counts it, and the work below is laid out as if it were not there.
            self._card.show()

    def fit(self, room_px: int, least_px: int = 0) -> None:
        """Fold to the first line where the work below would keep too little, and unfold where there is room.

        Args:
            room_px: the height that this and the work share.
            least_px: what the work must have of it.
        """
        if self._rest is None:
            return
        wanted = max(least_px, self.fontMetrics().lineSpacing() * _WORK_LINES)
        if not self._has_room:
            # More before it unfolds: what was asked may unfold as well, and must not fold it at once.
            wanted += space(self, _MORE)
        has_room = room_px - self._whole_px() >= wanted
        if has_room != self._has_room:
            self._has_room = has_room
            self._fold()
            settle(self._card, self)

    def _whole_px(self) -> int:
        """How high it is with everything in view."""
        if self._rest is None or self._icon is None or self._title is None:
            return 0
        width = self._words_px()
        words = self._title.heightForWidth(width) + self._rest.needed_px(width) + space(self, 0.75)
        gaps = space(self, 1) * len(self._buttons)
        column = sum(button.sizeHint().height() for button in self._buttons) + gaps
        return max(words, column) + space(self, 6)

    def _words_px(self) -> int:
        """How wide the words of an unfolded banner are."""
        acts_px = max((button.sizeHint().width() for button in self._buttons), default=0)
        icon_px = self._icon.sizeHint().width() if self._icon is not None else 0
        return self.width() - icon_px - acts_px - space(self, 12 + 2 * 2.5)

    @property
    def is_folded(self) -> bool:
        """Whether its first line stands there alone."""
        return self._rest is not None and self._rest.isHidden() and not self.isHidden()

    @Slot()
    def _toggle(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._fold()

    def _fold(self) -> None:
        """Show all of it, or the first line and the way to the rest."""
        if self._rest is None or self._acts is None or self._icon is None or self._card is None:
            return
        can_fold = not self._has_room and self._rest.widget() is not None
        is_open = self._has_room or self._is_unfolded
        if self._rest.isHidden():
            # As wide as it will be, before it is asked: words in the width of a widget that was never laid
            # out ask for many lines, and the work below may be left without the room.
            self._rest.resize(max(1, self._words_px()), self._rest.height())
        self._rest.setVisible(is_open and self._rest.widget() is not None)
        self._more.setVisible(can_fold)
        self._more.setText(self.tr("Less") if is_open else self.tr("More"))
        self._more.setAccessibleName(
            self.tr("Less of how this stands") if is_open else self.tr("More of how this stands")
        )
        dress(self._more, "chevron-up" if is_open else "chevron-down", "quiet", factor=1.0)
        for part in (self._icon, self._more):
            at = Qt.AlignmentFlag.AlignTop if is_open else Qt.AlignmentFlag.AlignVCenter
            self._card.layout().setAlignment(part, at)  # type: ignore[union-attr]
        directions = QBoxLayout.Direction
        # One below the other: beside each other they would leave the words a narrow column.
        self._acts.setDirection(directions.LeftToRight if can_fold else directions.TopToBottom)

    def _tell_lines(self, banner: Banner | None) -> bool:
        """Change the words where they stand: the keyboard stays where it is. False if more changed."""
        if self._card is None or banner is None or len(banner.lines) != len(self._lines):
            return False
        for label, line in zip(self._lines, banner.lines, strict=True):
            label.setText(line)
        return True

    def _built(self, banner: Banner, names: Mapping[CriterionId, str]) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("card", banner.kind)
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tone = banner.kind if banner.kind in ("ok", "warning", "danger", "accent") else "quiet"
        across = QHBoxLayout(frame)
        across.setContentsMargins(space(self, 3), space(self, 2), space(self, 3), space(self, 2))
        across.setSpacing(space(self, 2.5))
        self._icon = icon_label(banner.icon, tone, factor=1.4)
        across.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(space(self, 0.75))
        self._title = plain_label(banner.title, "strong", wraps=True)
        words.addWidget(self._title)
        self._rest = TallScroll(self.tr("How this stands"), frame)
        if banner.quoted or banner.lines or banner.criteria:
            self._rest.setWidget(self._rest_of(banner, names))
        words.addWidget(self._rest)
        across.addLayout(words, 1)
        across.addWidget(self._more)
        self._acts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._acts.setSpacing(space(self, 1))
        self._acts.addStretch(1)
        self._buttons = self._buttons_of(banner, frame)
        for button in self._buttons:
            self._acts.addWidget(button)
        self._acts.addStretch(1)
        across.addLayout(self._acts)
        return frame

    def _rest_of(self, banner: Banner, names: Mapping[CriterionId, str]) -> QWidget:
        """What stands below the first line."""
        rest = QWidget(self)
        column = QVBoxLayout(rest)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.75))
        if banner.quoted:
            column.addWidget(plain_label(banner.quoted, wraps=True))
        self._lines = [plain_label(line, "body", wraps=True) for line in banner.lines]
        for label in self._lines:
            column.addWidget(label)
        if banner.criteria:
            column.addWidget(self._jumps(banner, names))
        return rest

    def _buttons_of(self, banner: Banner, frame: QFrame) -> list[QPushButton]:
        buttons = [self._act_button(act, frame) for act in banner.acts]
        if banner.can_take_back:
            button = QPushButton(self.tr("Take back"), frame)
            dress(button, "undo-2", "text", factor=1.0)
            button.clicked.connect(self.take_back_wanted)
            buttons.insert(0, button)
        return buttons

    def _act_button(self, act: BannerAct, frame: QFrame) -> QPushButton:
        button = QPushButton(act.words, frame)
        dress(button, act.icon, "text", factor=1.0)
        button.setProperty("act", act.id)
        button.clicked.connect(self._act)
        return button

    @Slot()
    def _act(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.act_wanted.emit(str(sender.property("act")))

    def _jumps(self, banner: Banner, names: Mapping[CriterionId, str]) -> QWidget:
        holder = QWidget(self)
        row = ChipFlow(space(self, 1.5), holder)
        row.addWidget(plain_label(banner.criteria_title or self.tr("It names:"), "caption"))
        for criterion_id in banner.criteria:
            button = QPushButton(names.get(criterion_id, criterion_id).replace("&", "&&"), self)
            button.setProperty("kind", "chip")
            button.setProperty("criterion", criterion_id)
            button.clicked.connect(self._jump)
            row.addWidget(button)
        return holder

    @Slot()
    def _jump(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.criterion_wanted.emit(str(sender.property("criterion")))


def _same_but_lines(one: Banner | None, other: Banner | None) -> bool:
    return one is not None and other is not None and replace(one, lines=()) == replace(other, lines=())


class WorkspaceHeader(QWidget):
    """Back, title and code, when it is due, how it stands."""

    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.back_button = QPushButton(self.tr("Inbox"), self)
        self.back_button.setProperty("kind", "quiet")
        self.back_button.setAccessibleName(self.tr("Back to the inbox"))
        dress(self.back_button, "arrow-left", "text", factor=1.0)
        self.back_button.clicked.connect(self.back_wanted)
        self._title = ElidedLabel("", "heading")
        self._code = plain_label("", "caption")
        self._due = plain_label("", "quiet")
        self._saved = plain_label("", "caption")
        self.time_button = QPushButton(self)
        self.time_button.setProperty("kind", "quiet")
        self.time_button.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space(self, 2), space(self, 1.25), space(self, 4), space(self, 1.25))
        layout.setSpacing(space(self, 2.5))
        layout.addWidget(self.back_button)
        layout.addWidget(self._code)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._saved)
        layout.addWidget(self.time_button)
        layout.addWidget(self._due)

    def show_submission(
        self, submission: Submission, stage: Stage, now: datetime, *, is_due: bool = True
    ) -> None:
        """Show what is open, and when it is due.

        Args:
            submission: what is open.
            stage: whose date counts here.
            now: the present.
            is_due: whether anything is still expected of the person.
        """
        due, tone = due_words(submission, stage, now) if is_due else ("", "quiet")
        more = self.tr("Resubmission") if submission.prior else ""
        if submission.submission_type is SubmissionType.SINGLE_ARTIFACT:
            more = "  ·  ".join(part for part in (more, self.tr("Single artifact")) if part)
        self.show_words(code=submission.code, title=submission.title, due=due, due_tone=tone, more=more)

    def show_words(self, *, code: str, title: str, due: str, due_tone: str, more: str = "") -> None:
        """Show what is open.

        Args:
            code: the submission's code.
            title: the micro-credential's title.
            due: when it is due.
            due_tone: a text role: quiet, warning or danger.
            more: one more word beside the code, such as "Resubmission".
        """
        self._code.setText(f"{code}  ·  {more}" if more else code)
        self._title.set_whole_text(title)
        self._due.setText(due)
        set_role(self._due, due_tone)
        restyle(self._due)

    @Slot(bool)
    def show_saving(self, is_unsaved: bool) -> None:
        """Whether something written is not committed yet."""
        self._saved.setText(self.tr("Saving…") if is_unsaved else "")
