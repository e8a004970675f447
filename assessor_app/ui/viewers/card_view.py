"""The honest card: what it is, why it is not shown, what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from assessor_app.documents.pages import Card
from assessor_app.domain.submissions import Artifact
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, one_line, plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.asking_card import AskingCard

ICONS = {
    "no_rendition": "file-text",
    "recording_unknown": "film",
    "recording_damaged": "film",
    "no_picture": "film",
    "no_sound": "volume-x",
    "recording_slow": "clock",
    "recording_crashed": "triangle-alert",
    "recording_was_open": "triangle-alert",
    "archive": "paperclip",
    "not_here": "download",
    "held": "download",
    "damaged_there": "triangle-alert",
    "encrypted": "lock",
    "damaged": "triangle-alert",
    "page_damaged": "triangle-alert",
    "seal_damaged": "triangle-alert",
    "picture_too_large": "image",
    "timeout": "clock",
    "unsafe_archive": "ban",
    "nothing": "inbox",
}
"""Icons by a card's reason; anything else is a file with a question mark."""
_NOTHING_THERE = frozenset({"nothing", "not_here", "held", "seal_damaged", "closed", "error"})
NO_VERDICT = _NOTHING_THERE | {"timeout", "crashed", "too_much_memory", "bad_answer"}
"""Reasons that say nothing about the learner's file, only about this program: nobody is judged by them."""
NEVER_OUTSIDE = _NOTHING_THERE | {
    "unsafe_archive",
    "not_what_it_says",
    "archive",
    "unknown_kind",
    "empty",
    "damaged_there",
}
"""Reasons for which no other program is offered."""
_COLUMN_IN_CHARS = 72


@dataclass(frozen=True, slots=True)
class CardSubject:
    """What a card is about."""

    artifact: Artifact
    submission_code: str
    """Such as "S-4F2K"."""
    may_open_outside: bool
    """Whether its kind is safe to hand to another program."""


class CardView(AskingCard):
    """Shows a card in the middle of the view, with what can be done as buttons."""

    retry_requested = Signal()
    """Try the same piece of evidence again."""
    list_requested = Signal()
    """Go back to the list of evidence."""
    report_requested = Signal(str)
    """Neutral facts about the file, for the team lead."""
    get_requested = Signal()
    """Fetch the file, whatever kept it from coming."""
    outside_requested = Signal()
    """Open the file in another program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("CardView", "Not scorable…"), _COLUMN_IN_CHARS, parent)
        self._card = Card("nothing", "", "", can_retry=False)
        self._subject: CardSubject | None = None
        self._icon = icon_label("file-question-mark", "quiet", factor=2.2)
        self.name = ElidedLabel("", "caption", self)
        self.title = plain_label("", "title", self, wraps=True)
        self.message = plain_label("", "body", self, wraps=True)
        self.retry_button = QPushButton(self.tr("Try again"), self)
        self.get_button = QPushButton(self.tr("Get it now"), self)
        dress(self.get_button, "download")
        self.outside_button = QPushButton(self.tr("Open outside…"), self)
        dress(self.outside_button, "external-link")
        self.report_button = QPushButton(self.tr("Report…"), self)
        dress(self.report_button, "flag")
        self.copy_button = QPushButton(self.tr("Copy a report"), self)
        self.copy_button.setProperty("kind", "quiet")
        self.list_button = QPushButton(self.tr("Back to the list"), self)
        self.list_button.setProperty("kind", "quiet")
        self._lay_out()
        self.retry_button.clicked.connect(self.retry_requested)
        self.get_button.clicked.connect(self._get)
        self.list_button.clicked.connect(self.list_requested)
        self.outside_button.clicked.connect(self.outside_requested)
        self.report_button.clicked.connect(self._report)
        self.copy_button.clicked.connect(self._copy_report)
        self.mark_button.clicked.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._offer()

    def show_card(self, card: Card, name: str = "") -> None:
        """Show another card.

        Args:
            card: its words.
            name: neutral name of the piece of evidence.
        """
        self._card = card
        dress(self._icon, ICONS.get(card.reason, "file-question-mark"), "quiet", factor=2.2)
        self.name.set_whole_text(name)
        self.name.setVisible(bool(name))
        self.title.setText(card.title)
        self.message.setText(card.message)
        is_dared = card.reason == "recording_was_open"
        self.retry_button.setText(self.tr("Try again all the same") if is_dared else self.tr("Try again"))
        self.retry_button.setVisible(card.can_retry)
        is_again = card.reason == "damaged_there"
        self.get_button.setText(self.tr("Get it once more") if is_again else self.tr("Get it now"))
        self.setAccessibleName(f"{name}. {card.title}" if name else card.title)
        self.setAccessibleDescription(card.message)
        self.done.hide()
        self.choice.leave()
        self._offer()

    def set_subject(self, subject: CardSubject | None) -> None:
        """What the card is about; None when it is about no file."""
        self._subject = subject
        self._offer()

    # ---- inside ----

    def _lay_out(self) -> None:
        column = self._begin_card(2)
        for widget in (self._icon, self.name, self.title, self.message):
            column.addWidget(widget)
        column.addSpacing(space(self, 1))
        self._end_card(column, self._all_buttons())

    def _all_buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.get_button,
            self.retry_button,
            self.mark_button,
            self.outside_button,
            self.report_button,
            self.copy_button,
            self.list_button,
        )

    @Slot()
    def _get(self) -> None:
        self.get_button.setEnabled(False)
        self.get_requested.emit()

    def _offer(self) -> None:
        """Only what means something for this card."""
        self.get_button.setVisible(self._card.reason in ("held", "damaged_there"))
        self.get_button.setEnabled(True)
        reason, subject, judging = self._card.reason, self._subject, self._judging
        is_verdict = subject is not None and reason not in NO_VERDICT
        can_mark = is_verdict and judging.is_editable and bool(judging.file_codes()) and bool(self._criteria)
        for button in (self.report_button, self.copy_button):
            button.setVisible(subject is not None and reason not in ("nothing", "closed", "held"))
        is_safe = subject is not None and subject.may_open_outside
        self.outside_button.setVisible(is_safe and reason not in NEVER_OUTSIDE)
        self._offer_marking(can_mark)

    @Slot()
    def _ask(self) -> None:
        title = self._card.title.rstrip(".")
        note = self.tr("{name}: {reason}.").format(name=self.name.whole_text(), reason=title)
        self.ask(self._judging.file_codes(), note)

    @Slot()
    def _report(self) -> None:
        if self._subject is not None:
            self.report_requested.emit(report_of(self._card, self._subject))

    @Slot()
    def _copy_report(self) -> None:
        subject = self._subject
        if subject is None:
            return
        QGuiApplication.clipboard().setText(report_of(self._card, subject))
        self.say(self.tr("Copied. Paste it into a message to your team lead; nothing was sent."))


def report_of(card: Card, subject: CardSubject) -> str:
    """Neutral facts about a file that is not shown: nothing of its content, and nobody's name.

    Args:
        card: why it is not shown.
        subject: the file.
    """
    artifact = subject.artifact
    facts = (
        f"Submission: {subject.submission_code}",
        f"File: {one_line(artifact.filename)} ({artifact.id})",
        f"Announced as: {one_line(artifact.media_type)}, {artifact.size_bytes} bytes",
        f"SHA-256: {artifact.sha256}",
        f"Shown instead: {card.title} [{card.reason}]",
    )
    return "\n".join(facts)
