"""The application's style sheet: spacing, corners, text roles and the focus ring, from colours and font."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from assessor_app.ui.colours import Colours

ICON_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
TEXT_ROLES: dict[str, tuple[float, int, str]] = {
    "code": (2.4, 600, "text"),
    "display": (1.65, 600, "text"),
    "title": (1.3, 600, "text"),
    "heading": (1.06, 600, "text"),
    "body": (1.0, 400, "text"),
    "strong": (1.0, 600, "text"),
    "quiet": (1.0, 400, "quiet"),
    "caption": (0.9, 400, "quiet"),
    "caption-strong": (0.9, 600, "quiet"),
    "ok": (1.0, 400, "ok"),
    "warning": (1.0, 400, "warning"),
    "danger": (1.0, 400, "danger"),
}
"""Role to size (times the body), weight and colour."""


def style_sheet(colours: Colours, font: QFont) -> str:
    """The sheet for one set of colours and one text size.

    Args:
        colours: the scheme in force.
        font: the application's font, already scaled.
    """
    quarter = QFontMetricsF(font).height() / 4
    size = font.pointSizeF()
    roles = "\n".join(
        f'QLabel[role="{name}"] {{ font-size: {size * factor:.2f}pt; font-weight: {weight};'
        f" color: {getattr(colours, colour)}; background: transparent; }}"
        for name, (factor, weight, colour) in TEXT_ROLES.items()
    )
    return "\n".join(
        (
            roles,
            *(part(colours, quarter) for part in (_surfaces, _controls, _arrows, _indicators, _bars)),
        )
    )


def _surfaces(c: Colours, q: float) -> str:
    return f"""
QFrame[card] {{ background: {c.surface}; border: 1px solid {c.separator};
    border-radius: {q * 2:.0f}px; }}
