"""The side bar beside what is read: tabs of lists that lead to places. Any viewer may have one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.habits import HABITS, Habits

_BAR_CHARS, _NARROWEST_BAR_CHARS, _CONTENT_CHARS = 30, 20, 44
"""Widths in average characters, so that they grow with the text: the bar, its least, the content's least."""
_GRIP_PX = 6


class SideBar(QFrame):
    """Tabs with a list each; says which one is shown, opens nothing by itself.

    Args:
        parent: Qt parent.
    """

    tab_shown = Signal(str)
    """Id of the tab that is in front now."""
    tab_chosen = Signal(str)
    """Id of the tab that the person has asked for."""
    availability_changed = Signal()
    """Another tab can be chosen, or one cannot any more."""
    hide_wanted = Signal()
    """The person closed the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self.setAccessibleName(self.tr("Side bar"))
        self._tabs: dict[str, QWidget] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._titles: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._stack = PageStack(self)
        self._title = plain_label("", "heading", self)
        self.close_button = QToolButton(self)
        dress(self.close_button, "x")
        self.close_button.setAccessibleName(self.tr("Hide the side bar"))
        set_plain_tooltip(self.close_button, self.tr("Hide the side bar (F9)"))
        self._row = QHBoxLayout()
        self._row.setSpacing(space(self, 0.5))
        self._row.addStretch(1)
        self._row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, quarters) for quarters in (1.5, 1, 1, 1)))
        column.setSpacing(space(self, 1))
        column.addLayout(self._row)
        column.addWidget(self._title)
        column.addWidget(self._stack, 1)
        self.close_button.clicked.connect(self.hide_wanted)

    def add_tab(self, tab_id: str, title: str, icon: str, widget: QWidget) -> None:
        """Add a tab at the end.

        Args:
            tab_id: its id, for the other methods.
            title: its words, translated.
            icon: file name in resources/icons without its ending.
            widget: what it shows; its focus proxy or itself takes the keyboard.
        """
        button = QToolButton(self)
        dress(button, icon)
        button.setCheckable(True)
        button.setObjectName(f"side.{tab_id}")
        button.setAccessibleName(title)
        set_plain_tooltip(button, title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._clicked)
        self._group.addButton(button)
        self._row.insertWidget(len(self._buttons), button)
        self._tabs[tab_id], self._buttons[tab_id], self._titles[tab_id] = widget, button, title
        self._stack.addWidget(widget)
        if len(self._tabs) == 1:
            self.show_tab(tab_id)

    def set_available(self, tab_id: str, is_available: bool) -> None:
        """Whether a tab can be chosen; one that was in front makes room for the first that can."""
        if self._buttons[tab_id].isEnabled() != is_available:
            self._buttons[tab_id].setEnabled(is_available)
            self.availability_changed.emit()
        if not is_available and self.current == tab_id:
            first = next((name for name in self._tabs if self.is_available(name)), None)
            if first is not None:
                self.show_tab(first)

    @property
    def has_something(self) -> bool:
        """Whether there is a tab that can be chosen."""
        return any(button.isEnabled() for button in self._buttons.values())

    def is_available(self, tab_id: str) -> bool:
        """Whether a tab can be chosen."""
        return self._buttons[tab_id].isEnabled()

    def show_tab(self, tab_id: str) -> None:
        """Bring a tab to the front; an unknown or unavailable one stays where it is."""
        if tab_id not in self._tabs or not self.is_available(tab_id):
            return
        self._buttons[tab_id].setChecked(True)
        self._title.setText(self._titles[tab_id])
        self._stack.setCurrentWidget(self._tabs[tab_id])
        self.tab_shown.emit(tab_id)

    @property
    def current(self) -> str:
        """Id of the tab in front; empty before there is one."""
        return next((name for name, tab in self._tabs.items() if tab is self._stack.currentWidget()), "")

    def tab(self, tab_id: str) -> QWidget:
        """What a tab shows.

        Raises:
            KeyError: there is no such tab.
        """
        return self._tabs[tab_id]

    def focus_tab(self) -> None:
        """Put the keyboard into the tab in front."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the tabs while the keyboard is on one of them."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        names = [name for name in self._tabs if self.is_available(name)]
        if step is None or self.current not in names or not self._buttons[self.current].hasFocus():
            super().keyPressEvent(event)
            return
        self._choose(names[(names.index(self.current) + step) % len(names)])
        self._buttons[self.current].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._choose(sender.objectName().removeprefix("side."))

    def _choose(self, tab_id: str) -> None:
        self.show_tab(tab_id)
        self.tab_chosen.emit(tab_id)


