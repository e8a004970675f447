"""The controls below a recording: playing, time, speed and sound, and the tools that mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QToolButton, QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space
from assessor_app.ui.times import time_words
from assessor_app.ui.viewers.colour_buttons import ColourMenuButton
from assessor_app.ui.viewers.layer_menu import LayersButton
from assessor_app.ui.viewers.media.flow_row import FlowRow
from assessor_app.ui.viewers.media.time_field import TimeField

_TRANSPORT = {
    "media.back": "rewind",
    "media.frame_back": "step-back",
    "media.play": "play",
    "media.frame_forward": "step-forward",
    "media.forward": "fast-forward",
}
_MARKING = {
    "tool.pointer": "mouse-pointer",
    "tool.box": "square",
    "media.note": "sticky-note",
    "media.range_start": "flag-triangle-right",
    "media.range_end": "flag-triangle-left",
}
_TOOLS = ("tool.pointer", "tool.box")
_VOLUME_STEPS = 20


class Controls(FlowRow):
    """Buttons that run commands by their ids, and what shows how the player stands.

    Args:
        table: words and keys.
        run: runs the command of an id.
        speeds: speeds to choose from.
        parent: Qt parent.
    """

    speed_chosen = Signal(float)
    """1.0 is as recorded."""
    volume_chosen = Signal(float)
    """0 to 1."""

    def __init__(
        self,
        table: KeyTable,
        run: Callable[[str], object],
        speeds: Iterable[float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "window")
        self.setAccessibleName(self.tr("Controls of the recording"))
        self._table, self._run = table, run
        self._buttons: dict[str, QToolButton] = {}
        self.time_field = TimeField(self.tr("Time"), self)
        self._length = plain_label("", "quiet", self)
        self.colour_menu = ColourMenuButton(table, run, self)
        self.layers = LayersButton(table, run, self)
        self._transport = self._group([*map(self._button, *zip(*_TRANSPORT.items(), strict=True))])
        self._times = self._group([self.time_field, self._length])
        self._sound = self._group(self._sound_widgets(speeds))
        marking = [self._button(entry_id, icon) for entry_id, icon in _MARKING.items()]
        self._marking = self._group([*marking, self.colour_menu])
        for entry_id in (*_TOOLS, "media.loop"):
            self._buttons[entry_id].setCheckable(True)
        self.set_groups((self._transport, self._times, self._marking, self._sound))
        self.show_tool("tool.pointer")
        self.show_playing(False)
        self.show_speed(1.0)

    def button(self, entry_id: str) -> QToolButton:
        """The button of a command."""
        return self._buttons[entry_id]

    def open(self, duration_ms: int, *, has_video: bool, has_audio: bool) -> None:
        """Another recording."""
        self.time_field.show_time(0)
        self._length.setText(self.tr("of {time}").format(time=time_words(duration_ms)))
        for entry_id in ("media.frame_back", "media.frame_forward", *_TOOLS):
            self._buttons[entry_id].setVisible(has_video)
        self._has_audio = has_audio
        self.show_sound(1.0, is_muted=False, has_device=True)
        self._marking.updateGeometry()

    def show_moment(self, at_ms: int) -> None:
        """Show the moment."""
        self.time_field.show_time(at_ms)

    @Slot(bool)
    def show_playing(self, is_playing: bool) -> None:
        """Show what the button in the middle does."""
        button = self._buttons["media.play"]
        dress(button, "pause" if is_playing else "play")
        button.setAccessibleName(self.tr("Pause") if is_playing else self.tr("Play"))

    @Slot(float)
    def show_speed(self, speed: float) -> None:
        """Show the speed; 1.0 is as recorded."""
        words = self.tr("{speed}\u00d7").format(speed=f"{speed:g}")
        # Room for the arrow of the menu.
        self._speed.setText(f"{words}   ")
        self._speed.setAccessibleName(self.tr("Speed {speed}").format(speed=words))
        for action in self._speed.menu().actions():
            action.setChecked(abs(float(action.data()) - speed) < 0.01)

    def show_sound(self, volume: float, *, is_muted: bool, has_device: bool) -> None:
        """Show volume, silence, and whether anything can be heard on this computer."""
        self._no_device.setVisible(self._has_audio and not has_device)
        button = self._buttons["media.mute"]
        for widget in (button, self._volume):
            widget.setVisible(self._has_audio and has_device)
        dress(button, "volume-x" if is_muted else "volume-2")
        button.setAccessibleName(self.tr("Sound on") if is_muted else self.tr("Sound off"))
        self._volume.blockSignals(True)
        self._volume.setValue(0 if is_muted else round(volume * _VOLUME_STEPS))
        self._volume.blockSignals(False)
        self._sound.updateGeometry()

    def show_loop(self, is_on: bool) -> None:
        """Show whether a range is repeated."""
        self._buttons["media.loop"].setChecked(is_on)

    def show_tool(self, entry_id: str) -> None:
        """Show which tool is on."""
        for tool in _TOOLS:
            self._buttons[tool].setChecked(tool == entry_id)

    @Slot(str)
    def show_colour(self, colour: str) -> None:
        """Show which colour is in use."""
        self.colour_menu.show_colour(colour)

    def set_editable(self, is_editable: bool) -> None:
        """Marks can be made, or not: then nothing that makes them is shown."""
        self._marking.setVisible(is_editable)

    # ---- inside ----

    def _group(self, widgets: Iterable[QWidget]) -> QWidget:
        group = QWidget(self)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(self, 0.5))
        for widget in widgets:
            row.addWidget(widget)
        return group

    def _sound_widgets(self, speeds: Iterable[float]) -> list[QWidget]:
        self._has_audio = True
        self._speed = QToolButton(self)
        self._speed.setObjectName("media.speed")
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        slower, faster = self._table.shown("media.slower"), self._table.shown("media.faster")
        set_plain_tooltip(
            self._speed, self.tr("Speed ({slower} and {faster})").format(slower=slower, faster=faster)
        )
        menu = QMenu(self._speed)
        for speed in speeds:
            choice = QAction(self.tr("{speed}\u00d7").format(speed=f"{speed:g}"), menu)
            choice.setCheckable(True)
            choice.setData(speed)
            choice.triggered.connect(self._speed_taken)
            menu.addAction(choice)
        self._speed.setMenu(menu)
        self._no_device = plain_label(self.tr("No sound device"), "warning", self)
        self._no_device.hide()
        self._volume = QSlider(Qt.Orientation.Horizontal, self)
        self._volume.setRange(0, _VOLUME_STEPS)
        self._volume.setFixedWidth(round(self.fontMetrics().averageCharWidth() * 11))
        self._volume.setAccessibleName(self.tr("Volume"))
        self._volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._volume.valueChanged.connect(self._volume_taken)
        return [
            self.layers,
            self._button("media.loop", "repeat"),
            self._speed,
            self._button("media.mute", "volume-2"),
            self._volume,
            self._no_device,
        ]

    def _button(self, entry_id: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        dress(button, icon, factor=1.5 if entry_id == "media.play" else 1.15)
        button.setObjectName(entry_id)
        button.setAccessibleName(self._table.entry(entry_id).title)
        set_plain_tooltip(button, self._table.hint(entry_id))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._clicked)
        self._buttons[entry_id] = button
        return button

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QToolButton):
            if sender.isCheckable():
                # The checked state follows what really happens, which may be refused.
                sender.setChecked(not sender.isChecked())
            self._run(sender.objectName())

    @Slot()
    def _speed_taken(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.speed_chosen.emit(float(sender.data()))

    @Slot(int)
    def _volume_taken(self, value: int) -> None:
        self.volume_chosen.emit(value / _VOLUME_STEPS)
