"""Three questions about a place, never added: who was paid there, what was done there, who gained
from
there.

Each adds ``place``: a ward code, "borough-wide", "outside" or "not known". The parts of a row add
up to the row.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.params import NOT_KNOWN

OUTSIDE = "outside"

AMOUNTS = ("amount_pence", "value_pence", "due_value_pence", "headcount")
"""Whole numbers that are split; ``quantity``, a decimal, is split with them."""

Ints = npt.NDArray[np.int64]

MOST_SHARES_OF = 10**9
"""Shares may have nine decimal places: then a share of a share still fits a 64-bit whole number."""


def supplier(rows: pd.DataFrame) -> pd.DataFrame:
    """Who is paid: each row, whole, at its supplier's ``ward_code``."""
    return rows.reset_index(drop=True).assign(place=rows["ward_code"].to_numpy())


def works(rows: pd.DataFrame, contract_places: pd.DataFrame) -> pd.DataFrame:
    """Where the work is done: rows under a contract split by its shares, to the penny; the rest
    "not
    known".

    Splits those of ``AMOUNTS`` that the rows have. One row may become several, all with its file
    and row. Raises ValueError when a contract's shares do not sum to exactly 1 or have more than
    nine decimal places.
    """
    return _split(rows, _shares(contract_places), "contract_id")


