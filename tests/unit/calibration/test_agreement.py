"""Agreement statistics against published worked examples and against cases worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.calibration.agreement import (
    NotEstimable,
    cohen_kappa,
    exact_agreement,
    wilson_interval,
)

STANDARDS = Path(__file__).parents[4] / "shared" / "standards"

BY_HAND = {
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, chance 0.5.
    "two levels": {"table": [[20, 5], [10, 15]], "expected": [{"stat": "kappa", "published": "0.400"}]},
    "against each other": {"table": [[0, 5], [5, 0]], "expected": [{"stat": "kappa", "published": "-1.00"}]},
    "no better than chance": {"table": [[1, 1], [1, 1]], "expected": [{"stat": "kappa", "published": "0.0"}]},
}


def worked_examples() -> dict[str, Any]:
    """Those by hand, and with them the published ones that lie beside the repository, if any do."""
    examples: dict[str, Any] = dict(BY_HAND)
    for file in sorted(STANDARDS.glob("0*.json")):
        example = json.loads(file.read_text(encoding="utf-8"))
        if "table" in example:
            examples[file.name] = example
    return examples


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [(i, j) for i, row in enumerate(table) for j, number in enumerate(row) for _ in range(number)]


def equals(value: float, printed: str) -> bool:
    """Whether a value is the printed one, to the digits printed."""
    digits = len(printed.split(".")[1])
    return abs(value - float(printed)) <= 0.5000001 * 10**-digits


@pytest.mark.parametrize("example", worked_examples().values(), ids=worked_examples().keys())
def test_kappa_is_the_published_one(example: dict[str, Any]) -> None:
    pairs = pairs_of(example["table"])
    (expected,) = [item for item in example["expected"] if item["stat"] == "kappa"]
    kappa = cohen_kappa(pairs)
    assert equals(kappa.value, expected["published"])
    assert kappa.pairs == len(pairs)
    for limit, value in (("lo", kappa.low), ("hi", kappa.high)):
        assert limit not in expected or equals(value, expected[limit])


def test_the_interval_of_kappa_by_hand() -> None:
    # Fleiss, Cohen, Everitt for [[20, 5], [10, 15]]: A = .4 * .34 ** 2 + .3 * .46 ** 2 = .10972,
    # B = .36 * (.1 * 1.1 ** 2 + .2 * .9 ** 2) = .10188 and C = .1 ** 2, so the variance is
    # (.10972 + .10188 - .01) / (.25 * 50) = .016128, the error .126996, and 1.959964 of it .248908.
    kappa = cohen_kappa(pairs_of([[20, 5], [10, 15]]))
    assert (kappa.low, kappa.high) == pytest.approx((0.151092, 0.648908), abs=5e-6)


def test_a_wider_confidence_has_a_wider_interval() -> None:
    pairs = pairs_of([[20, 5], [10, 15]])
    for statistic in (cohen_kappa, exact_agreement):
        narrow, wide = statistic(pairs, confidence=0.8), statistic(pairs, confidence=0.99)
        assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # 80 % observed: worked by hand; 81 of 263: Newcombe (1998), table I, method 3.
    [(8, 10, 0.49, 0.94), (24, 30, 0.63, 0.90), (48, 60, 0.68, 0.88), (81, 263, 0.2553, 0.3662)],
)
def test_the_wilson_interval_is_the_published_one(hits: int, count: int, low: float, high: float) -> None:
    digits = 2 if low == round(low, 2) else 4
    assert [round(end, digits) for end in wilson_interval(hits, count)] == [low, high]


def test_the_wilson_interval_stays_between_0_and_1() -> None:
    assert wilson_interval(0, 5)[0] == 0.0
    assert wilson_interval(5, 5)[1] == 1.0
    assert 0.5 < wilson_interval(5, 5)[0] < 0.6


def test_exact_agreement_counts_equal_pairs() -> None:
    estimate = exact_agreement([("met", "met"), ("met", "not_met"), ("not_met", "not_met"), ("met", "met")])
    assert (estimate.value, estimate.pairs) == (0.75, 4)
    assert (estimate.low, estimate.high) == wilson_interval(3, 4)


def test_perfect_agreement_is_one() -> None:
    kappa = cohen_kappa([("a", "a"), ("b", "b"), ("c", "c")])
    assert (kappa.value, kappa.low, kappa.high) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("pairs", [[], [("a", "b")], [("a", "a")] * 7])
def test_kappa_is_not_made_up(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(NotEstimable):
        cohen_kappa(pairs)


def test_agreement_of_nothing_is_not_made_up() -> None:
    with pytest.raises(NotEstimable):
        exact_agreement([])


LEVELS = st.sampled_from(["not_met", "progressing", "demonstrated"])


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=30))
def test_kappa_does_not_depend_on_who_comes_first(pairs: list[tuple[str, str]]) -> None:
    try:
        kappa = cohen_kappa(pairs)
    except NotEstimable:
        assert len({level for pair in pairs for level in pair}) == 1
        return
    turned = cohen_kappa([(other, one) for one, other in pairs])
    assert (turned.value, turned.low) == pytest.approx((kappa.value, kappa.low))
    assert -1.0 <= kappa.value <= 1.0
    assert kappa.low <= kappa.value <= kappa.high
    assert kappa.value <= exact_agreement(pairs).value + 1e-12
