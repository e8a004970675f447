"""The page of text: nothing that wraps in its column is cut, however wide the page is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from assessor_app.ui.reading_page import Block, ReadingPage


@pytest.mark.parametrize("width", [500, 1000, 1800])
def test_no_line_is_cut_however_wide_the_page_is(qtbot, width):
    page = ReadingPage()
    qtbot.addWidget(page)
    page.resize(width, 300)
    words = "The plan holds questions written for the ways of thinking that were foreseen. " * 3
    page.show_blocks("Page", [Block("Title", "title"), *(Block(words) for _ in range(6))])
    page.show()
    qtbot.waitExposed(page)
    for label in page.findChildren(QLabel):
        qtbot.waitUntil(lambda label=label: label.height() >= label.heightForWidth(label.width()))
