"""Look: Fusion with own palettes (light, dark, high contrast), one text scale, colours with a meaning.

A widget asks `colours_of(widget)` when it paints and repaints on a palette change; nothing is global.
Text sizes come from roles in the style sheet, so that they follow the scale; distances come from
`space(widget)`, so that they follow the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from assessor_app.domain.palette import PALETTE
from assessor_app.ui.colours import DARK, HIGH_CONTRAST, LIGHT, Colours
from assessor_app.ui.style_sheet import style_sheet

SCALE_MIN_PERCENT, SCALE_MAX_PERCENT, SCALE_STEP_PERCENT = 90, 200, 10


class Scheme(StrEnum):
    """The person's choice of colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


BY_SCHEME = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.HIGH_CONTRAST: HIGH_CONTRAST}

ANNOTATION_COLOURS = PALETTE
"""Okabe and Ito (2008), told apart with any colour vision. Fills for the page, never text colours."""

MIN_CONTRAST = 4.5
"""Of text on its ground (WCAG 2.2, 1.4.3)."""

LEVEL_SHAPES = ("circle", "half", "square", "diamond", "star")
"""A level is never told by colour alone: a shape stands beside its number and word."""


@dataclass(frozen=True, slots=True)
class LevelLook:
    """How one rung of a scale looks: fill, text on it, and a shape."""

    fill: str
    text: str
    shape: str
    """One of LEVEL_SHAPES."""


def level_look(index: int, levels: int, colours: Colours) -> LevelLook:
    """The look of level `index` (0 is the lowest) of a scale of `levels`: one hue, from pale to full.

    The ends of the ramp are the surface and the accent, and the text is whichever of two keeps its contrast.
    """
    share = 0.12 + 0.88 * (index / max(1, levels - 1))
    fill = mixed(colours.surface, colours.accent, share)
    text = max((colours.text, colours.on_accent), key=lambda colour: contrast(colour, fill))
    if contrast(text, fill) < MIN_CONTRAST:
        # The middle of the ramp suits neither text: black or white keeps it readable.
        text = max(("#000000", "#ffffff"), key=lambda colour: contrast(colour, fill))
    return LevelLook(fill, text, LEVEL_SHAPES[min(index, len(LEVEL_SHAPES) - 1)])


def mixed(base: str, other: str, share: float) -> str:
    """The colour `share` (0 to 1) of the way from `base` to `other`, as #rrggbb."""
    a, b = QColor(base), QColor(other)
    parts = (
        round(x + (y - x) * share)
        for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    value = QColor(colour)
    red, green, blue = linear(value.redF()), linear(value.greenF()), linear(value.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def palette_of(colours: Colours) -> QPalette:
    """The Qt palette that these colours make; Fusion and item views read it."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.quiet,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.danger,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.Light: colours.hover,
        QPalette.ColorRole.Midlight: colours.raised,
        QPalette.ColorRole.Mid: colours.separator,
        QPalette.ColorRole.Dark: colours.outline,
        QPalette.ColorRole.Shadow: colours.separator,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.quiet))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colours.separator))
    return palette


def colours_of(widget: QWidget) -> Colours:
    """The colours in force for a widget, told by its application's palette."""
    window = QApplication.palette(widget).color(QPalette.ColorRole.Window).name()
    for colours in BY_SCHEME.values():
        if colours.window == window:
            return colours
    return DARK if luminance(window) < 0.2 else LIGHT


def space(widget: QWidget, quarters: float = 2) -> int:
    """A distance in pixels: `quarters` of a quarter of the widget's line height (about 4 px each)."""
    return max(1, round(QFontMetricsF(widget.font()).height() / 4 * quarters))


def scaled_font(percent: int = 100, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The application's font at `percent` of its size, for widgets that paint themselves."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    font.setWeight(weight)
    return font


class Theme(QObject):
    """Applies scheme and scale to the application, and follows the system when asked to."""

    changed = Signal()
    """After palette, font and style sheet have been set anew."""
    chosen = Signal()
    """After another scheme or text size was asked for, whether or not anything looks different."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        """Remember the system's font; `apply` sets the look for the first time."""
        super().__init__(parent)
        self._app = app
        self._base_size_pt = app.font().pointSizeF()
        if self._base_size_pt <= 0:
            self._base_size_pt = 10.0
        self.scheme = Scheme.SYSTEM
        self.scale_percent = 100
        self._has_style = False
        self._applied: tuple[Colours, int] | None = None
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def apply(self, scheme: Scheme | None = None, scale_percent: int | None = None) -> None:
        """Set colours and text size; what is None stays as it is.

        Args:
            scheme: the person's choice.
            scale_percent: text size; held within 90 to 200.
        """
        before = (self.scheme, self.scale_percent)
        if scheme is not None:
            self.scheme = scheme
        if scale_percent is not None:
            self.scale_percent = max(SCALE_MIN_PERCENT, min(SCALE_MAX_PERCENT, scale_percent))
        self._dress()
        if (self.scheme, self.scale_percent) != before:
            self.chosen.emit()

    def _dress(self) -> None:
        wanted = (self.colours(), self.scale_percent)
        if wanted == self._applied:
            return
        self._applied = wanted
        if not self._has_style:
            self._has_style = True
            self._app.setStyle("Fusion")
        font = QFont(self._app.font())
        font.setPointSizeF(self._base_size_pt * self.scale_percent / 100)
        # Takes half as long as changing from sheet to sheet, which looks each widget's old rules up again.
        self._app.setStyleSheet("")
        self._app.setFont(font)
        self._app.setPalette(palette_of(self.colours()))
        self._app.setStyleSheet(style_sheet(self.colours(), font))
        self.changed.emit()

    def colours(self) -> Colours:
        """The colours of the scheme in force."""
        if self.scheme is not Scheme.SYSTEM:
            return BY_SCHEME[self.scheme]
        hints = self._app.styleHints()
        # The object is kept in a variable: a chained call has met an already deleted one.
        accessibility = hints.accessibility()
        if accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
            return HIGH_CONTRAST
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def grow(self, steps: int) -> None:
        """Make texts larger (or smaller) by steps of 10 %; 0 goes back to 100 %."""
        self.apply(scale_percent=self.scale_percent + steps * SCALE_STEP_PERCENT if steps else 100)

    @Slot()
    def _system_changed(self) -> None:
        self.apply()
