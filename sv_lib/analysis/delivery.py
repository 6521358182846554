"""What was claimed against each promise: kept, beyond it, still owed; and who claims most."""

from __future__ import annotations

import pandas as pd

from sv_lib.toms.worded import rank_words

OWED = ["committed_pence", "claimed_pence", "owed_pence"]


def top(claims: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """The ``n`` contracts with the largest value claimed: ``rank``, ``contract_id``, value.

    ``rank`` is "1" for the largest, and "2=" of equals, which are in order of their reference.
    """
    priced = claims[claims["value_pence"].notna()]
    sums = priced.groupby("contract_id")["value_pence"].sum().astype("int64")
    totals = sums.reset_index()
    totals = totals.sort_values(["value_pence", "contract_id"], ascending=[False, True])
    totals.insert(0, "rank", rank_words(totals["value_pence"].tolist()))
    return totals.head(n).reset_index(drop=True)


def towards_due(claims: pd.DataFrame, promises: pd.DataFrame) -> pd.DataFrame:
    """Claims on promises, with ``towards_pence``: the part that counts towards what was due.

    Claims count towards their commitment in the order of their quarters, until its
    ``due_value_pence`` is met: so the parts add up, commitment by commitment, to the lesser of what
    was claimed and what was due, and more of one promise never pays for another. Of a commitment
    that ``promises`` does not hold, or that has no price, nothing was due. Claims without a price,
    or that name no commitment, are left out.
    """
    rows = claims[claims["value_pence"].notna() & claims["commitment_id"].notna()]
    rows = rows.sort_values(["commitment_id", "period_end", "claim_id"], ignore_index=True)
    of_promise = rows["commitment_id"]
    due = promises.set_index("commitment_id")["due_value_pence"]
    most = of_promise.map(due).fillna(0).astype("int64")
    so_far = rows["value_pence"].astype("int64").groupby(of_promise).cumsum()
    met = so_far.where(so_far < most, most)
    met_before = met.groupby(of_promise).shift(fill_value=0)
    return rows.assign(towards_pence=met - met_before)


def still_owed(promises: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Pence of each contract that is committed to something with a price: the columns ``OWED``.

    ``owed_pence`` is what remains of each commitment over the contract's life once the claims
    against it are taken off: never below nil, so that more of one never hides less of another.
    """
    committed = promises[promises["stage"].eq("committed") & promises["value_pence"].notna()]
    priced = claims[claims["value_pence"].notna()]
    sums = priced.groupby("commitment_id")["value_pence"].sum()
    promised = committed["value_pence"].astype("int64")
    claimed = committed["commitment_id"].map(sums).fillna(0).astype("int64")
    owed = (promised - claimed).clip(lower=0)
    amounts = dict(zip(OWED, (promised, claimed, owed), strict=True))
    return committed.assign(**amounts).groupby("contract_id", as_index=False)[OWED].sum()
