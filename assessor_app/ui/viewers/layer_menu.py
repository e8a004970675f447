"""Which layers of marks are shown: the switches of the View menu, and a small menu in the bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from assessor_app.ui.annotate.visibility import ALL_LAYERS, NO_LAYERS, LayerVisibility
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.viewers.base import Command, EvidenceViewer
from assessor_app.ui.viewers.call import Call

LAYER_IDS = ("layers.hide", "layers.mine", "layers.assessor", "layers.learner")
"""Ids of the switches in the table of keys."""


def is_on(entry_id: str, layers: LayerVisibility) -> bool:
    """Whether a switch is on."""
    if entry_id == "layers.hide":
        return not layers.has_any
    return bool(getattr(layers, entry_id.removeprefix("layers.")))


def switched(entry_id: str, layers: LayerVisibility) -> LayerVisibility:
    """What is shown after a switch was turned."""
    if entry_id == "layers.hide":
        return NO_LAYERS if layers.has_any else ALL_LAYERS
    name = entry_id.removeprefix("layers.")
    return replace(layers, **{name: not getattr(layers, name)})


class LayersButton(QToolButton):
    """Shows whether marks are hidden, and lets the person choose.

    Args:
        table: words and keys.
        run: runs the command of an id.
        parent: Qt parent.
    """

    def __init__(self, table: KeyTable, run: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.setObjectName("layers.menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        self._choices: dict[str, QAction] = {}
        for entry_id in LAYER_IDS:
            choice = QAction(table.entry(entry_id).title, menu)
            choice.setCheckable(True)
            choice.setData(entry_id)
            choice.triggered.connect(self._take)
            menu.addAction(choice)
            self._choices[entry_id] = choice
            if entry_id == "layers.hide":
                menu.addSeparator()
        self.setMenu(menu)
        self.show_layers(ALL_LAYERS)

    def show_layers(self, layers: LayerVisibility) -> None:
        """Show what is shown."""
        for entry_id, choice in self._choices.items():
            choice.setChecked(is_on(entry_id, layers))
        is_all = layers == ALL_LAYERS
        name = self.tr("Layers of marks") if is_all else self.tr("Layers of marks: some are hidden")
        self.setAccessibleName(name)
        set_plain_tooltip(self, name)
        dress(self, "eye" if is_all else "eye-off")

    def offer(self, *, mine: bool, assessor: bool) -> None:
        """Which layers there are.

        Args:
            mine: whether the person can have marks of her own.
            assessor: whether there are marks by the assessor, who is somebody else.
        """
        self._choices["layers.mine"].setVisible(mine)
        self._choices["layers.assessor"].setVisible(assessor)

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._run(str(sender.data()))


class LayerSwitches(QObject):
    """Turns layers on and off on behalf of a viewer, which asks for what the person wants.

    Args:
        viewer: where the marks are.
        button: the menu in its bar.
    """

    def __init__(self, viewer: EvidenceViewer, button: LayersButton) -> None:
        super().__init__(viewer)
        self._viewer, self._button = viewer, button
        self._layers = ALL_LAYERS

    def commands(self) -> Mapping[str, Command]:
        """The switches by id of the table of keys."""
        return {entry_id: Call(self._turn, entry_id, self).run for entry_id in LAYER_IDS}

    def show_layers(self, layers: LayerVisibility) -> None:
        """Show what is shown."""
        self._layers = layers
        self._button.show_layers(layers)
        for entry_id in LAYER_IDS:
            self._viewer.switched.emit(entry_id, is_on(entry_id, layers))

    def _turn(self, entry_id: str) -> None:
        self._viewer.layers_wanted.emit(switched(entry_id, self._layers))
