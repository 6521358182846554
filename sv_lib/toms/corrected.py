"""Corrections of claims: each stands in the period, and in the state, of the claim it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.worded import is_blank

OF_THE_CLAIM = ["commitment_id", "period_start", "period_end"]
"""What a correction has from its claim, whatever its own row says."""
PEOPLE = ["headcount", "people_started", "people_in_post"]
CORRECTED = [*OF_THE_CLAIM, *PEOPLE, "state"]
"""The columns that corrections change."""
NEEDED = ["claim_id", "corrects_claim_id", "quantity", "attribution", "reported_on"]
NEEDED += [*CORRECTED, "evidenced_on", "validated_on"]
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
    # Whole columns are written once: each writing of single cells copies a column of text.
    cells = {column: known[column].astype("object").tolist() for column in CORRECTED}
    claims = {row.claim_id: row for row in rows_of(known[NEEDED])}
    for claim_id, corrections in _by_claim(known).items():
        claim = claims[claim_id]
        counted = [one for one in corrections if one.state != "rejected"]
        for one in corrections:
            for column in OF_THE_CLAIM:
                cells[column][one.Index] = getattr(claim, column)
        for one, state in zip(counted, _states(claim, counted), strict=True):
            cells["state"][one.Index] = state
        is_nil = claim.quantity + sum((one.quantity for one in counted), Decimal(0)) == 0
        for column in PEOPLE:
            added = [getattr(one, column) for one in counted]
            people = cells[column][claim.Index] + sum(one for one in added if not pd.isna(one))
            cells[column][claim.Index] = 0 if is_nil else people
            # All of them are told by the claim, so that nobody is taken off twice.
            for one in corrections:
                cells[column][one.Index] = 0 if is_nil else pd.NA
    columns = {
        column: pd.Series(of_column, known.index, dtype=known[column].dtype)
        for column, of_column in cells.items()
    }
    return known.assign(**columns)


def _by_claim(known: pd.DataFrame) -> dict[str, list[Row]]:
    """The corrections of each claim, the claims in the order of their ids."""
    corrections = known[~is_blank(known["corrects_claim_id"])]
    of_claim: dict[str, list[Row]] = {}
    for one in rows_of(corrections[NEEDED].sort_values("corrects_claim_id", kind="stable")):
        of_claim.setdefault(str(one.corrects_claim_id), []).append(one)
    return of_claim


def _states(claim: Row, corrections: Sequence[Row]) -> list[str]:
    """The state of each correction of a claim."""
    if claim.state not in DAY_OF:
        return [claim.state] * len(corrections)
    since = getattr(claim, DAY_OF[claim.state])
    # Those that came later, and are not agreed themselves.
    is_later = [
        one.reported_on > since and not (one.state == claim.state and one.quantity > 0)
        for one in corrections
    ]
    added = [
        one.quantity * one.attribution
        for one, is_one in zip(corrections, is_later, strict=True)
        if is_one
    ]
    adds = sum(added, Decimal(0)) > 0
    return ["reported" if adds and is_one else claim.state for is_one in is_later]
