"""Three questions about a place, never added: who was paid there, what was done there, who gained from there.

Each adds ``place``: a ward code, "borough-wide", "outside" or "not known". The parts of a row add up to the row.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

NOT_KNOWN = "not known"
OUTSIDE = "outside"

Ints = npt.NDArray[np.int64]

MOST_SHARES_OF = 10**9
"""Shares may have nine decimal places: then a share of a share still fits a 64-bit whole number."""


def supplier(placed_payments: pd.DataFrame) -> pd.DataFrame:
    """Where the money is paid: each payment, whole, at its supplier's ward."""
    return placed_payments.reset_index(drop=True).assign(place=placed_payments["ward_code"].to_numpy())


def works(payments: pd.DataFrame, contract_places: pd.DataFrame) -> pd.DataFrame:
    """Where the work is done: payments under a contract split by its shares, to the penny; the rest "not known".

    One payment may become several rows, all with its file and row. Raises ValueError when a contract's shares do not
    sum to exactly 1 or have more than nine decimal places.
    """
    shares = _shares(contract_places)
    rows = payments.assign(_row=np.arange(len(payments))).merge(shares, on="contract_id", how="left", validate="m:m")
    whole = rows["_of"].fillna(1).to_numpy(dtype=np.int64)
    weight = rows["_share"].fillna(1).to_numpy(dtype=np.int64)
    amount = rows["amount_pence"].to_numpy(dtype=np.int64)
    rows["amount_pence"] = apportion(rows["_row"].to_numpy(dtype=np.int64), amount, weight, whole)
    rows["place"] = rows["place"].astype("string").fillna(NOT_KNOWN)
    return rows.drop(columns=["_row", "_share", "_of"])


def beneficiary(claims: pd.DataFrame, beneficiaries: pd.DataFrame, deprivation: pd.DataFrame) -> pd.DataFrame:
    """Who gained: each claim split by the home areas of its people; people without one are "not known".

    ``headcount``, ``quantity`` and ``value_pence`` are split in the same proportions and add up to the claim's. A
    claim with neither people nor areas stays whole, its ``headcount`` as it was. A correction follows the areas of the
    claim it corrects. A home outside the deprivation table is "outside"; ``imd_decile`` is then NA.
    """
    areas = _areas(claims, beneficiaries)
    rows = claims.assign(_row=np.arange(len(claims)), _areas_of=_areas_of(claims, beneficiaries)).merge(
        areas, left_on="_areas_of", right_on="_claim", how="left", validate="m:m"
    )
    rows["headcount"] = rows["headcount"].fillna(_people_not_counted(rows))
    weight, whole = (rows[name].fillna(1).to_numpy(dtype=np.int64) for name in ("_people", "_of"))
    row = rows["_row"].to_numpy(dtype=np.int64)
    for name in ("headcount", "value_pence"):
        parts = apportion(row, rows[name].fillna(0).to_numpy(dtype=np.int64), weight, whole)
        rows[name] = pd.Series(parts, dtype="Int64").mask(rows[name].isna())
    places = max([6, *(-int(quantity.as_tuple().exponent) for quantity in claims["quantity"])])
    scaled = np.array([int(quantity.scaleb(places)) for quantity in rows["quantity"]], dtype=np.int64)
    parts = apportion(row, scaled, weight, whole)
    rows["quantity"] = pd.Series([_shortest(part, places) for part in parts.tolist()], dtype="object")
    return _home(rows.drop(columns=["_row", "_areas_of", "_claim", "_people", "_of"]), deprivation)


def apportion(row: Ints, total: Ints, weight: Ints, whole: Ints) -> Ints:
    """Parts of ``total`` by ``weight / whole`` within each ``row``; the parts of a row add up to its total.

    Rows stand together. Each part is rounded towards nothing, and the units left over go one each to the largest
    remainders, the first of equals first: the rule of ``money.split``, for whole columns.
    """
    sign, amount = np.sign(total), np.abs(total)
    hundreds, rest = np.divmod(amount, whole)
    part, remainder = np.divmod(rest * weight, whole)
    part += hundreds * weight
    order = np.lexsort((np.arange(len(row)), -remainder, row))
    starts = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    first = np.flatnonzero(starts)
    left = (amount[first] - np.add.reduceat(part, first)) if len(row) else np.zeros(0, dtype=np.int64)
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
    """People of each claim by home area; those of the headcount that no area accounts for have none."""
    homes = beneficiaries[["claim_id", "home_lsoa_code", "headcount"]].rename(
        columns={"claim_id": "_claim", "headcount": "_people"}
    )
    named = homes.groupby("_claim")["_people"].sum()
    people = claims.set_index("claim_id")["headcount"]
    missing = (people - named.reindex(people.index).fillna(0).astype("Int64")).dropna()
    rest = missing[missing > 0]
    unplaced = pd.DataFrame({"_claim": rest.index, "home_lsoa_code": pd.NA, "_people": rest.to_numpy()})
    people_at = pd.concat([homes, unplaced.astype(homes.dtypes.to_dict())], ignore_index=True)
    areas = people_at.groupby(["_claim", "home_lsoa_code"], dropna=False)["_people"].sum().reset_index()
    areas = areas[areas["_people"] > 0]
    return areas.assign(_of=areas.groupby("_claim")["_people"].transform("sum"))


def _areas_of(claims: pd.DataFrame, beneficiaries: pd.DataFrame) -> pd.Series:
    """The claim whose home areas a claim goes by: its own, or those of the claim that it corrects."""
    own, corrected = claims["claim_id"], claims["corrects_claim_id"].fillna("")
    return own.where(own.isin(beneficiaries["claim_id"]) | corrected.eq(""), corrected)


def _people_not_counted(rows: pd.DataFrame) -> pd.Series:
    """People of a claim that gives no headcount: those of its areas; none for a correction of the quantity alone."""
    return rows["_of"].mask(rows["_areas_of"].ne(rows["claim_id"]), 0)


def _home(rows: pd.DataFrame, deprivation: pd.DataFrame) -> pd.DataFrame:
    """The ward and the decile of each home area."""
    homes = deprivation[["lsoa_code", "ward_code", "imd_decile"]].rename(
        columns={"lsoa_code": "home_lsoa_code", "ward_code": "place"}
    )
    rows = rows.merge(homes, on="home_lsoa_code", how="left", validate="m:1")
    lies_outside = rows["home_lsoa_code"].notna() & rows["place"].isna() & (not deprivation.empty)
    rows["place"] = rows["place"].astype("string").mask(lies_outside, OUTSIDE).fillna(NOT_KNOWN)
    return rows.assign(imd_decile=rows["imd_decile"].astype("Int64"))


def _shortest(part: int, places: int) -> Decimal:
    """A whole number of the smallest units back as a quantity, without zeros that say nothing."""
    quantity = Decimal(part).scaleb(-places)
    whole = quantity.to_integral_value()
    return whole if quantity == whole else quantity.normalize()
