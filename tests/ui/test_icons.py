"""Icons: each widget that wears one shows it from its first paint on, however it was styled before."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import _Dresser, dress, icon_label


def test_an_icon_is_there_when_its_widget_is_first_shown(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    plain, quiet, label = QPushButton("Back"), QPushButton("Keys"), icon_label("inbox")
    quiet.setProperty("kind", "quiet")
    layout = QVBoxLayout(window)
    for widget in (plain, quiet, label):
        layout.addWidget(widget)
    dress(plain, "arrow-left")
    dress(quiet, "keyboard")
    window.show()
    assert not plain.icon().isNull()
    assert not quiet.icon().isNull()
    assert not label.pixmap().isNull()


def test_an_icon_that_is_given_later_is_there_at_once(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Back")
    QVBoxLayout(window).addWidget(button)
    window.show()
    dress(button, "arrow-left")
    assert not button.icon().isNull()


def test_a_button_that_python_has_half_collected_is_left_alone(theme, qtbot):
    button = QPushButton("Back")
    qtbot.addWidget(button)
    dress(button, "arrow-left")
    button.show()
    (dresser,) = button.findChildren(_Dresser)
    # What the collector does to a tree of widgets whose C++ half still hears events.
    vars(dresser).clear()
    QApplication.sendEvent(button, QEvent(QEvent.Type.PaletteChange))
    assert not button.icon().isNull()
