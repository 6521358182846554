"""What is missing and a person can give: contracts of payments, prices of measures, consents.

Each is a sheet of a worklist. That of contracts and that of prices are read back once completed;
a consent belongs into the council's own table of stories, so its sheet says where.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sv_lib.intake.findings import fill
from sv_lib.intake.pipeline import Inputs
from sv_lib.toms.worded import is_blank

CONSENTS = ("consent_on", "photo_consent_on")
ONLY = "the only contract of this supplier in the register"
SEVERAL = "one of several contracts of this supplier: accept it where all its payments are under it"
NONE = "the register has no contract of this supplier"


def payments_without_contract(inputs: Inputs) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Suppliers paid under no contract, largest first, each with its contracts in the register.

    Columns as a worklist of suppliers has them, the contract under ``found_id``. The second value
    has the slots of the summary.
    """
    frames = inputs.frames
    payments = frames["payments"]
    is_open = is_blank(payments["contract_id"]) & ~is_blank(payments["supplier_id"])
    paid = payments[is_open].groupby("supplier_id", as_index=False)
    totals = paid.agg(
        supplier_name=("supplier_name", "first"),
        paid_pence=("amount_pence", "sum"),
        payments=("amount_pence", "size"),
    )
    contracts = frames["contracts"][["supplier_id", "contract_id", "title"]]
    found = contracts.rename(columns={"contract_id": "found_id", "title": "found_name"})
    rows = totals.merge(found, on="supplier_id", how="left")
    number = rows.groupby("supplier_id")["found_id"].transform("count")
    rows["why"] = number.map(lambda count: NONE if count == 0 else ONLY if count == 1 else SEVERAL)
    rows["missing"] = "its payments name no contract"
    by = ["paid_pence", "supplier_id", "found_id"]
    rows = rows.sort_values(by, ascending=[False, True, True], ignore_index=True)
    slots = {
        "suppliers": len(totals),
        "waiting": int(totals["paid_pence"].sum()),
        "paid": int(payments["amount_pence"].sum()),
        "candidates": int(rows["found_id"].count()),
    }
    return rows, slots


def measures_without_price(inputs: Inputs) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Measures promised or claimed that have no price in an edition, as the table proxies."""
    frames = inputs.frames
    edition = frames["contracts"].set_index("contract_id")["edition"]
    used = pd.concat([frames[name][["contract_id", "measure_ref"]] for name in USED])
    used = used.assign(edition=used["contract_id"].map(edition)).dropna()
    pairs = used.groupby(["measure_ref", "edition"], as_index=False).agg(rows=("edition", "size"))
    priced = frames["proxies"][["measure_ref", "edition"]].drop_duplicates()
    both = pairs.merge(priced, on=["measure_ref", "edition"], how="left", indicator="known")
    wanted = both[both["known"] == "left_only"].sort_values("rows", ascending=False, kind="stable")
    return wanted.reset_index(drop=True), {"prices": len(wanted), "wanted": len(pairs)}


USED = ("commitments", "returns")


def without_consent(inputs: Inputs) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Where a story or its photo has no day of consent: file, row, and which of the two."""
    places = [
        {"file": one.file, "row": one.row, "column": one.column}
        for one in inputs.findings
        if one.column in CONSENTS
    ]
    rows = pd.DataFrame(places, columns=["file", "row", "column"])
    return rows.astype({"row": "Int64"}), {"consents": len(rows)}


def summary(lines: list[str], slots: Mapping[str, int]) -> list[str]:
    """What a worklist comes to, in the words of ``worklists.yaml``."""
    return [fill(line, slots) for line in lines]
