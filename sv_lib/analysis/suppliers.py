"""Who is paid: firms paid for the first time, and what firms say about their ownership."""

from __future__ import annotations

import pandas as pd

from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period
from sv_lib.toms.states import in_period
from sv_lib.toms.worded import worded

NOT_ANSWERED = "not answered"


def first_time(payments: pd.DataFrame, suppliers: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Payments of the period with ``first_time``: whether they are the first to their supplier.

    The earlier of the supplier list's date and the ledger's own counts. Without a date in the list,
    a supplier that the ledger holds earlier is "no"; otherwise it is "not known", as is a redacted
    one.
    """
    start = pd.Timestamp(period.start)
    rows = in_period(payments, period, "paid_on")
    supplier = rows["supplier_id"]
    listed = suppliers.dropna(subset=["supplier_id", "first_paid_on"])
    dates = dict(zip(listed["supplier_id"], listed["first_paid_on"], strict=True))
    first_paid = pd.to_datetime(supplier.map(dates))
    earlier = payments.loc[payments["paid_on"] < start, "supplier_id"].dropna().unique()
    is_old = (first_paid < start) | supplier.isin(earlier)
    answer = worded(rows.index, NOT_KNOWN, (first_paid.notna(), "yes"), (is_old, "no"))
    return rows.assign(first_time=answer)


def ownership(suppliers: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """Suppliers paid: what they ``declared`` of their ownership, ``has_answered``, ``paid_pence``.

    The declaration is voluntary: no answer is "not answered", never "no", and the response rate
    stands before any share. "prefer not to say" is an answer.
    """
    paid = payments.groupby("supplier_id")["amount_pence"].sum()
    rows = suppliers[suppliers["supplier_id"].isin(paid.index)].reset_index(drop=True)
    declared = rows["is_minority_ethnic_led"].astype("string")
    return rows.assign(
        declared=declared.fillna(NOT_ANSWERED),
        has_answered=declared.notna().astype("bool"),
        paid_pence=rows["supplier_id"].map(paid).astype("int64"),
    )
