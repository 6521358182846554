"""Whether outcomes reach the residents of the most deprived areas. Association, never cause."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.money import half_up
from sv_lib.toms.worded import worded

MOST_DEPRIVED = "most deprived"
ELSEWHERE_HERE = "elsewhere in the borough"
FIFTHS = ("1", "2", "3", "4", "5")
SURE_PCT = 95
TAIL = (100 - SURE_PCT) / 200
"""What lies beyond an interval at either end."""

Floats = npt.NDArray[np.float64]

Number = int | Decimal | Fraction
"""Any exact number of people or percent."""


def classify(rows: pd.DataFrame, decile: int) -> pd.DataFrame:
    """Rows with ``group``: "most deprived", "elsewhere in the borough", "outside" or "not known".

    "most deprived" goes up to ``decile``. Takes rows of the beneficiary lens, or the deprivation
    table itself for the residents to compare with.
    Decile 1 is the most deprived 10% of LSOAs in England; 2 the most deprived 20%.
    """
    deciles = rows["imd_decile"]
    group = worded(rows.index, ELSEWHERE_HERE, (deciles <= decile, MOST_DEPRIVED))
    if "place" in rows:
        group = group.mask(deciles.isna(), rows["place"])
    return rows.assign(group=group).reset_index(drop=True)


def by_fifth(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with ``fifth``: "1" for England's most deprived LSOAs to "5"; else the place's word."""
    fifth = ((rows["imd_decile"] + 1) // 2).astype("Int64").astype("string")
    if "place" in rows:
        fifth = fifth.fillna(rows["place"])
    return rows.assign(fifth=fifth).reset_index(drop=True)


def design_effect(people: Floats, there: Floats) -> Floats:
    """What each contract brings to the design effect; the sum counts as at least 1.

    ``people`` of each contract with a known home in the borough, and how many of them live in the
    most deprived areas. People on one contract are not independent: they are hired in one place,
    often together. The design effect says how many times as wide that makes the variance of their
    share. It is the ratio estimator of clustered shares (Rao and Scott, Biometrics 48, 1992), times
    the square of Student's t, for as many contracts less one, over the normal deviate (Korn and
    Graubard, Survey Methodology 24, 1998). With one contract, or where everybody or nobody lives
    there, how contracts differ cannot be seen: then each counts as one person.
    """
    # Imported here: it takes a while, and few runs of the program need it.
    from scipy.special import ndtri, stdtrit

    contracts = max(int(np.count_nonzero(people)), 1)
    everyone = float(people.sum())
    share = float(there.sum()) / (everyone or 1.0)
    if contracts == 1 or not 0 < share < 1:
        return people / contracts
    beyond = 1 - TAIL
    few = stdtrit(contracts - 1, beyond) / ndtri(beyond)
    apart = (there - share * people) ** 2
    one_by_one = everyone * share * (1 - share)
    effect: Floats = few**2 * apart * contracts / (contracts - 1) / one_by_one
    return effect


def with_design_effect(rows: pd.DataFrame, column: str = "headcount") -> pd.DataFrame:
    """Add ``design_effect``: at the first row of each contract what it brings, else nought.

    ``rows``: people with a known home in the borough, with ``group``, ``contract_id`` and, in
    ``column``, how many. Six decimal places.
    """
    contract, _ = pd.factorize(rows["contract_id"])
    people = rows[column].to_numpy(dtype=np.float64)
    there = np.where(rows["group"] == MOST_DEPRIVED, people, 0.0)
    of_each = np.bincount(contract, people).astype(np.float64)
    there_of_each = np.bincount(contract, there).astype(np.float64)
    effect = design_effect(of_each, there_of_each)
    is_first = ~rows["contract_id"].duplicated()
    exact = [Decimal(f"{one:.6f}") for one in np.where(is_first, effect[contract], 0.0)]
    return rows.assign(design_effect=pd.Series(exact, index=rows.index, dtype="object"))


def interval(people: Number, of: Number, design_effect: Number = 1) -> tuple[float, float]:
    """The exact binomial (Clopper-Pearson) 95% interval of a share.

    Both numbers are divided by the design effect, which counts as at least 1. ``of`` is over 0.
    """
    # Imported here: it takes a while, and few runs of the program need it.
    from scipy.special import betaincinv

    effect = max(float(design_effect), 1.0)
    # Corrections may take off more people than there are in an area.
    successes = max(float(people), 0.0) / effect
    failures = max(float(of) - float(people), 0.0) / effect
    low = betaincinv(successes, failures + 1, TAIL) if successes else 0.0
    high = betaincinv(successes + 1, failures, 1 - TAIL) if failures else 1.0
    return float(low), float(high)


def joint_low(
    there: Number, known: Number, base_pct: Number, unknown: Number, design_effect: Number
) -> Decimal:
    """The low bound of a reach ratio: chance, with every unknown home elsewhere in the borough.

    ``there`` of ``known`` people with a home in the borough live in the most deprived areas, which
    hold ``base_pct`` percent of residents. Six decimal places. Raises ZeroDivisionError when nobody
    or no resident is known.
    """
    everyone = Fraction(known) + Fraction(unknown)
    low, _ = interval(there, everyone, design_effect)
    return _against(low, known, base_pct)


def joint_high(
    there: Number, known: Number, base_pct: Number, unknown: Number, design_effect: Number
) -> Decimal:
    """The high bound of a reach ratio: chance, with every unknown home in the most deprived areas.

    See ``joint_low``.
    """
    at_most = Fraction(there) + Fraction(unknown)
    everyone = Fraction(known) + Fraction(unknown)
    _, high = interval(at_most, everyone, design_effect)
    return _against(high, known, base_pct)


def _against(share: float, known: Number, base_pct: Number) -> Decimal:
    """A share over the percentage of residents, where anybody is known."""
    if known == 0 or base_pct == 0:
        raise ZeroDivisionError
    ratio = Fraction(share) * 100 / Fraction(base_pct)
    millionths = half_up(ratio * 10**6)
    return Decimal(millionths).scaleb(-6)


def verdict(low: Number, high: Number) -> str:
    """What an interval says of parity: "more" or "less" than an equal share, else "cannot tell"."""
    if low > 1:
        return "more"
    if high < 1:
        return "less"
    return "cannot tell"
