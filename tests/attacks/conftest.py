"""The longest attacks are begun first: one that is begun last would have a processor stand idle."""

from __future__ import annotations

import pytest

LONGEST = (
    "test_a_cache_of_ten_thousand_is_filled_opened_searched_and_saved_to",
    "test_long_spells_without_a_network_end_well",
    "test_no_kill_loses_or_doubles_anything",
    "test_everything_arrives_once_and_in_order",
    "test_nothing_planted_is_readable_running_closed_or_killed",
    "test_no_walk_loses_doubles_or_falsely_sends_anything",
    "test_requests_by_chance_find_nothing",
    "test_no_marker_survives_an_export",
    "test_no_power_cut_loses_what_was_saved",
)
PATIENCE_S = 600
"""They take up to a minute, and several on a machine that is busy otherwise."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest in their order, then all others in theirs."""
    places = {name: place for place, name in enumerate(LONGEST)}
    for item in items:
        if item.name.partition("[")[0] in places and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
    items.sort(key=lambda item: places.get(item.name.partition("[")[0], len(places)))