QFrame[card="ok"] {{ background: {c.ok_soft}; border-color: {c.ok}; }}
QFrame[card="warning"] {{ background: {c.warning_soft}; border-color: {c.warning}; }}
QFrame[card="danger"] {{ background: {c.danger_soft}; border-color: {c.danger}; }}
QFrame[card="accent"] {{ background: {c.accent_soft}; border-color: {c.accent}; }}
QFrame[card="floating"] {{ border-color: {c.outline}; }}
QFrame[line="true"] {{ background: {c.separator}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[line="upright"] {{ background: {c.separator}; border: none; max-width: 1px; min-width: 1px; }}
QWidget[surface="true"] {{ background: {c.surface}; }}
QWidget[surface="raised"] {{ background: {c.raised}; }}
QWidget[surface="window"] {{ background: {c.window}; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.outline};
    padding: {q:.0f}px {q * 1.5:.0f}px; }}
"""


def _controls(c: Colours, q: float) -> str:
    """Buttons, fields and choices. The focus ring takes the border's place, so nothing moves."""
    pad_v, pad_h, radius = f"{q * 1.25:.0f}px", f"{q * 3:.0f}px", f"{q * 1.5:.0f}px"
    return f"""
QPushButton {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.separator}; margin: 1px;
    border-radius: {radius}; padding: {pad_v} {pad_h}; }}
QPushButton:hover {{ background: {c.hover}; border-color: {c.outline}; }}
QPushButton:pressed {{ background: {c.selected}; }}
QPushButton:checked {{ background: {c.selected}; border-color: {c.accent}; color: {c.accent};
    font-weight: 600; }}
QPushButton:disabled {{ background: {c.raised}; color: {c.quiet}; border-color: {c.raised}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
    font-weight: 600; }}
QPushButton[kind="primary"]:disabled {{ background: {c.raised}; color: {c.quiet}; border-color: {c.raised}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {c.hover}; }}
QPushButton[kind="quiet"]:checked {{ background: {c.selected}; color: {c.accent}; }}
QPushButton[isBare="true"]::menu-indicator {{ image: none; width: 0; }}
QPushButton[kind="danger"] {{ background: {c.danger_soft}; color: {c.danger}; border-color: {c.danger}; }}
QPushButton[kind="danger"]:disabled {{ background: {c.raised}; color: {c.quiet}; border-color: {c.raised}; }}
QPushButton[kind="chip"] {{ padding: {q * 0.75:.0f}px {q * 2.25:.0f}px; border-radius: {q * 2.6:.0f}px;
    background: {c.surface}; }}
QPushButton[kind="chip"]:checked {{ background: {c.accent_soft}; }}
QPushButton[kind="chip"]:checked:disabled {{ color: {c.text}; border-color: {c.outline}; }}
QPushButton[kind="number"] {{ padding: {q * 0.25:.0f}px {q:.0f}px; border-radius: {q * 1.2:.0f}px;
    min-width: {q * 4:.0f}px; background: {c.raised}; }}
QPushButton[kind="number"]:hover {{ background: {c.hover}; }}
QPushButton[kind="nav"] {{ background: transparent; border-color: transparent; text-align: left;
    padding: {q * 1.6:.0f}px {q * 2:.0f}px; }}
QPushButton[kind="nav"]:hover {{ background: {c.hover}; }}
QPushButton[kind="nav"]:checked {{ background: {c.selected}; color: {c.accent}; font-weight: 600; }}
QPushButton:focus {{ border: 2px solid {c.focus}; margin: 0; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.text}; margin: 0; }}
QToolButton {{ border: 2px solid transparent; border-radius: {radius}; padding: {q:.0f}px; color: {c.text}; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:checked, QToolButton:pressed {{ background: {c.selected}; color: {c.accent}; }}
QToolButton:focus {{ border-color: {c.focus}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{ background: {c.surface}; color: {c.text};
    border: 1px solid {c.outline}; border-radius: {radius}; padding: {q:.0f}px {q * 1.5:.0f}px; margin: 1px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover,
QAbstractSpinBox:hover, QComboBox:hover {{ border-color: {c.text}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
    border: 2px solid {c.focus}; margin: 0; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {c.raised}; }}
QAbstractItemView {{ border: 2px solid transparent; border-radius: {radius}; outline: none;
    background: {c.surface}; color: {c.text}; selection-background-color: {c.selected};
    selection-color: {c.text}; }}
QAbstractItemView:focus {{ border-color: {c.focus}; }}
QAbstractItemView[plain="true"] {{ background: transparent; border: none; }}
QListWidget::item, QTreeWidget::item {{ padding: {q * 0.75:.0f}px {q:.0f}px; }}
QListWidget::item:selected, QTreeWidget::item:selected {{ background: {c.selected}; color: {c.text}; }}
QTabBar::tab {{ padding: {q * 1.4:.0f}px {q * 2.5:.0f}px; color: {c.quiet}; background: transparent;
    border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; font-weight: 600; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:focus {{ border: 2px solid {c.focus}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.separator}; }}
"""


def _picture(name: str, colour: str) -> str:
    """A drawing in white or black, whichever is nearer to a colour, as a style sheet names it."""
    tone = "white" if QColor(colour).lightnessF() > 0.5 else "black"
    return f'url("{(ICON_FOLDER / f"{name}-{tone}.svg").as_posix()}")'


def _arrows(c: Colours, q: float) -> str:
    """What opens a list of choices, and what steps a number or a date."""
    down, up, side = _picture("chevron-down", c.text), _picture("chevron-up", c.text), f"{q * 2.5:.0f}px"
    return f"""
QComboBox:disabled, QAbstractSpinBox:disabled {{ background: {c.raised}; color: {c.quiet}; }}
QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: {q * 5:.0f}px; }}
QComboBox::down-arrow {{ image: {down};
    width: {q * 3.5:.0f}px; height: {q * 3.5:.0f}px; }}
QAbstractSpinBox QLineEdit {{ border: none; margin: 0;
    padding: 0 0 0 {q * 1.5:.0f}px; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: {q * 4:.0f}px;
    background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: {up}; width: {side}; height: {side}; }}
QAbstractSpinBox::down-arrow {{ image: {down}; width: {side}; height: {side}; }}
QDateTimeEdit[calendarPopup="true"]::down-arrow {{ image: none; }}
"""


def _indicators(c: Colours, q: float) -> str:
    """Boxes and circles of choices; the style's own are drawn in a shade that dark grounds swallow."""
    tick = _picture("tick", c.on_accent)
    side, dash = f"{q * 3.25:.0f}px", f"stop:0 {c.surface}, stop:0.38 {c.surface}, stop:0.4 {c.accent},"
    dot = "stop:0 {0}, stop:0.5 {0}, stop:0.6 {1}, stop:1 {1}"
    lit, dull = dot.format(c.accent, c.surface), dot.format(c.outline, c.surface)
    return f"""
QCheckBox, QRadioButton {{ spacing: {q * 1.5:.0f}px; padding: {q * 0.5:.0f}px; border: 2px solid transparent;
    border-radius: {q:.0f}px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.focus}; }}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {{ width: {side}; height: {side};
    border: 1px solid {c.outline}; border-radius: {q * 0.75:.0f}px; background: {c.surface}; }}
QRadioButton::indicator {{ border-radius: {(q * 3.25 + 2) // 2:.0f}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.text}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {c.accent};
    border-color: {c.accent}; image: {tick}; }}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{ border-color: {c.accent};
    background: qlineargradient(x1:0, y1:0, x2:0, y2:1, {dash} stop:0.6 {c.accent}, stop:0.62 {c.surface},
    stop:1 {c.surface}); }}
QRadioButton::indicator:checked {{ border-color: {c.accent};
    background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5, {lit}); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {c.raised};
    border-color: {c.separator}; }}
QRadioButton::indicator:checked:disabled {{ border-color: {c.outline};
    background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5, {dull}); }}
QCheckBox::indicator:checked:disabled {{ background: {c.outline}; border-color: {c.outline}; }}
"""


def _bars(c: Colours, q: float) -> str:
    return f"""
QMainWindow::separator {{ background: {c.separator}; width: 1px; height: 1px; }}
QSplitter::handle {{ background: {c.separator}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QMenuBar {{ background: {c.window}; color: {c.text}; border-bottom: 1px solid {c.separator};
    padding: {q * 0.25:.0f}px {q:.0f}px; }}
QMenuBar::item {{ padding: {q:.0f}px {q * 2:.0f}px; border-radius: {q:.0f}px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.selected}; }}
QMenu {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.outline}; padding: {q:.0f}px; }}
QMenu::item {{ padding: {q * 1.25:.0f}px {q * 6:.0f}px {q * 1.25:.0f}px {q * 5:.0f}px;
    border-radius: {q:.0f}px; }}
QMenu::item:selected {{ background: {c.selected}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.quiet}; }}
QMenu::separator {{ height: 1px; background: {c.separator}; margin: {q:.0f}px {q * 2:.0f}px; }}
QMenu::indicator, QMenu::icon {{ left: {q * 1.5:.0f}px; }}
QStatusBar {{ background: {c.window}; border-top: 1px solid {c.separator}; }}
QStatusBar::item {{ border: none; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: {q * 3:.0f}px; margin: 0; }}
QScrollBar:horizontal {{ height: {q * 3:.0f}px; margin: 0; }}
QScrollBar::handle {{ background: {c.outline}; border-radius: {q * 0.75:.0f}px; margin: {q * 0.75:.0f}px; }}
QScrollBar::handle:vertical {{ min-height: {q * 8:.0f}px; }}
QScrollBar::handle:horizontal {{ min-width: {q * 8:.0f}px; }}
QScrollBar::handle:hover {{ background: {c.quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.raised}; border: none; border-radius: {q * 0.75:.0f}px;
    max-height: {q * 1.5:.0f}px; min-height: {q * 1.5:.0f}px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {q * 0.75:.0f}px; }}
QDockWidget {{ color: {c.text}; font-weight: 600; }}
QDockWidget::title {{ background: {c.window}; padding: {q * 1.5:.0f}px {q * 2:.0f}px; }}
QHeaderView::section {{ background: {c.window}; color: {c.quiet}; border: none;
    border-bottom: 1px solid {c.separator}; padding: {q:.0f}px {q * 2:.0f}px; }}
"""
