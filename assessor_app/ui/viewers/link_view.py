"""The card of a link: where it leads, what the platform found there and captured. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.links import may_be_marked
from assessor_app.domain.submissions import Link, LinkState
from assessor_app.ui.announce import announce
from assessor_app.ui.button_row import ButtonRow
from assessor_app.ui.external_links import host_shown, open_external
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, one_line, plain_label, set_role
from assessor_app.ui.plain_text import card as card_frame
from assessor_app.ui.scoring.not_scorable_choice import Judged, Judging, NotScorableChoice
from assessor_app.ui.theme import space
from assessor_app.ui.viewers import link_words
from assessor_app.ui.viewers.base import Command, EvidenceViewer

_BREAK = "\u200b"
"""Where a line may be wrapped; nothing is seen of it."""
_ICONS = {
    LinkState.OPENS: ("circle-check", "ok"),
    LinkState.CLOSED: ("ban", "warning"),
    LinkState.UNKNOWN: ("circle-help", "quiet"),
}
_COLUMN_IN_CHARS = 76


class LinkView(EvidenceViewer):
    """Shows a link. It is opened in the browser by the person's explicit act alone."""

    snapshot_wanted = Signal()
    """Show what the platform captured."""
    not_scorable = Signal(object)
    """NotScorableMarking: the person marked the link as inaccessible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link: Link | None = None
        self._judging = Judging()
        self._criteria: tuple[Judged, ...] = ()
        self.title = ElidedLabel("", "title", self)
        self.host = plain_label("", "strong", self, wraps=True)
        self.address = plain_label("", "caption", self, wraps=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state_icon = icon_label("circle-help", "quiet", factor=1.3)
        self.state_title = plain_label("", "heading", self, wraps=True)
        self.state = plain_label("", "body", self, wraps=True)
        self.checks = plain_label("", "quiet", self, wraps=True)
        self.snapshot = plain_label("", "body", self, wraps=True)
        self.snapshot_button = QPushButton(self.tr("Read the snapshot"), self)
        dress(self.snapshot_button, "file-text")
        self.open_button = QPushButton(self.tr("Open in browser…"), self)
        dress(self.open_button, "external-link")
        self.mark_button = QPushButton(self.tr("Mark as inaccessible…"), self)
        dress(self.mark_button, "ban")
        self.choice = NotScorableChoice(self)
        self.done = plain_label("", "ok", self, wraps=True)
        self._lay_out()
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._show_choice)
        self.setFocusProxy(self.open_button)
        self.open_button.clicked.connect(self._open)
        self.snapshot_button.clicked.connect(self.snapshot_wanted)
        self.mark_button.clicked.connect(self.mark_inaccessible)
        self.choice.chosen.connect(self._marked)
        self.choice.left.connect(self.mark_button.setFocus)

    # ---- what is shown ----

    def open_link(self, link: Link) -> None:
        """Show a link."""
        self._link = link
        self.choice.leave()
        self.done.hide()
        host = host_shown(link.url)
        self.title.set_whole_text(one_line(link.title) or self.tr("A link"))
        self.host.setText(
            self.tr("Leads to {host}").format(host=_breakable(host))
            if host
            else self.tr("This is no web address that can be opened safely.")
        )
        self.address.setText(_breakable(one_line(link.url)))
        icon, tone = _ICONS[link.state]
        dress(self._state_icon, icon, tone, factor=1.3)
        self.state_title.setText(link_words.state_title(link))
        self.state.setText(link_words.state_words(link))
        lines = [link_words.check_words(check) for check in link.checks]
        self.checks.setText("\n".join(lines) or self.tr("The platform has not looked at it yet."))
        self.snapshot.setText(link_words.snapshot_words(link))
        set_role(self.snapshot, "body" if link.snapshot is not None else "quiet")
        self.snapshot_button.setVisible(link.snapshot is not None)
        self.open_button.setEnabled(host is not None)
        self.setAccessibleName(self.title.whole_text())
        self.setAccessibleDescription(f"{self.host.text()} {self.state.text()}".replace(_BREAK, ""))
        self._offer()

    def set_judging(self, judging: Judging, criteria: tuple[Judged, ...]) -> None:
        """What may be called not scorable.

        Args:
            judging: the rubric's reasons, and whether anything may be changed.
            criteria: those that depend on this link.
        """
        self._judging, self._criteria = judging, criteria
        self._offer()

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return {"link.inaccessible": self.mark_inaccessible}

    @Slot()
    def mark_inaccessible(self) -> None:
        """Ask which criteria cannot be judged without the link; say why not where it may not be marked."""
        link = self._link
        if link is None:
            return
        codes = self._judging.link_codes()
        if self.mark_button.isHidden() or not codes:
            announce(self, f"{self.state_title.text()}. {self.state.text()}")
            return
        note = link_words.proof_note(link, host_shown(link.url) or "")
        self.done.hide()
        self.choice.ask(self._criteria, codes, note)
        self._reveal.start()

    def escape(self) -> bool:
        """Close the question."""
        if self.choice.isVisible():
            self.choice.leave()
            return True
        return False

    def minimumSizeHint(self) -> QSize:
        """Wide enough for every button; the rest is wrapped or scrolled."""
        least = max(
            self._buttons.least_px(), self.choice.buttons.least_px() if self.choice.isVisible() else 0
        )
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return QSize(least + space(self, 20) + bar, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        self._arrange_buttons()

    # ---- inside ----

    def _lay_out(self) -> None:
        frame = card_frame("true", self)
        frame.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS))
        inner = QVBoxLayout(frame)
        edge = space(self, 5)
        inner.setContentsMargins(edge, edge, edge, edge)
        inner.setSpacing(space(self, 1.5))
        for widget in (self.title, self.host, self.address):
            inner.addWidget(widget)
        inner.addSpacing(space(self, 2))
        state = QHBoxLayout()
        state.setSpacing(space(self, 1.5))
        state.addWidget(self._state_icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self.state_title, 1)
        inner.addLayout(state)
        for widget in (self.state, self.checks):
            inner.addWidget(widget)
        inner.addSpacing(space(self, 2))
        inner.addWidget(self.snapshot)
        inner.addSpacing(space(self, 2))
        self._buttons = ButtonRow((self.snapshot_button, self.open_button, self.mark_button))
        inner.addLayout(self._buttons)
        inner.addWidget(self.done)
        inner.addWidget(self.choice)
        page = QWidget(self)
        outer = QVBoxLayout(page)
        outer.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 8)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(2)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    def _offer(self) -> None:
        """Marking is offered only where it is proved, and where the rubric has a reason for it."""
        link, judging = self._link, self._judging
        is_offered = (
            link is not None
            and may_be_marked(link)
            and judging.is_editable
            and bool(judging.link_codes())
            and bool(self._criteria)
        )
        self.mark_button.setVisible(is_offered)
        if not is_offered:
            self.choice.hide()
        self._arrange_buttons()

    def _arrange_buttons(self) -> None:
        frame_px = self.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS
        self._buttons.fit(min(self.width() * 8 // 10, frame_px) - 2 * space(self, 5))
        self.updateGeometry()

    @Slot()
    def _show_choice(self) -> None:
        """Bring the whole question into view, once it has its place."""
        self._scroll.ensureWidgetVisible(self.choice.mark_button)
        self._scroll.ensureWidgetVisible(self.choice.boxes[0])

    @Slot(object)
    def _marked(self, marking: object) -> None:
        self.done.setText(self.tr("Marked. Undo takes it back."))
        self.done.show()
        self.mark_button.setFocus()
        self.not_scorable.emit(marking)

    def _open(self) -> None:
        if self._link is not None:
            open_external(self._link.url, self)


def _breakable(address: str, every: int = 24) -> str:
    """A long address that can be wrapped, without a change to what is read."""
    return _BREAK.join(address[at : at + every] for at in range(0, min(len(address), 2048), every))
