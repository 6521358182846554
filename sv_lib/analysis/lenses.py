"""Three questions about a place, never added up: who was paid, where work was done, who gained.

Each adds ``place``: a ward code, "borough-wide", "outside" or "not known". The parts of a row add
up to the row.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.params import NOT_KNOWN
from sv_lib.toms import people
from sv_lib.toms.worded import is_blank

OUTSIDE = "outside"

AMOUNTS = ("amount_pence", "value_pence", "due_value_pence", "owed_pence", "headcount")
"""Whole numbers that are split; ``quantity``, a decimal, is split with them."""

Ints = npt.NDArray[np.int64]

MOST_SHARES_OF = 10**9
"""Shares may have nine decimal places: then a share of a share still fits a 64-bit whole number."""


def supplier(rows: pd.DataFrame) -> pd.DataFrame:
    """Who is paid: each row, whole, at its supplier's ``ward_code``."""
    return rows.reset_index(drop=True).assign(place=rows["ward_code"].to_numpy())


def works(rows: pd.DataFrame, contract_places: pd.DataFrame) -> pd.DataFrame:
    """Where the work is done: rows of a contract split by its shares; the rest "not known".

    Splits those of ``AMOUNTS`` that the rows have. One row may become several, all with its file
    and row. Raises ValueError when a contract's shares do not sum to exactly 1 or have more than
    nine decimal places.
    """
    return _split(rows, _shares(contract_places), "contract_id")


def residents(payments: pd.DataFrame, hired: pd.DataFrame) -> pd.DataFrame:
    """Who gained from a payment: split by the homes of those hired or trained under its contract.

    "not known" where there are none. ``hired``: rows of the beneficiary lens, with
    ``contract_id``, ``place`` and ``headcount``.
    """
    counted = hired[hired["headcount"] > 0]
    counts = counted.groupby(["contract_id", "place"])["headcount"].sum()
    shares = counts.reset_index(name="_share")
    return _split(payments, _with_whole(shares, "contract_id"), "contract_id")


def beneficiary(
    claims: pd.DataFrame, beneficiaries: pd.DataFrame, deprivation: pd.DataFrame
) -> pd.DataFrame:
    """Who gained: each claim split by the home areas of its people, "not known" without one.

    ``quantity`` and ``value_pence`` are split by the ``people`` with each home area, everybody
    behind them, and add up to the claim's. ``headcount`` becomes the people who count among these
    claims, each of them once; it, ``started``, ``persons`` and ``starters`` are those of
    ``people.by_home``. A claim with neither people nor areas stays whole, its ``headcount`` NA. A
    correction follows the areas of the claim it corrects. A home outside the deprivation table is
    "outside"; ``imd_decile`` is then NA.
    """
    # The search for these few among all is made once.
    of_claims = [*claims["claim_id"], *claims["corrects_claim_id"]]
    beneficiaries = beneficiaries[beneficiaries["claim_id"].isin(of_claims)]
    gained = people.by_home(claims, beneficiaries)
    behind = people.behind(claims, beneficiaries)
    claims = claims.assign(headcount=behind)
    areas = _areas(claims, beneficiaries)
    claims = claims.assign(_areas_of=_areas_of(claims, beneficiaries))
    # A correction adds nobody, and where a claim tells of its people they all have a row.
    corrects = ~is_blank(claims["corrects_claim_id"])
    starts = people.starts(claims)
    claims["headcount"] = behind.mask(behind.notna() | corrects, 0)
    claims["started"] = starts.mask(starts.notna(), 0)
    home = areas["home_lsoa_code"]
    known = deprivation.set_index("lsoa_code")
    ward = home.map(known["ward_code"]).astype("string")
    is_outside = home.notna() & ward.isna() & (not deprivation.empty)
    areas["place"] = ward.mask(is_outside, OUTSIDE)
    areas["imd_decile"] = home.map(known["imd_decile"]).astype("Int64")
    rows = _split(claims, areas, "_areas_of").drop(columns="_areas_of")
    counts = ["headcount", "started"]
    nobody = rows[counts].astype("Int64")
    rows = rows.drop(columns=counts).astype({"home_lsoa_code": "string"})
    rows = rows.merge(gained, on=["claim_id", "home_lsoa_code"], how="left", validate="m:1")
    rows[counts] = rows[counts].astype("Int64").fillna(nobody)
    return rows.astype({"people": "Int64"})


def _split(rows: pd.DataFrame, shares: pd.DataFrame, key: str) -> pd.DataFrame:
    """Each row once for each share of its ``key``, with amounts times ``_share / _of``.

    A row without a share stays whole, and its place is "not known".
    """
    parts = rows.assign(_row=np.arange(len(rows))).merge(shares, on=key, how="left", validate="m:m")
    row = parts["_row"].to_numpy(dtype=np.int64)
    weight = _whole_numbers(parts["_share"], 1)
    whole = _whole_numbers(parts["_of"], 1)
    for name in parts.columns.intersection(list(AMOUNTS)):
        amounts = parts[name]
        split = apportion(row, _whole_numbers(amounts, 0), weight, whole)
        parts[name] = pd.Series(split, index=parts.index)
        if amounts.isna().any():
            parts[name] = parts[name].astype("Int64").mask(amounts.isna())
    if "quantity" in parts:
        parts["quantity"] = _split_quantity(parts["quantity"], row, weight, whole)
    parts["place"] = parts["place"].astype("string").fillna(NOT_KNOWN)
    return parts.drop(columns=["_row", "_share", "_of"])


