"""Each benefit once: what is shared is blocked, what could be shared is warned of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from sv_lib.toms.measures import Measure


def mark(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Claims with ``is_blocked`` and ``shares_with``: the claim received first that holds the same
    activity or person.

    The first received counts (ties by claim), whatever the order of the rows. Two claims with one
    key are no double count when one is rejected or corrects another, when their measures may stand
    beside each other, or when the same person goes on under the same contract and measure in
    another period.
    """
    keyed = claims[
        claims["activity_key"].fillna("").ne("")
        & ~claims["state"].isin(["rejected"])
        & claims["corrects_claim_id"].fillna("").eq("")
    ]
    keyed = keyed[keyed["activity_key"].duplicated(keep=False)].sort_values(
        ["reported_on", "claim_id"]
    )
    shares_with: dict[str, str] = {}
    for _, group in keyed.groupby("activity_key"):
        counted: list[dict[Any, Any]] = []
        for claim in group.to_dict("records"):
            first = next((one for one in counted if _is_shared(one, claim, measures)), None)
            if first is None:
                counted.append(claim)
            else:
                shares_with[claim["claim_id"]] = first["claim_id"]
    names = claims["claim_id"].map(shares_with).astype("string").fillna("")
    uncounted = {*shares_with, *claims.loc[claims["state"].isin(["rejected"]), "claim_id"]}
    follows = claims["corrects_claim_id"].isin(uncounted)
    names = names.mask(follows, claims["corrects_claim_id"])
    return claims.assign(is_blocked=names.ne("").astype("bool"), shares_with=names)


def pairs(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Overlapping measures claimed under one contract: warnings, one row each, at the first claim's
    file and row.
    """
    columns = [
        "contract_id",
        "measure_ref",
        "other_ref",
        "claims",
        "other_claims",
        "source_file",
        "source_row",
    ]
    found = []
    for contract, group in claims.sort_values("claim_id").groupby("contract_id"):
        counts = group["measure_ref"].value_counts()
        for ref, other in combinations([ref for ref in measures if ref in counts.index], 2):
            if other in measures[ref].overlaps:
                first = group[group["measure_ref"] == ref].iloc[0]
                where = (first["source_file"], first["source_row"])
                found.append((contract, ref, other, int(counts[ref]), int(counts[other]), *where))
    return pd.DataFrame(found, columns=columns)


def _is_shared(
    first: dict[Any, Any], second: dict[Any, Any], measures: Mapping[str, Measure]
) -> bool:
    """Whether two claims with one key hold the same benefit."""
    one, other = measures.get(first["measure_ref"]), second["measure_ref"]
    if one is None:
        return True
    if other in one.beside:
        return False
    goes_on = (
        one.counts_people
        and one.ref == other
        and first["contract_id"] == second["contract_id"]
        and (
            first["period_end"] < second["period_start"]
            or second["period_end"] < first["period_start"]
        )
    )
    return not goes_on
