"""In which order tests are run that are spread over several processes, so that none is left with a long one.

`--dist worksteal` of pytest-xdist gives each process an equal run of the list and lets the idle take from the
end of others' runs. So each run begins with its part of the longest.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Test = TypeVar("Test")

LONGEST = (
    "test_the_whole_tour",
    "test_long_spells_without_a_network_end_well",
    "test_no_kill_loses_or_doubles_anything",
    "test_everything_arrives_once_and_in_order",
    "test_a_cache_of_ten_thousand_is_filled_opened_searched_and_saved_to",
    "test_no_walk_loses_doubles_or_falsely_sends_anything",
    "test_requests_by_chance_find_nothing",
    "test_nothing_planted_is_readable_running_closed_or_killed",
    "test_no_marker_survives_an_export",
    "test_no_power_cut_loses_what_was_saved",
)
PATIENCE_S = 600
"""They take up to a minute, and several on a machine that is busy otherwise."""


def put_longest_first(items: list[pytest.Item]) -> None:
    """Order what was collected, and give the longest the time that they may need."""
    places = {name: place for place, name in enumerate(LONGEST)}
    longest = [item for item in items if _name(item) in places]
    for item in longest:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
    longest.sort(key=lambda item: places[_name(item)])
    others = [item for item in items if _name(item) not in places]
    items[:] = spread(longest, others, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _name(item: pytest.Item) -> str:
    return item.name.partition("[")[0]


def spread(longest: Sequence[Test], others: Sequence[Test], processes: int) -> list[Test]:
    """All of them, in the order in which they are handed out.

    Args:
        longest: the longest first.
        others: in any order, which they keep.
        processes: how many there are, at least 1.
    """
    parts = [list(longest[number::processes]) for number in range(processes)]
    rest, count, made = list(others), len(longest) + len(others), list[Test]()
    for number, part in enumerate(parts):
        # As xdist shares what is left among the processes that are left.
        size = max((count - len(made)) // (processes - number), len(part))
        taken = size - len(part)
        made += part + rest[:taken]
        del rest[:taken]
    return made + rest
