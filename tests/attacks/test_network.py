"""A network that fails in 15 ways loses nothing, doubles nothing, and confirms nothing falsely."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import network
from attacks.network import Care


def test_everything_arrives_once_and_in_order(tmp_path: Path) -> None:
    figure = network.run(network.SMALL, 1, tmp_path)
    assert figure.broken == ()
    assert figure.lines[-1] == "lost 0, doubled 0, falsely sent 0, out of order 0, given up 0"


@pytest.mark.parametrize(
    ("care", "found"),
    [
        (Care.TRUSTS_EVERY_SUCCESS, "falsely sent"),
        (Care.NEW_KEYS, "doubled"),
        (Care.BELIEVES_EVERY_REFUSAL, "given up"),
    ],
)
def test_a_careless_client_is_found_out(tmp_path: Path, care: Care, found: str) -> None:
    figure = network.run(40, 1, tmp_path, care=care)
    assert any(promise.startswith(found) for promise in figure.broken)
