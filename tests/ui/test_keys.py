"""The key table: no two keys that can be active together, no letter that destroys, own keys, menus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from assessor_app.ui.keys import (
    CONTEXT_TITLES,
    ENTRIES,
    MENU_TITLES,
    Context,
    KeyTable,
    Menu,
    conflicts,
    overlaps,
)

DESTRUCTIVE = {
    "annotation.delete",
    "level.clear",
    "approver.deny",
    "approver.return",
    "app.quit",
    "send.page",
}


def test_no_key_means_two_things_at_once():
    assert KeyTable().conflicts() == ()


def test_the_check_for_conflicts_bites():
    assert conflicts([("a", Context.APP, ("Ctrl+F",)), ("b", Context.INBOX, ("Ctrl+F",))]) == (
        ("a", "b", "Ctrl+F"),
    )
    assert not conflicts([("a", Context.DOCUMENT, ("1",)), ("b", Context.RUBRIC, ("1",))])


def test_contexts_overlap_with_their_parents_only():
    assert overlaps(Context.DOCUMENT, Context.APP)
    assert overlaps(Context.WORKSPACE, Context.RUBRIC)
    assert not overlaps(Context.INBOX, Context.DOCUMENT)


def test_ids_are_unique_and_every_key_is_one_that_qt_knows():
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    for entry in ENTRIES:
        assert entry.text
        for key in entry.keys:
            assert not QKeySequence(key).isEmpty(), entry.id


def test_no_single_letter_destroys_and_digits_need_a_focus():
    for entry in ENTRIES:
        if entry.single_character:
            assert entry.id not in DESTRUCTIVE - {"level.clear"}
            assert entry.context in (Context.DOCUMENT, Context.RUBRIC) or entry.id == "help.keys"


@pytest.mark.parametrize(
    ("entry_id", "key"),
    [
        ("tool.highlight", "Alt+1"),
        ("tool.ink", "Alt+6"),
        ("criterion.next", "Ctrl+Down"),
        ("criterion.next_unrated", "Ctrl+Return"),
        ("item.next", "Ctrl+PgDown"),
        ("level.1", "1"),
        ("level.9", "9"),
        ("page.go_to", "Ctrl+L"),
        ("help.palette", "Ctrl+K"),
        ("pane.next", "F6"),
        ("find.next", "F3"),
    ],
)
def test_keys_are_those_that_people_know(entry_id, key):
    assert key in KeyTable().keys(entry_id)


def test_single_characters_can_be_switched_off():
    table = KeyTable(single_characters=False)
    assert table.keys("tool.pointer") == ()
    assert table.keys("help.keys") == ("F1",)
    assert table.keys("find.open") == ("Ctrl+F",)


def test_a_persons_own_keys_replace_the_defaults():
    table = KeyTable({"tool.ink": ("Ctrl+Alt+I",), "tool.box": ()})
    assert table.keys("tool.ink") == ("Ctrl+Alt+I",)
    assert table.shown("tool.box") == ""
    assert KeyTable({"tool.ink": ("Ctrl+F",)}).conflicts()


def test_every_menu_and_context_has_its_words():
    assert set(MENU_TITLES) == set(Menu) - {Menu.NONE}
    assert set(CONTEXT_TITLES) == set(Context)
    assert {entry.menu for entry in ENTRIES} <= set(Menu)


def test_an_action_carries_words_keys_and_hint(qtbot):
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    ran: list[int] = []
    action = KeyTable().action("send.page", widget, lambda: ran.append(1))
    action.trigger()
    assert ran == [1]
    assert action.text() == "Check and send…"
    assert action.toolTip() == "Check and send (Ctrl+Shift+Return)"


OF_FIELDS = {"/", "Tab"}
"""Keys that a field itself takes: they are in the guide, and in no table."""


def test_every_key_that_the_user_guide_names_is_in_the_table():
    guide = (Path(__file__).parents[2] / "docs" / "user-guide.md").read_text(encoding="utf-8")
    named_keys = r"Esc|Return|Enter|Space|PgDn|PgUp|Left|Right|Up|Down|Tab"
    key = rf"`((?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|[A-Z0-9]|{named_keys}|[^\w`]))`"
    named = {
        QKeySequence(found.replace("PgDn", "PgDown")) for found in set(re.findall(key, guide)) - OF_FIELDS
    }
    known = {QKeySequence(keys) for entry in ENTRIES for keys in entry.keys}
    assert len(named) > 60
    assert {found.toString() for found in named - known} == set()
