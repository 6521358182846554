"""The printed interval of reach holds the true ratio as often as it says, over drawn councils.

Each council is drawn with contracts whose people resemble each other (beta-binomial) and with homes
missing: none, at random, more often in the most deprived areas, or more often elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np
import pytest

from sv_lib.analysis.reach import design_effect, joint_high, joint_low

COUNCILS = 500
BAR = 0.93
"""At the least so many of the 95% intervals must hold the truth: three standard errors of 500
draws below 95% is 92.1%.
"""
CORRELATION = 0.15
"""Within a contract. Recruitment of one firm in one place: about that of pupils of one school."""


@dataclass(frozen=True)
class Homes:
    """How often a home is missing, by where it is, and how often a contract gives none at all."""

    missing_there: float = 0.0
    missing_elsewhere: float = 0.0
    silent_contracts: float = 0.0


ALL_KNOWN = Homes()
AT_RANDOM = Homes(0.2, 0.2, 0.05)
MORE_THERE = Homes(0.45, 0.15, 0.05)
MORE_ELSEWHERE = Homes(0.1, 0.4, 0.05)


@dataclass(frozen=True)
class Council:
    """One drawn council: the true ratio, and by contract how many homes are there, known, unknown.

    ``there`` of ``known`` people live in the most deprived areas.
    """

    true_ratio: float
    base_pct: Decimal
    there: np.ndarray
    known: np.ndarray
    unknown: np.ndarray

    def effect(self) -> Decimal:
        """The design effect that the report would print."""
        return Decimal(f"{design_effect(self.known, self.there).sum():.6f}")


def drawn(homes: Homes, seed: int) -> Iterator[Council]:
    draw = np.random.default_rng(seed)
    for _ in range(COUNCILS):
        contracts = draw.integers(12, 45)
        share = draw.uniform(0.1, 0.5)
        base = draw.uniform(0.1, 0.4)
        size = draw.integers(1, 16, contracts)
        strength = (1 - CORRELATION) / CORRELATION
        of_contract = draw.beta(share * strength, (1 - share) * strength, contracts)
        there = draw.binomial(size, of_contract)
        says_so = draw.random(contracts) >= homes.silent_contracts
        known_there = draw.binomial(there, 1 - homes.missing_there) * says_so
        known_elsewhere = draw.binomial(size - there, 1 - homes.missing_elsewhere) * says_so
        known = known_there + known_elsewhere
        base_pct = Decimal(f"{100 * base:.6f}")
        yield Council(100 * share / float(base_pct), base_pct, known_there, known, size - known)


@cache
def coverage(homes: Homes, has_effect: bool = True, has_unknown: bool = True) -> float:
    """The part of councils whose interval holds the true ratio."""
    held = 0
    for one in drawn(homes, seed=20220630):
        unknown = int(one.unknown.sum()) if has_unknown else 0
        effect = one.effect() if has_effect else 1
        parts = (int(one.there.sum()), int(one.known.sum()), one.base_pct, unknown, effect)
        held += joint_low(*parts) <= one.true_ratio <= joint_high(*parts)
    return held / COUNCILS


@pytest.mark.parametrize("homes", [ALL_KNOWN, AT_RANDOM, MORE_THERE, MORE_ELSEWHERE], ids=str)
def test_the_interval_holds_the_true_ratio(homes: Homes) -> None:
    assert coverage(homes) >= BAR


def test_without_the_design_effect_it_would_not() -> None:
    assert coverage(ALL_KNOWN, has_effect=False) < BAR


@pytest.mark.parametrize("homes", [MORE_THERE, MORE_ELSEWHERE], ids=str)
def test_without_the_unknown_homes_it_would_not(homes: Homes) -> None:
    assert coverage(homes, has_unknown=False) < BAR


def test_it_is_not_so_wide_that_it_says_nothing() -> None:
    """Half of the intervals where all homes are known are narrower than the ratio itself."""
    widths = []
    for one in drawn(ALL_KNOWN, seed=1):
        parts = (int(one.there.sum()), int(one.known.sum()), one.base_pct, 0, one.effect())
        widths.append(float(joint_high(*parts) - joint_low(*parts)) / one.true_ratio)
    assert np.median(widths) < 1
