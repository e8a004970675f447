"""Times as people read and type them."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from assessor_app.ui.moment_words import when_words
from assessor_app.ui.times import time_words, typed_time_ms


@pytest.mark.parametrize(
    ("time_ms", "words"),
    [(0, "0:00.0"), (99, "0:00.0"), (12_480, "0:12.4"), (75_990, "1:15.9"), (3_599_999, "59:59.9"),
     (3_600_000, "1:00:00.0"), (-5, "0:00.0")],
)  # fmt: skip
def test_a_moment_is_cut_to_tenths(time_ms, words):
    assert time_words(time_ms) == words


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [("75", 75_000), ("1:15", 75_000), ("1:15.4", 75_400), (" 1:15,45 ", 75_450), ("1:01:15", 3_675_000),
     ("0:00.05", 50), ("", None), ("one", None), ("1:", None), ("-3", None), ("1:2:3:4", None),
     ("9" * 40, None)],
)  # fmt: skip
def test_a_typed_moment_is_understood_or_refused(text, time_ms):
    assert typed_time_ms(text) == time_ms


def test_a_month_is_written_by_its_name():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    try:
        # 04/03 is another day elsewhere.
        assert when_words(datetime(2026, 3, 4, 15, 30).astimezone()) == "4 Mar 2026 15:30"
    finally:
        QLocale.setDefault(before)
