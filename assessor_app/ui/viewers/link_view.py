"""The card of a link: where it leads, what the platform found there and captured. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assessor_app.domain.links import may_be_marked
from assessor_app.domain.submissions import Link, LinkState
from assessor_app.ui.announce import announce
from assessor_app.ui.external_links import host_shown, open_external
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, one_line, plain_label, set_role
from assessor_app.ui.theme import space
from assessor_app.ui.viewers import link_words
from assessor_app.ui.viewers.asking_card import AskingCard
from assessor_app.ui.viewers.base import Command

_BREAK = "\u200b"
"""Where a line may be wrapped; nothing is seen of it."""
_ICONS = {
    LinkState.OPENS: ("circle-check", "ok"),
    LinkState.CLOSED: ("ban", "warning"),
    LinkState.UNKNOWN: ("circle-help", "quiet"),
}
_COLUMN_IN_CHARS = 76


class LinkView(AskingCard):
    """Shows a link. It is opened in the browser by the person's explicit act alone."""

    snapshot_wanted = Signal()
    """Show what the platform captured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            QCoreApplication.translate("LinkView", "Mark as inaccessible…"), _COLUMN_IN_CHARS, parent
        )
        self._link: Link | None = None
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
        self._lay_out()
        self.setFocusProxy(self.open_button)
        self.open_button.clicked.connect(self._open)
        self.snapshot_button.clicked.connect(self.snapshot_wanted)
        self.mark_button.clicked.connect(self.mark_inaccessible)

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
        self.ask(codes, note)

    # ---- inside ----

    def _lay_out(self) -> None:
        column = self._begin_card(1.5)
        for widget in (self.title, self.host, self.address):
            column.addWidget(widget)
        column.addSpacing(space(self, 2))
        state = QHBoxLayout()
        state.setSpacing(space(self, 1.5))
        state.addWidget(self._state_icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self.state_title, 1)
        column.addLayout(state)
        for widget in (self.state, self.checks):
            column.addWidget(widget)
        column.addSpacing(space(self, 2))
        column.addWidget(self.snapshot)
        column.addSpacing(space(self, 2))
        self._end_card(column, (self.snapshot_button, self.open_button, self.mark_button))

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
        self._offer_marking(is_offered)

    @Slot()
    def _open(self) -> None:
        if self._link is not None:
            open_external(self._link.url, self)


def _breakable(address: str, every: int = 24) -> str:
    """A long address that can be wrapped, without a change to what is read."""
    return _BREAK.join(address[at : at + every] for at in range(0, min(len(address), 2048), every))
