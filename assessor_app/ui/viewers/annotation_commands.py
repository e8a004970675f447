"""What the table of keys names for marks on pages, as commands of a viewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from assessor_app.ui.annotate.annotator import Annotator
from assessor_app.ui.annotate.drafts import COLOUR_KEYS
from assessor_app.ui.viewers.base import Command
from assessor_app.ui.viewers.call import Call

_WAYS = {"on": (1, 0), "back": (-1, 0), "down": (0, 1), "up": (0, -1)}
"""The ways that keys go along words, as they are read."""


def annotation_commands(annotator: Annotator, parent: QObject) -> dict[str, Command]:
    """The commands of everything that has to do with marks, but for the comment's.

    Args:
        annotator: who does it.
        parent: owner of the slots.
    """
    verbs = annotator.verbs
    return {
        "annotation.tie": annotator.tie_selected,
        "annotation.delete": annotator.delete_selected,
        "annotation.copy": annotator.copy,
        "annotation.cut": verbs.cut,
        "annotation.paste": annotator.paste,
        "annotation.duplicate": annotator.duplicate,
        "annotation.select_all": verbs.select_all,
        "annotation.next": Call(annotator.step, 1, parent).run,
        "annotation.previous": Call(annotator.step, -1, parent).run,
        **{f"words.{name}": Call(annotator.extend_words, way, parent).run for name, way in _WAYS.items()},
        **{f"words.move_{name}": Call(annotator.move_words, way, parent).run for name, way in _WAYS.items()},
        **tool_commands(annotator.tools, annotator.take, annotator.set_colour, parent),
    }


def tool_commands(
    tools: Iterable[str], take: Callable[[Any], object], colour: Callable[[Any], object], parent: QObject
) -> Mapping[str, Command]:
    """One command for each tool and each colour.

    Args:
        tools: ids of the table of keys.
        take: takes the tool of an id.
        colour: chooses the colour of a name.
        parent: owner of the slots.
    """
    made: dict[str, Command] = {tool: Call(take, tool, parent).run for tool in tools}
    for number, name in enumerate(COLOUR_KEYS, start=1):
        made[f"colour.{number}"] = Call(colour, name, parent).run
    return made
