"""Texts that never turn into markup. A QLabel or tool tip that guesses rich text reads local files."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from assessor_app.ui.style_sheet import TEXT_ROLES

INVISIBLE = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200B),
        (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Direction overrides, marks that take no room, control characters: they make a name look like another."""

MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
"""As `html.escape` has it, without loading the names of two thousand characters at each start."""

INVISIBLE_IN_LINES = {code: gone for code, gone in INVISIBLE.items() if code not in (0x09, 0x0A)}
"""The same for text of several lines."""

TIP_CHARS = 4_000
"""Longest tool tip, in code points: more than a screen holds."""

LINE_CHARS = 400
"""Longest line made of a stranger's text, in code points."""


def one_line(text: str) -> str:
    """A stranger's name for one line of the screen: no controls, no direction overrides, single spaces.

    What is longer than `LINE_CHARS` ends in an ellipsis: nobody reads on, and a screen reader would.
    """
    line = " ".join(" ".join(text[: LINE_CHARS * 8].split()).translate(INVISIBLE).split())
    return line if len(line) <= LINE_CHARS else line[: LINE_CHARS - 1].rstrip() + "…"


def plain_label(
    text: str = "", role: str = "body", parent: QWidget | None = None, *, wraps: bool = False
) -> QLabel:
    """A label that shows `text` as it is.

    Args:
        text: any text, a learner's included.
        role: size, weight and colour: a key of `TEXT_ROLES`.
        parent: Qt parent.
        wraps: whether long text goes on in the next line.
    """
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wraps)
    set_role(label, role)
    return label


def set_role(label: QLabel, role: str) -> None:
    """Give a label another role; the style follows at once.

    Raises:
        KeyError: there is no such role.
    """
    if role not in TEXT_ROLES:
        raise KeyError(role)
    if label.property("role") != role:
        label.setProperty("role", role)
        restyle(label)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again; one not yet shown is looked at when it is."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def plain_tip(untrusted_text: str) -> str:
    """What a tool tip must be given to show a text as it is, wrapped to a readable width.

    A tool tip has no format that could be set: Qt looks at the words. Escaped words within a paragraph are
    markup that says exactly them.
    """
    shown = untrusted_text.translate(INVISIBLE_IN_LINES)[:TIP_CHARS]
    return f"<p>{shown.translate(MARKUP)}</p>" if shown else ""


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tool tip that shows `text` as it is, wrapped to a readable width."""
    widget.setToolTip(plain_tip(text))


def card(kind: str = "true", parent: QWidget | None = None) -> QFrame:
    """A rounded frame. Kinds: true (neutral), floating (above others), accent, ok, warning, danger."""
    frame = QFrame(parent)
    frame.setProperty("card", kind)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return frame


def separator(parent: QWidget | None = None) -> QFrame:
    """A thin line from side to side."""
    line = QFrame(parent)
    line.setProperty("line", "true")
    return line


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where room is short; the whole text is its name and tool tip."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        """Show `text` in the given role."""
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        set_role(self, role)
        self.set_whole_text(text)

    def set_whole_text(self, text: str) -> None:
        """Replace the text."""
        self._whole = one_line(text)
        self.setAccessibleName(self._whole)
        self._fit()

    def whole_text(self) -> str:
        """The text without ellipsis."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """A few characters; the rest may be elided."""
        return QSize(self.fontMetrics().averageCharWidth() * 6, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2 * self.margin() + 2
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the text to a new font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        fitted = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(0, self.contentsRect().width())
        )
        if fitted != self.text():
            self.setText(fitted)
            set_plain_tooltip(self, self._whole if fitted != self._whole else "")
            self.updateGeometry()


class ShortLabel(ElidedLabel):
    """Asks for a few characters only: it takes what the others in its line leave."""

    def sizeHint(self) -> QSize:
        """A few characters; it is stretched where there is more."""
        return self.minimumSizeHint()
