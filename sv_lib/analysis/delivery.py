"""The contracts that deliver most."""

from __future__ import annotations

import pandas as pd

from sv_lib.toms.worded import rank_words


def top(claims: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """The ``n`` contracts with the largest value delivered: ``rank``, ``contract_id``, value.

    ``rank`` is "1" for the largest, and "2=" of equals, which are in order of their reference.
    """
    priced = claims[claims["value_pence"].notna()]
    sums = priced.groupby("contract_id")["value_pence"].sum().astype("int64")
    totals = sums.reset_index()
    totals = totals.sort_values(["value_pence", "contract_id"], ascending=[False, True])
    totals = totals.head(n).reset_index(drop=True)
    totals.insert(0, "rank", rank_words(totals["value_pence"].tolist()))
    return totals