def residents(payments: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Who gained from a payment: split by the homes of those hired or trained under its contract;
    else
    "not known".

    ``people``: rows of the beneficiary lens, with ``contract_id``, ``place`` and ``headcount``.
    """
    counts = people[people["headcount"] > 0].groupby(["contract_id", "place"])["headcount"].sum()
    shares = counts.reset_index(name="_share")
    return _split(
        payments,
        shares.assign(_of=shares.groupby("contract_id")["_share"].transform("sum")),
        "contract_id",
    )


def beneficiary(
    claims: pd.DataFrame, beneficiaries: pd.DataFrame, deprivation: pd.DataFrame
) -> pd.DataFrame:
    """Who gained: each claim split by the home areas of its people; people without one are "not
    known".

    ``headcount``, ``quantity`` and ``value_pence`` are split in the same proportions and add up to
    the claim's. A claim with neither people nor areas stays whole, its ``headcount`` as it was. A
    correction follows the areas of the claim it corrects. A home outside the deprivation table is
    "outside"; ``imd_decile`` is then NA.
    """
    areas = _areas(claims, beneficiaries)
    told = areas.groupby("_areas_of")["_of"].first()
    claims = claims.assign(_areas_of=_areas_of(claims, beneficiaries))
    counted = (
        claims["_areas_of"]
        .map(told)
        .mask(claims["_areas_of"].ne(claims["claim_id"]), 0)
        .astype("Int64")
    )
    claims = claims.assign(headcount=claims["headcount"].fillna(counted))
    homes = deprivation[["lsoa_code", "ward_code", "imd_decile"]]
    homes = homes.set_axis(["home_lsoa_code", "place", "imd_decile"], axis=1)
    areas = areas.merge(homes, on="home_lsoa_code", how="left", validate="m:1")
    lies_outside = areas["home_lsoa_code"].notna() & areas["place"].isna() & (not deprivation.empty)
    areas["place"] = areas["place"].astype("string").mask(lies_outside, OUTSIDE).fillna(NOT_KNOWN)
    rows = _split(claims, areas, "_areas_of")
    return rows.drop(columns="_areas_of").assign(imd_decile=rows["imd_decile"].astype("Int64"))


def _split(rows: pd.DataFrame, shares: pd.DataFrame, key: str) -> pd.DataFrame:
    """Each row once a share of its ``key``, amounts by ``_share / _of``; whole and "not known"
    where
    it has none.
    """
    parts = rows.assign(_row=np.arange(len(rows))).merge(shares, on=key, how="left", validate="m:m")
    whole, weight = (parts[name].fillna(1).to_numpy(dtype=np.int64) for name in ("_of", "_share"))
    row = parts["_row"].to_numpy(dtype=np.int64)
    for name in AMOUNTS:
        if name in parts:
            blank, amounts = parts[name].isna(), parts[name].fillna(0).to_numpy(dtype=np.int64)
            split = pd.Series(apportion(row, amounts, weight, whole), index=parts.index)
            parts[name] = split.astype("Int64").mask(blank) if blank.any() else split
    if "quantity" in parts:
        parts["quantity"] = _split_quantity(parts["quantity"], row, weight, whole)
    parts["place"] = parts["place"].astype("string").fillna(NOT_KNOWN)
    return parts.drop(columns=["_row", "_share", "_of"])


def _split_quantity(quantity: pd.Series, row: Ints, weight: Ints, whole: Ints) -> pd.Series:
    """Decimals split exactly, in units of the sixth place or of the finest that they hold."""
    places = max([6, *(-int(one.as_tuple().exponent) for one in quantity)])
    scaled = np.array([int(one.scaleb(places)) for one in quantity], dtype=np.int64)
    parts = apportion(row, scaled, weight, whole)
    return pd.Series(
        [_shortest(part, places) for part in parts.tolist()], index=quantity.index, dtype="object"
    )


def apportion(row: Ints, total: Ints, weight: Ints, whole: Ints) -> Ints:
    """Parts of ``total`` by ``weight / whole`` within each ``row``; the parts of a row add up to
    its
    total.

    Rows stand together. Each part is rounded towards nothing, and the units left over go one each
    to the largest remainders, the first of equals first: the rule of ``money.split``, for whole
    columns.
    """
    sign, amount = np.sign(total), np.abs(total)
    hundreds, rest = np.divmod(amount, whole)
    part, remainder = np.divmod(rest * weight, whole)
    part += hundreds * weight
    order = np.lexsort((np.arange(len(row)), -remainder, row))
    starts = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    first = np.flatnonzero(starts)
    left = (
        (amount[first] - np.add.reduceat(part, first)) if len(row) else np.zeros(0, dtype=np.int64)
    )
    sizes = np.diff(np.r_[first, len(row)])
    rank = np.arange(len(row)) - np.repeat(first, sizes)
    part[order] += rank < np.repeat(left, sizes)
    return np.asarray(sign * part, dtype=np.int64)


def _shares(contract_places: pd.DataFrame) -> pd.DataFrame:
    """Each contract's shares as whole numbers ``_share`` of ``_of``."""
    frame = contract_places[["contract_id", "place"]].reset_index(drop=True)
    shares = list(contract_places["share"])
    if any(-int(share.as_tuple().exponent) > 9 for share in shares):
        raise ValueError("a share of a contract has more than nine decimal places")
    frame["_share"] = pd.array([int(share * MOST_SHARES_OF) for share in shares], dtype="Int64")
    frame["_of"] = pd.array([MOST_SHARES_OF] * len(shares), dtype="Int64")
    sums = frame.groupby("contract_id", dropna=False)["_share"].sum()
    if not sums.eq(MOST_SHARES_OF).all():
        wrong = sums[sums.ne(MOST_SHARES_OF)].index[0]
        raise ValueError(f"the shares of contract {wrong} do not sum to exactly 1")
    return frame.sort_values(["contract_id", "place"])


def _areas(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.DataFrame:
    """People of each claim by home area, ``_share`` of ``_of``; those that no area accounts for
    have
    none.
    """
    homes = beneficiaries[["claim_id", "home_lsoa_code", "headcount"]]
    homes = homes.set_axis(["_areas_of", "home_lsoa_code", "_share"], axis=1)
    named = homes.groupby("_areas_of")["_share"].sum()
    people = claims.set_index("claim_id")["headcount"]
    missing = (people - named.reindex(people.index).fillna(0).astype("Int64")).dropna()
    rest = missing[missing > 0]
    unplaced = pd.DataFrame(
        {"_areas_of": rest.index, "home_lsoa_code": pd.NA, "_share": rest.to_numpy()}
    )
    people_at = pd.concat([homes, unplaced.astype(homes.dtypes.to_dict())], ignore_index=True)
    areas = (
        people_at.groupby(["_areas_of", "home_lsoa_code"], dropna=False)["_share"]
        .sum()
        .reset_index()
    )
    areas = areas[areas["_share"] > 0]
    return areas.assign(_of=areas.groupby("_areas_of")["_share"].transform("sum"))


def _areas_of(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """The claim whose home areas a claim goes by: its own, or those of the claim that it
    corrects.
    """
    own, corrected = claims["claim_id"], claims["corrects_claim_id"].fillna("")
    return own.where(own.isin(beneficiaries["claim_id"].unique()) | corrected.eq(""), corrected)


def _shortest(part: int, places: int) -> Decimal:
    """A whole number of the smallest units back as a quantity, without zeros that say nothing."""
    quantity = Decimal(part).scaleb(-places)
    whole = quantity.to_integral_value()
    return whole if quantity == whole else quantity.normalize()
