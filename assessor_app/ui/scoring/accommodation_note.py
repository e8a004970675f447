"""An approved accommodation, shown on the criterion that it concerns before anything is rated."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from assessor_app.domain.submissions import AccommodationEffect
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space

translate = QCoreApplication.translate


def accommodation_note(parent: QWidget, effect: AccommodationEffect, instruction: str) -> QFrame:
    """A box with what is changed; the reason and the person are never known here (rule 23)."""
    titles = {
        AccommodationEffect.EXCLUDE: translate("Scoring", "Approved accommodation: taken out"),
        AccommodationEffect.SUBSTITUTE: translate("Scoring", "Approved accommodation: something else counts"),
        AccommodationEffect.EXTEND: translate("Scoring", "Approved accommodation: more time or room"),
    }
    return noted(parent, "accent", titles[effect], instruction)


def noted(parent: QWidget, kind: str, title: str, text: str) -> QFrame:
    """A box of a kind of card with a small title above a text."""
    box = card(kind, parent)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(space(parent, 2), space(parent, 1.5), space(parent, 2), space(parent, 1.5))
    layout.setSpacing(space(parent, 0.5))
    layout.addWidget(plain_label(title, "caption-strong", wraps=True))
    layout.addWidget(plain_label(text, wraps=True))
    return box
