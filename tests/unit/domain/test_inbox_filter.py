"""Layers of the inbox's filter, and how words are compared."""

from __future__ import annotations

import pytest

from assessor_app.domain.codec import from_json, to_json
from assessor_app.domain.ids import MicrocredentialId
from assessor_app.domain.inbox_filter import InboxFilter, Kind, SavedView, Show, folded, has_words, toggled
from assessor_app.domain.inbox_groups import Group

FULL = InboxFilter(
    show=Show.TO_DO,
    microcredentials=(MicrocredentialId("mc-1"),),
    due=(Group.OVERDUE, Group.TODAY),
    kinds=(Kind.RETURNED,),
    at_risk=True,
    all_here=True,
    has_recordings=True,
    text="plan",
)


def test_layers_are_taken_off_one_at_a_time() -> None:
    assert InboxFilter().layers == ()
    assert FULL.layers == (
        "show",
        "microcredentials",
        "due",
        "kinds",
        "at_risk",
        "all_here",
        "has_recordings",
        "text",
    )
    less = FULL
    while less.layers:
        before = less.layers
        less = less.without(before[-1])
        assert less.layers == before[:-1]
    assert less == InboxFilter()
    with pytest.raises(KeyError):
        FULL.without("colour")


def test_a_filter_is_kept_as_it_is() -> None:
    assert from_json(InboxFilter, to_json(FULL)) == FULL
    assert SavedView("1", "Mine", FULL).wanted is FULL


def test_words_are_compared_without_case_and_accents() -> None:
    assert folded("Évaluation STRASSE") == folded("evaluation straße")
    assert has_words("  visible QUEST ", "S-4F2K", "Asking questions that make thinking visible")
    assert has_words("4f2k", "S-4F2K", "")
    assert not has_words("visible 4f2l", "S-4F2K", "Asking questions that make thinking visible")
    assert has_words("", "", "")


def test_a_value_is_put_in_once_and_taken_out_again() -> None:
    once = toggled((Group.TODAY,), Group.OVERDUE)
    assert once == (Group.OVERDUE, Group.TODAY)
    assert toggled(once, Group.TODAY) == (Group.OVERDUE,)
