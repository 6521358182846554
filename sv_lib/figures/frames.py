"""The frames that an analyst may open beside the tables of a calculation, made from the inputs.

In the public profile whoever trades alone, or may do, is a person: such a payment or contract says
neither whose it is nor in which ward, and such a supplier has no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from sv_lib.figures.workings import Workings, within

WHO = ("payment_id", "supplier_id", "contract_id", "ward_code", "size", "is_sme", "is_vcse")
"""Columns of a payment or contract that lead to the supplier."""
OF_SUPPLIERS = ["supplier_id", "pays_real_living_wage"]
"""What else the list of suppliers says of the one who is paid."""
NOT_IN_PERIOD = "another"


def paid(workings: Workings) -> pd.DataFrame:
    """Every payment with its supplier's place and kind, in pence, nothing withheld.

    ``period`` is "this", "before" or "another".
    """
    suppliers = workings.frame("suppliers")
    facts = suppliers[OF_SUPPLIERS].dropna(subset=["supplier_id"])
    payments = workings.placed.merge(facts, on="supplier_id", how="left", validate="m:1")
    wage = payments["pays_real_living_wage"].astype("string").fillna("not answered")
    period = pd.Series(NOT_IN_PERIOD, index=payments.index, dtype="string")
    for name, span in zip(("this", "before"), workings.spend_periods, strict=True):
        period = period.mask(within(payments["paid_on"], span), name)
    return payments.assign(pays_real_living_wage=wage, period=period)


def payments(workings: Workings) -> pd.DataFrame:
    """Every payment as the profile lets it be told."""
    named = _with_names(workings, paid(workings)).drop(columns=["supplier_name", "is_redacted"])
    return _withheld(workings, named, "pays_real_living_wage")


def contracts(workings: Workings) -> pd.DataFrame:
    """Contracts awarded by the data day, as they were on it."""
    return _withheld(workings, _with_names(workings, workings.contracts), "title", "project")


def suppliers(workings: Workings) -> pd.DataFrame:
    """Suppliers that may be named, with their place and kind."""
    every = workings.frame("suppliers")
    named = every[every["supplier_id"].isin(list(workings.supplier_names))]
    told = _with_names(workings, named)[["supplier_id", "supplier", "pays_real_living_wage"]]
    placed = workings.based.reset_index()
    joined: pd.DataFrame = told.merge(placed, on="supplier_id", how="left", validate="1:1")
    return joined


FRAMES: Mapping[str, Callable[[Workings], pd.DataFrame]] = {
    "payments": payments,
    "contracts": contracts,
    "suppliers": suppliers,
}
"""Frames by name."""


def _with_names(workings: Workings, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with ``supplier``, the name that may be printed; blank where none may."""
    names = rows["supplier_id"].map(workings.supplier_names)
    return rows.assign(supplier=names.astype("string"))


def _withheld(workings: Workings, rows: pd.DataFrame, *more: str) -> pd.DataFrame:
    """Rows that do not say whose they are where the supplier has no name that may be printed.

    ``more``: columns that would lead to it beside ``WHO``.
    """
    if workings.publication.file.profile == "exempt":
        return rows
    is_nobody = rows["supplier"].isna()
    columns = rows.columns.intersection([*WHO, *more])
    return rows.assign(**{column: rows[column].mask(is_nobody) for column in columns})
