"""Icons in one line style, coloured from the scheme in force. QtSvg is loaded with the first icon."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import colours_of

ICON_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
LINE_WIDTH = "1.75"
"""Of 24 units; a little lighter than the source, to sit well beside text."""

SIZES_PX = (16, 20, 24, 32, 48)
TEXT_GAP = 0.3
"""Room between icon and text of a button, as a share of the icon's side; Qt leaves too little."""


@cache
def _drawing(name: str) -> str:
    """The SVG text of an icon.

    Raises:
        FileNotFoundError: there is no such icon; a bug.
    """
    text = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{LINE_WIDTH}"')


@cache
def pixmap(name: str, colour: str, size_px: int, ratio: float, gap_px: int = 0) -> QPixmap:
    """An icon drawn in one colour.

    Args:
        name: file name in resources/icons without its ending.
        colour: #rrggbb.
        size_px: side in device-independent pixels.
        ratio: device pixels to one of these.
        gap_px: empty room at the right, towards a text.
    """
    # Loaded here: the first paint may need no icon, and the module costs start-up time.
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    side = max(1, round(size_px * ratio))
    width = side + round(gap_px * ratio)
    image = QImage(QSize(width, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


def icon(
    name: str,
    colour: str,
    on_colour: str = "",
    *,
    off_duty: str = "",
    gap: float = 0.0,
    sizes_px: tuple[int, ...] = SIZES_PX,
) -> QIcon:
    """An icon for buttons and menus, sharp at the usual sizes.

    Args:
        name: file name without its ending.
        colour: #rrggbb.
        on_colour: colour of the checked state; the same if empty.
        off_duty: colour while the widget is disabled; what Qt makes of the other if empty.
        gap: empty room at the right as a share of the icon's side.
        sizes_px: sides to draw, in device pixels.
    """
    made = QIcon()
    for size in sizes_px:
        room = round(size * gap)
        made.addPixmap(pixmap(name, colour, size, 1.0, room), QIcon.Mode.Normal, QIcon.State.Off)
        if off_duty:
            made.addPixmap(pixmap(name, off_duty, size, 1.0, room), QIcon.Mode.Disabled, QIcon.State.Off)
        if on_colour:
            made.addPixmap(pixmap(name, on_colour, size, 1.0, room), QIcon.Mode.Normal, QIcon.State.On)
    return made


def icon_size(widget: QWidget, factor: float = 1.15) -> int:
    """A side in pixels that suits the widget's text."""
    return round(widget.fontMetrics().height() * factor)


_ASKS_FOR_ICON = (
    QEvent.Type.Polish,
    QEvent.Type.PaletteChange,
    QEvent.Type.FontChange,
    QEvent.Type.StyleChange,
)


class _Dresser(QObject):
    """Keeps a button's or label's icon in the colours of the scheme."""

    def __init__(self, widget: QAbstractButton | QLabel, name: str, tone: str, factor: float) -> None:
        super().__init__(widget)
        self._widget = widget
        self.name, self.tone, self._factor = name, tone, factor
        self._worn: tuple[object, ...] = ()
        self._is_awake = widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
        widget.installEventFilter(self)
        self.dress()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Dress when the widget is polished - before it is first measured or shown - and at each new look."""
        # Asked once: it is the dearer half of what a button pays for each event.
        kind = event.type()
        # A tree of widgets that is being collected may lose what Python kept before Qt's half falls silent.
        if getattr(self, "_widget", None) is None:
            return False
        if kind in _ASKS_FOR_ICON:
            # The widget itself counts as polished only after this event, and hears nothing more about it.
            self._is_awake |= kind == QEvent.Type.Polish
            self.dress()
        return False

    def dress(self) -> None:
        """Draw the icon in the colour of its tone; nothing for a widget that nobody has seen yet."""
        if not self._is_awake:
            return
        colours = colours_of(self._widget)
        colour = getattr(colours, self.tone)
        side = icon_size(self._widget, self._factor)
        ratio = self._widget.devicePixelRatioF()
        on_colour = ""
        if isinstance(self._widget, QAbstractButton) and self._widget.isCheckable():
            on_colour = colours.accent
        worn = (self.name, colour, on_colour, colours.quiet, side, ratio)
        if worn == self._worn:
            # A new look says so several times to each widget; putting the icon on measures it anew.
            return
        self._worn = worn
        if isinstance(self._widget, QLabel):
            self._widget.setPixmap(pixmap(self.name, colour, side, ratio))
        else:
            gap = TEXT_GAP if isinstance(self._widget, QPushButton) else 0.0
            sizes = (round(side * ratio),)
            made = icon(self.name, colour, on_colour, off_duty=colours.quiet, gap=gap, sizes_px=sizes)
            self._widget.setIcon(made)
            self._widget.setIconSize(QSize(round(side * (1 + gap)), side))


def dress(widget: QAbstractButton | QLabel, name: str, tone: str = "text", *, factor: float = 1.15) -> None:
    """Give a button or label an icon that follows the scheme; called again it replaces the icon.

    Args:
        widget: what wears it.
        name: file name without its ending.
        tone: a field of `Colours`, such as "text", "quiet", "accent", "warning".
        factor: side as a multiple of the text's height.
    """
    for dresser in widget.findChildren(_Dresser, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if (dresser.name, dresser.tone) != (name, tone):
            dresser.name, dresser.tone = name, tone
            dresser.dress()
        return
    _Dresser(widget, name, tone, factor)


def icon_label(name: str, tone: str = "text", *, factor: float = 1.15) -> QLabel:
    """A decorative icon; the words beside it carry the meaning."""
    label = plain_label()
    dress(label, name, tone, factor=factor)
    return label


def painted(painter: QPainter, name: str, colour: str, rect: QRectF) -> None:
    """Draw an icon with a painter, for delegates."""
    drawn = pixmap(name, colour, round(rect.width()), painter.device().devicePixelRatioF())
    painter.drawPixmap(rect.topLeft(), drawn)
