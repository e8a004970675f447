"""The question before an account is left: all of what is unsent can be read, at every size of text."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from assessor_app.ui.accounts.leave_dialog import Leave, LeaveDialog
from assessor_app.ui.theme import Scheme
from tests.looks.accounts import unsent


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("way", list(Leave))
def test_every_unsent_thing_can_be_read_above_the_buttons(theme, qtbot, way, percent):
    theme.apply(Scheme.LIGHT, percent)
    dialog = LeaveDialog(way, "North state", can_export=True)
    qtbot.addWidget(dialog)
    dialog.show_unsent(unsent())
    dialog.show()
    qtbot.waitExposed(dialog)
    # The innermost: where the screen is low, all but the buttons scrolls as well.
    area: Any = next(one for one in dialog.findChildren(QScrollArea) if not one.findChildren(QScrollArea))
    lines = area.widget().findChildren(QLabel)
    assert len(lines) == len(unsent())
    end = area.mapTo(dialog, QPoint(0, area.height())).y()
    for line in lines:
        bottom = line.mapTo(dialog, QPoint(0, line.height())).y()
        assert line.height() >= line.heightForWidth(line.width())
        assert bottom <= end
    for button in dialog.findChildren(QPushButton):
        assert button.mapTo(dialog, QPoint(0, 0)).y() >= end
