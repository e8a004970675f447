"""Agreement between ratings: exact agreement and Cohen's kappa, each with its interval and its number.

Both are reported together (rule 24): agreement says how often, kappa how much of it is beyond chance.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
"""Share of intervals that hold the true value, in the long run."""


class NotEstimable(ValueError):
    """The ratings do not determine the statistic; there is nothing to show but their number."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic with its interval; dimensionless."""

    value: float
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    pairs: int
    """Number of pairs of ratings that it rests on."""


def exact_agreement(
    pairs: Sequence[tuple[Hashable, Hashable]], *, confidence: float = CONFIDENCE
) -> Estimate:
    """Share of pairs that are equal, with the interval of Wilson (1927).

    Args:
        pairs: (one's level code, the other's or the reference) for each criterion rated by both.
        confidence: between 0 and 1.

    Returns:
        A value from 0 to 1; the interval never leaves that range.

    Raises:
        NotEstimable: there is no pair.
    """
    if not pairs:
        raise NotEstimable("no pair of ratings")
    count = len(pairs)
    hits = sum(one == other for one, other in pairs)
    low, high = wilson_interval(hits, count, confidence=confidence)
    return Estimate(hits / count, low, high, count)


def wilson_interval(hits: int, count: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of Wilson (1927) for a share of `hits` in `count`, without continuity correction.

    Args:
        hits: from 0 to `count`.
        count: at least 1.
        confidence: between 0 and 1.

    Returns:
        Lower and upper end, from 0 to 1.
    """
    z = _z(confidence)
    share = hits / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    # At the ends the formula gives exactly 0 and 1; floating point comes close only.
    low = (middle - spread) / scale if hits else 0.0
    high = (middle + spread) / scale if hits < count else 1.0
    return low, high


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]], *, confidence: float = CONFIDENCE) -> Estimate:
    """Cohen's kappa (1960), unweighted, with the large-sample interval of Fleiss, Cohen and Everitt (1969).

    Levels that nobody used do not change it, so they need not be known.

    Args:
        pairs: (one's level code, the other's or the reference) for each criterion rated by both.
        confidence: between 0 and 1.

    Returns:
        1.0 for perfect agreement, 0.0 for chance; may be negative, as may be the lower end. With perfect
        agreement the interval has no width: its formula knows no doubt then, however few the pairs are.

    Raises:
        NotEstimable: fewer than 2 pairs, or both used one and the same level throughout.
    """
    count = len(pairs)
    if count < 2:
        raise NotEstimable("fewer than two pairs of ratings")
    cells = Counter(pairs)
    rows = Counter(one for one, _ in pairs)
    columns = Counter(other for _, other in pairs)
    levels = sorted(rows | columns, key=repr)
    # In whole numbers, so that "chance explains everything" is no question of rounding.
    chance_count = sum(rows[level] * columns[level] for level in levels)
    if chance_count == count * count:
        raise NotEstimable("one and the same level throughout")
    observed = sum(cells[level, level] for level in levels) / count
    chance = chance_count / (count * count)
    kappa = (observed - chance) / (1 - chance)
    agreeing = sum(
        cells[level, level] / count * (1 - (rows[level] + columns[level]) / count * (1 - kappa)) ** 2
        for level in levels
    )
    disagreeing = (1 - kappa) ** 2 * sum(
        number / count * ((columns[one] + rows[other]) / count) ** 2
        for (one, other), number in cells.items()
        if one != other
    )
    variance = agreeing + disagreeing - (kappa - chance * (1 - kappa)) ** 2
    error = math.sqrt(max(0.0, variance) / count) / (1 - chance)
    spread = _z(confidence) * error
    return Estimate(kappa, kappa - spread, min(1.0, kappa + spread), count)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
