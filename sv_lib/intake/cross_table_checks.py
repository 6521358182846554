"""How the tables hang together: references that point nowhere, places that are no ward, shares that
are not a whole.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import pandas as pd

from sv_lib.intake.findings import Finding, counted, nearest
from sv_lib.intake.input_files import NOTICES, REGISTER
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.validation import listed
from sv_lib.params import Council

PLACES = ("borough-wide", "outside", "not known")
WARD_COLUMNS = (
    ("contract_places", "place"),
    ("deprivation", "ward_code"),
    ("ward_deprivation", "ward_code"),
    ("events", "ward_code"),
    ("parishes", "ward_code"),
    ("stories", "ward_code"),
)
LOOSE_LINKS = (
    ("payments", "supplier_id", "suppliers.supplier_id", "its place and size are not known"),
    ("payments", "contract_id", "contracts.contract_id", "the place of its work is not known"),
    (
        "returns",
        "commitment_id",
        "commitments.commitment_id",
        "the claim counts, but as delivery of no promise",
    ),
    ("returns", "corrects_claim_id", "returns.claim_id", "it is not clear what is corrected"),
    (
        "events",
        "parish",
        "parishes.parish",
        "the parish councils not told would be counted wrongly",
    ),
    (
        "contracts",
        "predecessor_id",
        "contracts.contract_id",
        "it is not shown as a re-let contract",
    ),
)
"""References that may point nowhere; what that does to the report is said."""

Frames = Mapping[str, pd.DataFrame]


def check_links(
    frames: Frames, supplied: frozenset[str], named: Container[str], council: Council
) -> Iterator[Finding]:
    """Findings across the tables that were ``supplied``; ``named``: those that the parameters name,
    read or not.
    """
    for name in [name for name in TABLES if name in supplied]:
        for column, target in TABLES[name].links:
            needed = target.split(".")[0]
            if not frames[needed].empty:
                yield from _dangling(frames, name, column, target)
            elif needed not in named:
                said, problem = f"the table '{needed}' is not supplied", f"'{name}' refers to it"
                remedy = f"name its file under inputs.{needed} in the parameters"
                yield Finding("stop", name, None, column, said, problem, remedy)
    for name, column, target, so in LOOSE_LINKS:
        if name in supplied and not frames[target.split(".")[0]].empty:
            rows = _without_target(frames, name, column, target)
            for file, part in rows.groupby("source_file", sort=False):
                said = f"{counted(len(part), 'row')}, such as '{part[column].iloc[0]}'"
                row, problem = int(part["source_row"].iloc[0]), f"not in {target}: {so}"
                yield Finding(
                    "warn",
                    str(file),
                    row,
                    column,
                    said,
                    problem,
                    f"add the missing rows to {target}",
                )
    if NOTICES in named or REGISTER in named:
        yield from _undated(frames)
    yield from _wards(frames, council)
    yield from _shares(frames["contract_places"])


def _without_target(frames: Frames, name: str, column: str, target: str) -> pd.DataFrame:
    table, key = target.split(".")
    frame = frames[name]
    return frame[frame[column].notna() & ~frame[column].isin(frames[table][key].dropna())]


def _dangling(frames: Frames, name: str, column: str, target: str) -> Iterator[Finding]:
    table, key = target.split(".")
    rows = _without_target(frames, name, column, target)
    known = [] if rows.empty else frames[table][key].dropna().tolist()

    def words(value: str) -> tuple[str, str]:
        near = nearest(value, known)
        hint = f"; did you mean '{near}'?" if near else ""
        return f"it is not in {target}", f"correct it, or add it to {table}{hint}"

    yield from listed(rows, column, "'" + rows[column] + "'", words, "stop")


def _undated(frames: Frames) -> Iterator[Finding]:
    """Promises of a contract whose dates are not known: nobody can say what of them is due."""
    contracts, promises = frames["contracts"], frames["commitments"]
    undated = contracts.loc[
        contracts[["starts_on", "ends_on"]].isna().any(axis=1), "contract_id"
    ].dropna()
    rows = promises[promises["contract_id"].isin(undated)]
    problem = (
        "it is promised under a contract whose first or last day is not known, so what is "
        "due cannot be told"
    )
    words = problem, "enter the contract's dates in the council's register"
    yield from listed(rows, "contract_id", "'" + rows["contract_id"] + "'", lambda _: words, "stop")


def _wards(frames: Frames, council: Council) -> Iterator[Finding]:
    """Ward codes that are not the council's, each with the closest that is."""
    names = {ward.code: ward.name for ward in council.wards}
    codes = {**{code: code for code in names}, **{name: code for code, name in names.items()}}

    for name, column in WARD_COLUMNS:
        others = PLACES if column == "place" else ()

        def words(value: str, others: tuple[str, ...] = others) -> tuple[str, str]:
            near = nearest(value, codes)
            hint = f"did you mean {codes[near]} ({names[codes[near]]})?" if near else ""
            remedy = hint or "use a ward code of council.yaml"
            return ", nor ".join((f"it is not a ward of {council.name}", *others)), remedy

        frame = frames[name]
        rows = frame[frame[column].notna() & ~frame[column].isin([*names, *others])]
        yield from listed(rows, column, "'" + rows[column] + "'", words, "stop")


def _shares(places: pd.DataFrame) -> Iterator[Finding]:
    """Contracts whose shares over places are not exactly 1."""
    known = places[places["share"].notna() & places["contract_id"].notna()]
    for contract, rows in known.groupby("contract_id", sort=False):
        total = sum(rows["share"])
        if total != 1:
            said = f"{contract}: shares that sum to {total}"
            problem = "a contract's work is done in places that sum to 1"
            remedy = "correct the shares, or add a row 'not known' for the rest"
            file, row = str(rows["source_file"].iloc[0]), int(rows["source_row"].iloc[0])
            yield Finding("stop", file, row, "share", said, problem, remedy)