def _whole_numbers(column: pd.Series, blank: int) -> Ints:
    """A column as whole numbers, with ``blank`` where it is NA."""
    return column.fillna(blank).to_numpy(dtype=np.int64)


def _split_quantity(quantity: pd.Series, row: Ints, weight: Ints, whole: Ints) -> pd.Series:
    """Decimals split exactly, in units of the sixth place or of the finest that they hold."""
    places = max([6, *(_places(one) for one in quantity)])
    scaled = [int(one.scaleb(places)) for one in quantity]
    parts = apportion(row, np.array(scaled, dtype=np.int64), weight, whole)
    shortest = [_shortest(part, places) for part in parts.tolist()]
    return pd.Series(shortest, index=quantity.index, dtype="object")


def _places(number: Decimal) -> int:
    """The decimal places of a number."""
    return -int(number.as_tuple().exponent)


def apportion(row: Ints, total: Ints, weight: Ints, whole: Ints) -> Ints:
    """Parts of ``total`` by ``weight / whole`` within each ``row``; a row's parts add up to it.

    Rows stand together. Each part is rounded towards nought, and the units left over go one each
    to the largest remainders, the first of equals first: the rule of ``money.split``, for whole
    columns.
    """
    count = len(row)
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    sign = np.sign(total)
    amount = np.abs(total)
    # Divided first: amount * weight does not fit 64 bits.
    quotient, rest = np.divmod(amount, whole)
    part, remainder = np.divmod(rest * weight, whole)
    part += quotient * weight
    place = np.arange(count)
    order = np.lexsort((place, -remainder, row))
    first = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    left = amount[first] - np.add.reduceat(part, first)
    sizes = np.diff(np.r_[first, count])
    rank = place - np.repeat(first, sizes)
    part[order] += rank < np.repeat(left, sizes)
    return np.asarray(sign * part, dtype=np.int64)


def _shares(contract_places: pd.DataFrame) -> pd.DataFrame:
    """Each contract's shares as whole numbers, ``_share`` of ``_of``."""
    shares = contract_places["share"]
    if any(_places(share) > 9 for share in shares):
        raise ValueError("a share of a contract has more than nine decimal places")
    frame = contract_places[["contract_id", "place"]].reset_index(drop=True)
    frame["_share"] = pd.array([int(share * MOST_SHARES_OF) for share in shares], dtype="Int64")
    frame["_of"] = MOST_SHARES_OF
    sums = frame.groupby("contract_id", dropna=False)["_share"].sum()
    wrong = sums[sums != MOST_SHARES_OF]
    if not wrong.empty:
        raise ValueError(f"the shares of contract {wrong.index[0]} do not sum to exactly 1")
    return frame.sort_values(["contract_id", "place"])


def _with_whole(shares: pd.DataFrame, key: str) -> pd.DataFrame:
    """Shares with ``_of``, the sum of those of their ``key``."""
    return shares.assign(_of=shares.groupby(key)["_share"].transform("sum"))


def _areas(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """People of each claim by home area, ``_share`` of ``_of``; the rest have no area."""
    homes = beneficiaries[["claim_id", "home_lsoa_code", "headcount"]]
    homes = homes.set_axis(["_areas_of", "home_lsoa_code", "_share"], axis="columns")
    named = homes.groupby("_areas_of")["_share"].sum()
    people = claims.set_index("claim_id")["headcount"]
    rest = people - named.reindex(people.index).fillna(0).astype("Int64")
    unplaced = rest[rest > 0].rename_axis("_areas_of").reset_index(name="_share")
    unplaced["home_lsoa_code"] = pd.NA
    unplaced = unplaced[homes.columns].astype(homes.dtypes.to_dict())
    areas = pd.concat([homes, unplaced], ignore_index=True)
    areas = areas.groupby(["_areas_of", "home_lsoa_code"], dropna=False, as_index=False).sum()
    areas["people"] = areas["_share"]
    return _with_whole(areas[areas["_share"] > 0], "_areas_of")


def _areas_of(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """The claim whose home areas a claim goes by: its own, or of the claim that it corrects."""
    own = claims["claim_id"]
    corrected = claims["corrects_claim_id"]
    has_areas = own.isin(beneficiaries["claim_id"].unique())
    return own.where(has_areas | is_blank(corrected), corrected)


def _shortest(part: int, places: int) -> Decimal:
    """A whole number of the smallest units back as a quantity, without trailing zeros."""
    quantity = Decimal(part).scaleb(-places)
    whole = quantity.to_integral_value()
    return whole if quantity == whole else quantity.normalize()
