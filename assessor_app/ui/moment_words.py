"""A moment where the person is, with its year."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QLocale

from assessor_app.ui.inbox_words import time_words


def when_words(moment: datetime) -> str:
    """Day and time where the person is, with the year."""
    local = moment.astimezone()
    # The month by its name: 04/03 is a day in March here and in April elsewhere.
    day = QLocale().toString(QDate(local.year, local.month, local.day), "d MMM yyyy")
    return f"{day} {time_words(moment)}"
