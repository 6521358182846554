"""Each benefit counts once: a shared one is blocked, one that could be shared is warned of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from sv_lib.toms.measures import Measure
from sv_lib.toms.worded import is_blank

Claim = Mapping[Any, Any]
PAIRS = [
    "contract_id",
    "measure_ref",
    "other_ref",
    "claims",
    "other_claims",
    "source_file",
    "source_row",
]


def mark(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Claims with ``is_blocked`` and ``shares_with``, the earlier claim of the same benefit.

    The claim received first counts (ties by claim number), whatever the order of the rows. Two
    claims with one activity key are no double count when one is rejected or corrects another, when
    their measures may stand beside each other, or when the same person goes on under the same
    contract and measure in another period.
    """
    is_rejected = claims["state"].eq("rejected")
    corrects = claims["corrects_claim_id"]
    is_keyed = ~is_blank(claims["activity_key"]) & ~is_rejected & is_blank(corrects)
    keyed = claims[is_keyed].sort_values(["reported_on", "claim_id"])
    keyed = keyed[keyed["activity_key"].duplicated(keep=False)]
    shares_with: dict[str, str] = {}
    for _, group in keyed.groupby("activity_key"):
        shares_with |= _shared(group.to_dict("records"), measures)
    names = claims["claim_id"].map(shares_with).astype("string").fillna("")
    # A correction goes the way of the claim that it corrects.
    uncounted = {*shares_with, *claims.loc[is_rejected, "claim_id"]}
    names = names.mask(corrects.isin(uncounted), corrects)
    return claims.assign(is_blocked=~is_blank(names), shares_with=names)


def pairs(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Overlapping measures claimed under one contract, a row each, as warnings.

    ``source_file`` and ``source_row`` are those of the first measure's first claim.
    """
    found = []
    for contract, group in claims.sort_values("claim_id").groupby("contract_id"):
        counts = group["measure_ref"].value_counts()
        claimed = [ref for ref in measures if ref in counts.index]
        for ref, other in combinations(claimed, 2):
            if other in measures[ref].overlaps:
                first = group[group["measure_ref"] == ref].iloc[0]
                numbers = int(counts[ref]), int(counts[other])
                place = first["source_file"], first["source_row"]
                found.append((contract, ref, other, *numbers, *place))
    return pd.DataFrame(found, columns=PAIRS)


def _shared(claims: Sequence[Claim], measures: Mapping[str, Measure]) -> dict[str, str]:
    """Of claims with one key, in the order received: each shared one and the one that counts."""
    counted: list[Claim] = []
    shares_with: dict[str, str] = {}
    for claim in claims:
        earlier = [one for one in counted if _is_shared(one, claim, measures)]
        if earlier:
            shares_with[claim["claim_id"]] = earlier[0]["claim_id"]
        else:
            counted.append(claim)
    return shares_with


def _is_shared(first: Claim, second: Claim, measures: Mapping[str, Measure]) -> bool:
    """Whether two claims with one key hold the same benefit."""
    measure = measures.get(first["measure_ref"])
    other = second["measure_ref"]
    if measure is None:
        return True
    if other in measure.beside:
        return False
    is_same_person = measure.counts_people and measure.ref == other
    is_same_contract = first["contract_id"] == second["contract_id"]
    is_before = first["period_end"] < second["period_start"]
    is_after = second["period_end"] < first["period_start"]
    goes_on = is_same_person and is_same_contract and (is_before or is_after)
    return not goes_on
