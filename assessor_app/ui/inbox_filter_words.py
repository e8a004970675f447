"""The layers of the inbox's filter in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, Show
from assessor_app.domain.inbox_groups import Group
from assessor_app.ui.inbox_words import group_title

translate = QCoreApplication.translate
Titles = Mapping[MicrocredentialId, str]


def show_words(show: Show) -> str:
    """A part of the inbox."""
    return {
        Show.ALL: translate("Inbox", "All"),
        Show.TO_DO: translate("Inbox", "To do"),
        Show.IN_PROGRESS: translate("Inbox", "In progress"),
        Show.RETURNED: translate("Inbox", "Returned"),
        Show.DONE: translate("Inbox", "Waiting for others"),
        Show.SETTLED: translate("Inbox", "Settled"),
    }[show]


def kind_words(kind: Kind) -> str:
    """How a submission came to this person."""
    return {
        Kind.NEW: translate("Inbox", "New"),
        Kind.RESUBMISSION: translate("Inbox", "Resubmission"),
        Kind.RETURNED: translate("Inbox", "Returned"),
    }[kind]


def due_words(group: Group) -> str:
    """When work is due, as a choice in a menu."""
    return group_title(group)


def microcredential_words(key: MicrocredentialId, titles: Titles) -> str:
    """A micro-credential's title; one that is not here any more has no better name."""
    return titles.get(key, translate("Inbox", "Another micro-credential"))


def layer_words(layer: str, wanted: InboxFilter, titles: Titles) -> str:
    """What one layer holds back, as its chip says it.

    Raises:
        KeyError: there is no such layer.
    """
    said: dict[str, Callable[[], str]] = {
        "show": lambda: show_words(wanted.show),
        "microcredentials": lambda: _either(
            microcredential_words(key, titles) for key in wanted.microcredentials
        ),
        "due": lambda: _either(due_words(group) for group in wanted.due),
        "kinds": lambda: _either(kind_words(kind) for kind in wanted.kinds),
        "at_risk": lambda: translate("Inbox", "At risk"),
        "all_here": lambda: translate("Inbox", "All files here"),
        "has_recordings": lambda: translate("Inbox", "With recordings"),
        "text": lambda: f"“{wanted.text.strip()}”",
    }
    return said[layer]()


def filter_words(wanted: InboxFilter, titles: Titles) -> str:
    """All layers in one line."""
    return ", ".join(layer_words(layer, wanted, titles) for layer in wanted.layers)


def _either(words: Iterable[str]) -> str:
    return translate("Inbox", " or ").join(words)
