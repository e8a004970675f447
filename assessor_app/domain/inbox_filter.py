"""What a person wants to see of the inbox: layers that are combined, and can be taken off one at a time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_groups import Group

T = TypeVar("T", bound="str | int")


class Show(StrEnum):
    """Which part of the inbox is shown."""

    ALL = "all"
    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    DONE = "done"
    SETTLED = "settled"


class Kind(StrEnum):
    """How a submission came to this person."""

    NEW = "new"
    RESUBMISSION = "resubmission"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Layers on the inbox: a submission is shown when it fits every one, and in each any of its values.

    The values of a layer are in ascending order, each once, so that equal filters compare equal.
    """

    show: Show = Show.ALL
    microcredentials: tuple[MicrocredentialId, ...] = ()
    due: tuple[Group, ...] = ()
    """Groups of open work."""
    kinds: tuple[Kind, ...] = ()
    at_risk: bool = False
    all_here: bool = False
    """All files of evidence are on this machine: it can be done without a connection."""
    has_recordings: bool = False
    text: str = ""
    """Words, all of which stand in code or title; last, so that it is taken off first."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the fields that hold something back, in the order of the bar."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) != f.default)

    def without(self, layer: str) -> InboxFilter:
        """The same without one layer.

        Raises:
            KeyError: there is no such layer.
        """
        defaults: dict[str, Any] = {field.name: field.default for field in fields(self)}
        return replace(self, **{layer: defaults[layer]})


def toggled(values: tuple[T, ...], value: T) -> tuple[T, ...]:
    """The values of a layer with one put in, or taken out where it was in."""
    if value in values:
        return tuple(kept for kept in values if kept != value)
    return tuple(sorted((*values, value)))


def folded(text: str) -> str:
    """A text as it is compared: without accents and without a difference of case."""
    if text.isascii():
        # Thousands of them are compared with each letter typed.
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def has_words(text: str, code: str, title: str) -> bool:
    """Whether every word of a filter's text stands in code or title."""
    words = folded(text).split()
    said = folded(f"{code} {title}") if words else ""
    return all(word in said for word in words)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter that was saved under a name, for one role."""

    id: str
    title: str
    """What the person calls it."""
    wanted: InboxFilter