class _Grip(QWidget):
    """The edge between bar and content, to be dragged."""

    dragged = Signal(int)
    """Where the edge should be, in pixels from the left of the place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position().toPoint()).x())


class SideBarPlace(QWidget):
    """Content with a side bar left of it; over the content where the place is too narrow for both.

    Args:
        content: what is read.
        parent: Qt parent.
        habits: what is kept of the bar.
    """

    shown_changed = Signal(bool)
    """Whether the bar is on screen."""

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, habits: Habits = HABITS) -> None:
        super().__init__(parent)
        self._habits = habits
        self._content = content
        content.setParent(self)
        self.bar = SideBar(self)
        self._grip = _Grip(self)
        self._is_over = False
        self.setFocusProxy(content)
        self.bar.hide_wanted.connect(self.close_bar)
        self.bar.tab_chosen.connect(self._keep_tab)
        self.bar.availability_changed.connect(self._arrange)
        self._grip.dragged.connect(self._drag)
        self._arrange()

    @property
    def is_bar_shown(self) -> bool:
        """Whether the bar is on screen now."""
        return self._is_over or self._fits(self.width())

    @property
    def is_over(self) -> bool:
        """Whether the bar lies over the content, for want of room."""
        return self._is_over

    def toggle(self) -> None:
        """Show the bar with the keyboard in it, or hide it."""
        if self.is_bar_shown:
            self.close_bar()
        else:
            self.open_bar()

    def open_bar(self, tab_id: str = "") -> None:
        """Show the bar, over the content if need be.

        Args:
            tab_id: the tab to bring to the front; empty for the last one.
        """
        self._habits.bar_tab = tab_id or self._habits.bar_tab
        self.bar.show_tab(self._habits.bar_tab)
        self._habits.is_bar_open = True
        # Asked for where it holds nothing, it says so, over the content.
        self._is_over = not self._fits(self.width())
        self._arrange()
        self.bar.focus_tab()

    @Slot()
    def close_bar(self) -> None:
        """Hide the bar; the keyboard goes back to the content."""
        if not self._is_over:
            self._habits.is_bar_open = False
        self._is_over = False
        self._arrange()
        self._content.setFocus()

    def leave_bar(self) -> None:
        """The person has chosen a place: a bar that hides it goes away."""
        if self._is_over:
            self.close_bar()

    def escape(self) -> bool:
        """One step out of the bar; False when it is beside the content and the keyboard elsewhere."""
        if self._is_over:
            self.close_bar()
            return True
        focus: QWidget | None = self.bar.focusWidget()
        if not self.is_bar_shown or focus is None or not focus.hasFocus():
            return False
        self._content.setFocus()
        return True

    def restore(self) -> None:
        """Take up what was chosen in another viewer meanwhile."""
        self._is_over = False
        self.restore_tab()
        self._arrange()
        self.shown_changed.emit(self.is_bar_shown)

    def restore_tab(self) -> None:
        """Bring the tab of the person's choice to the front, as soon as it can be."""
        if self.bar.current != self._habits.bar_tab:
            self.bar.show_tab(self._habits.bar_tab)

    def content_width(self, width_px: int) -> int:
        """How wide the content would be in a place of this width, in pixels."""
        if not self._fits(width_px):
            return width_px
        return width_px - self._bar_width(width_px) - _GRIP_PX

    def minimumSizeHint(self) -> QSize:
        """As small as the content: the bar never asks for room."""
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Bar and content share the new width."""
        super().resizeEvent(event)
        if self._is_over and self._fits(self.width()):
            self._is_over = False
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """The bar grows with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves a bar that has the keyboard."""
        if event.key() == Qt.Key.Key_Escape and self.escape():
            return
        super().keyPressEvent(event)

    def _chars(self, count: int) -> int:
        return round(self.fontMetrics().averageCharWidth() * count)

    def _fits(self, width_px: int) -> bool:
        """Whether the bar stands beside the content: wanted, with something in it, and with room for both."""
        return self._habits.is_bar_open and self.bar.has_something and self._has_room(width_px)

    def _has_room(self, width_px: int) -> bool:
        return width_px >= self._chars(_NARROWEST_BAR_CHARS + _CONTENT_CHARS)

    def _bar_width(self, width_px: int) -> int:
        """How wide the bar is in a place of this width."""
        wanted = self._habits.bar_width_px or self._chars(_BAR_CHARS)
        most = width_px - (0 if self._is_over else self._chars(_CONTENT_CHARS))
        return max(self._chars(_NARROWEST_BAR_CHARS), min(wanted, most))

    @Slot()
    def _arrange(self) -> None:
        was_shown = self.bar.isVisibleTo(self)
        is_shown, full = self.is_bar_shown, self.rect()
        width = self._bar_width(self.width()) if is_shown else 0
        self.bar.setGeometry(QRect(QPoint(0, 0), QSize(min(width, full.width()), full.height())))
        self._grip.setGeometry(QRect(width, 0, _GRIP_PX, full.height()))
        self.bar.setVisible(is_shown)
        self._grip.setVisible(is_shown)
        beside = width + _GRIP_PX if is_shown and not self._is_over else 0
        self._content.setGeometry(full.adjusted(beside, 0, 0, 0))
        self.bar.raise_()
        self._grip.raise_()
        if was_shown != is_shown:
            self.shown_changed.emit(is_shown)

    @Slot(int)
    def _drag(self, edge_px: int) -> None:
        self._habits.bar_width_px = max(self._chars(_NARROWEST_BAR_CHARS), edge_px)
        self._arrange()

    @Slot(str)
    def _keep_tab(self, tab_id: str) -> None:
        self._habits.bar_tab = tab_id
