"""Each benefit counts once: a double count is blocked, a possible one is warned of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import pandas as pd

from sv_lib.toms.measures import Measure
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.worded import is_blank

PLACE = ["source_file", "source_row"]
PAIRS = ["contract_id", "measure_ref", "other_ref", "claims", "other_claims", *PLACE]


def mark(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Add ``is_blocked`` and ``shares_with``, the earlier claim of the same benefit or "".

    Of claims with one activity key the one received first counts (ties by claim number), whatever
    the order of the rows. They are no double count when one is rejected or corrects another, when
    their measures may stand beside each other, or when the same person continues under the same
    contract and measure in another period.
    """
    is_rejected = claims["state"].eq("rejected")
    corrects = claims["corrects_claim_id"]
    is_keyed = ~is_blank(claims["activity_key"]) & ~is_rejected & is_blank(corrects)
    keyed = claims[is_keyed].sort_values(["reported_on", "claim_id"])
    keyed = keyed[keyed["activity_key"].duplicated(keep=False)]
    shares_with: dict[str, str] = {}
    for _, group in keyed.groupby("activity_key"):
        shares_with |= _shared(rows_of(group), measures)
    names = claims["claim_id"].map(shares_with).astype("string").fillna("")
    # A correction of a claim that does not count must not count either.
    uncounted = {*shares_with, *claims.loc[is_rejected, "claim_id"]}
    names = names.mask(corrects.isin(uncounted), corrects)
    return claims.assign(is_blocked=~is_blank(names), shares_with=names)


def pairs(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """List the overlapping measures claimed under one contract, to warn of them.

    Columns ``PAIRS``: ``claims`` and ``other_claims`` are numbers of claims; ``source_file`` and
    ``source_row`` are those of the first measure's first claim.
    """
    ordered = claims[["claim_id", "contract_id", "measure_ref", *PLACE]].sort_values("claim_id")
    under = ordered.groupby(["contract_id", "measure_ref"])
    lines = under[PLACE].first().assign(claims=under.size()).reset_index()
    of_contracts: dict[str, dict[str, Row]] = {}
    for line in rows_of(lines):
        of_contracts.setdefault(line.contract_id, {})[line.measure_ref] = line
    found = []
    for contract, claimed in of_contracts.items():
        refs = [ref for ref in measures if ref in claimed]
        for ref, other in combinations(refs, 2):
            if other in measures[ref].overlaps:
                first = claimed[ref]
                counts = first.claims, claimed[other].claims
                found.append((contract, ref, other, *counts, first.source_file, first.source_row))
    return pd.DataFrame(found, columns=PAIRS)


def _shared(claims: Iterable[Row], measures: Mapping[str, Measure]) -> dict[str, str]:
    """Return each double count and the claim that counts. ``claims`` come as received."""
    counted: list[Row] = []
    shares_with: dict[str, str] = {}
    for claim in claims:
        earlier = [one for one in counted if _is_shared(one, claim, measures)]
        if earlier:
            shares_with[claim.claim_id] = earlier[0].claim_id
        else:
            counted.append(claim)
    return shares_with


def _is_shared(first: Row, second: Row, measures: Mapping[str, Measure]) -> bool:
    """Whether two claims with one key hold the same benefit."""
    measure = measures.get(first.measure_ref)
    other = second.measure_ref
    if measure is None:
        return True
    if other in measure.beside:
        return False
    is_same_person = measure.counts_people and measure.ref == other
    is_same_contract = first.contract_id == second.contract_id
    is_before = first.period_end < second.period_start
    is_after = second.period_end < first.period_start
    continues = is_same_person and is_same_contract and (is_before or is_after)
    return not continues
