"""What scrolls only where there is no room: never because of the bar that scrolls it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.tall_scroll import TallScroll

WORDS = "What you wrote can be read and exported until Friday; then it is erased from this computer."


@pytest.fixture
def scroll(qtbot):
    """A scrolled part with words that wrap, in no layout."""
    made = TallScroll("Words")
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(plain_label(WORDS, wraps=True))
    made.setWidget(held)
    qtbot.addWidget(made)
    return made


def just_fits_px(scroll):
    """The least width at which the words take two lines: with a bar beside them they would take three."""
    line = scroll.fontMetrics().lineSpacing()
    return next(width for width in range(100, 2_000) if scroll.needed_px(width) < 3 * line)


def test_no_bar_takes_the_room_that_makes_it_needed(qtbot, scroll):
    width = just_fits_px(scroll)
    scroll.resize(width, scroll.needed_px(width) - 10)
    scroll.show()
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    scroll.resize(width, scroll.needed_px(width))
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)
    assert scroll.viewport().width() == width


def test_where_there_is_no_room_it_scrolls(qtbot, scroll):
    width = just_fits_px(scroll)
    scroll.resize(width, scroll.needed_px(width))
    scroll.show()
    qtbot.waitExposed(scroll)
    scroll.resize(width, scroll.needed_px(width) // 2)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
