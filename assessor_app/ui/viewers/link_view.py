"""The card of a link: where it leads, what the platform found there and when. Nothing is fetched here."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.submissions import Link, LinkState
from assessor_app.ui.external_links import host_shown, open_external
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, one_line, plain_label
from assessor_app.ui.plain_text import card as card_frame
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import EvidenceViewer

_BREAK = "\u200b"
"""Where a line may be wrapped; nothing is seen of it."""


class LinkView(EvidenceViewer):
    """Shows a link. It is opened in the browser by the person's explicit act alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link: Link | None = None
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        frame = card_frame("true", self)
        frame.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * 72))
        inner = QVBoxLayout(frame)
        edge = space(self, 5)
        inner.setContentsMargins(edge, edge, edge, edge)
        inner.setSpacing(space(self, 2))
        self._icon = icon_label("link", "quiet", factor=2.0)
        self.title = ElidedLabel("", "title", self)
        self.host = plain_label("", "strong", self, wraps=True)
        self.address = plain_label("", "caption", self, wraps=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.state = plain_label("", "body", self, wraps=True)
        self.checks = plain_label("", "quiet", self, wraps=True)
        self.snapshot = plain_label("", "quiet", self, wraps=True)
        self.open_button = QPushButton(self.tr("Open in browser…"), self)
        dress(self.open_button, "external-link")
        for widget in (
            self._icon, self.title, self.host, self.address, self.state, self.checks, self.snapshot,
        ):  # fmt: skip
            inner.addWidget(widget)
        inner.addSpacing(space(self, 1))
        inner.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 8)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(2)
        self.setFocusProxy(self.open_button)
        self.open_button.clicked.connect(self._open)

    def open_link(self, link: Link) -> None:
        """Show a link."""
        self._link = link
        host = host_shown(link.url)
        self.title.set_whole_text(one_line(link.title) or self.tr("A link"))
        self.host.setText(
            self.tr("Leads to {host}").format(host=_breakable(host))
            if host
            else self.tr("This is no web address that can be opened safely.")
        )
        self.address.setText(_breakable(one_line(link.url)))
        self.state.setText(self._state_words(link.state))
        icons = {LinkState.OPENS: "link-2", LinkState.CLOSED: "ban", LinkState.UNKNOWN: "circle-help"}
        dress(self._icon, icons[link.state], "quiet", factor=2.0)
        lines = [
            self.tr("Looked at {when}: {status}").format(
                when=_when(check.at.timestamp()), status=self._found_words(check.status)
            )
            for check in link.checks
        ]
        self.checks.setText("\n".join(lines) or self.tr("The platform has not looked at it yet."))
        self.snapshot.setText(self._comments_words(link.comments_captured))
        self.snapshot.setVisible(link.comments_captured is not None)
        self.open_button.setEnabled(host is not None)
        self.setAccessibleName(self.title.whole_text())
        self.setAccessibleDescription(f"{self.host.text()} {self.state.text()}".replace(_BREAK, ""))

    def _state_words(self, state: LinkState) -> str:
        return {
            LinkState.OPENS: self.tr("It opened when the platform looked."),
            LinkState.CLOSED: self.tr(
                "It did not open when the platform looked. That counts only once a second look on another "
                "day agrees."
            ),
            LinkState.UNKNOWN: self.tr(
                "Whether it opens is not known: the site asked for consent or kept the platform out. That "
                "proves nothing."
            ),
        }[state]

    def _found_words(self, status: str) -> str:
        """What a look found, in words; numbers are those of the web (RFC 9110), words stay as they are."""
        words = {
            "2": self.tr("the site answered"),
            "3": self.tr("it led elsewhere"),
            "401": self.tr("it asked for a sign-in"),
            "403": self.tr("it let nobody in"),
            "404": self.tr("there was nothing"),
            "410": self.tr("it was taken away"),
            "4": self.tr("the site refused"),
            "5": self.tr("the site was out of order"),
        }
        if not (len(status) == 3 and status.isdecimal()):
            return one_line(status)
        return words.get(status) or words.get(status[0]) or one_line(status)

    def _comments_words(self, are_captured: bool | None) -> str:
        if are_captured:
            return self.tr("The snapshot holds the comments on the page.")
        return self.tr("The snapshot does not hold comments: there may be some that are not seen here.")

    def _open(self) -> None:
        if self._link is not None:
            open_external(self._link.url, self)


def _when(timestamp_s: float) -> str:
    """A time in the person's zone and words."""
    moment = QDateTime.fromSecsSinceEpoch(int(timestamp_s))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def _breakable(address: str, every: int = 24) -> str:
    """A long address that can be wrapped, without a change to what is read."""
    return _BREAK.join(address[at : at + every] for at in range(0, min(len(address), 2048), every))
