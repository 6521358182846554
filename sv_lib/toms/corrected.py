"""Corrections of claims: each stands in the period, and in the state, of the claim it corrects."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.worded import is_blank

OF_THE_CLAIM = ["commitment_id", "period_start", "period_end"]
"""What a correction has from its claim, whatever its own row says."""
PEOPLE = ["headcount", "people_started", "people_in_post"]
DAY_OF = {"evidenced": "evidenced_on", "validated": "validated_on"}


def with_corrections(known: pd.DataFrame) -> pd.DataFrame:
    """Return known claims with their corrections put where the claims are.

    ``known``: claims received by a day, each in the ``state`` that its own dates give. A correction
    takes the period, commitment and state of its claim; one that was itself rejected changes
    nothing. What came after the claim's validation (or evidence) takes its state where all of it
    together takes something off; where it adds, that part is "reported" until it is validated
    itself, so no claim is validated for more than was claimed. The people of a correction are added
    to those of its claim; a claim corrected to nil has none. A correction whose claim is not known
    yet is not known either.
    """
    corrects = known["corrects_claim_id"]
    is_correction = ~is_blank(corrects)
    if not is_correction.any():
        return known
    is_early = is_correction & ~corrects.isin(known["claim_id"])
    known = known[~is_early].reset_index(drop=True)
    corrections = known[~is_blank(known["corrects_claim_id"])]
    is_corrected = known["claim_id"].isin(corrections["corrects_claim_id"])
    # Each writing of a cell copies a column, so that it is done among few rows.
    few = known[is_corrected | known.index.isin(corrections.index)].copy()
    claims = {row.claim_id: row for row in rows_of(few)}
    for claim_id, rows in corrections.groupby("corrects_claim_id"):
        claim = claims[str(claim_id)]
        for column in OF_THE_CLAIM:
            few.loc[rows.index, column] = getattr(claim, column)
        counted = rows[rows["state"] != "rejected"]
        few.loc[counted.index, "state"] = _states(claim, counted)
        is_nil = claim.quantity + sum(counted["quantity"], Decimal(0)) == 0
        for column in PEOPLE:
            corrected = few.loc[claim.Index, column] + counted[column].sum()
            few.loc[claim.Index, column] = 0 if is_nil else corrected
        # All of them are told by the claim, so that nobody is taken off twice.
        few.loc[rows.index, PEOPLE] = 0 if is_nil else pd.NA
    for column in [*OF_THE_CLAIM, *PEOPLE, "state"]:
        known.loc[few.index, column] = few[column]
    return known


def _states(claim: Row, corrections: pd.DataFrame) -> pd.Series:
    """The state of each correction of a claim."""
    states = pd.Series(claim.state, index=corrections.index)
    if claim.state not in DAY_OF:
        return states
    came_later = corrections["reported_on"] > getattr(claim, DAY_OF[claim.state])
    is_agreed = (corrections["state"] == claim.state) & (corrections["quantity"] > 0)
    later = corrections[came_later & ~is_agreed]
    added = sum(later["quantity"] * later["attribution"], Decimal(0))
    return states.mask(came_later & ~is_agreed & (added > 0), "reported")
