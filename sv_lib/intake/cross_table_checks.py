"""How the tables hang together: references, wards, dates of contracts, shares of places."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import pandas as pd

from sv_lib.intake.findings import Finding, Record, counted, finding, findings_by_row, nearest
from sv_lib.intake.input_files import NOTICES, REGISTER
from sv_lib.intake.tables.columns import Column
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Council

OTHER_PLACES = ("borough-wide", "outside", "not known")
"""Where a contract's work may be done, besides a ward."""

Frames = Mapping[str, pd.DataFrame]


def check_links(
    frames: Frames, supplied: frozenset[str], named: Container[str], council: Council
) -> Iterator[Finding]:
    """Findings across tables.

    ``frames``: every table by name. ``supplied``: tables that were read. ``named``: tables that the
    parameters name, whether they could be read or not.
    """
    for name in TABLES:
        if name in supplied:
            yield from _references(frames, name, named)
    if NOTICES in named or REGISTER in named:
        yield from _promises_without_dates(frames)
    yield from _ward_codes(frames, council)
    yield from _history_of_others(frames["published_history"], council)
    yield from _shares_not_whole(frames["contract_places"])


def _references(frames: Frames, name: str, named: Container[str]) -> Iterator[Finding]:
    """References of one table that point nowhere."""
    for column in TABLES[name].columns:
        if not column.refers_to:
            continue
        target, key = column.refers_to.split(".")
        if not frames[target].empty:
            known = frames[target][key].dropna()
            values = frames[name][column.name]
            lost = frames[name][values.notna() & ~values.isin(known)]
            if column.if_not_there:
                yield from _loose_references(lost, column)
            elif len(lost):
                yield from _lost_references(lost, column, known.tolist())
        # A table that is named and empty could not be read, which is a finding already.
        elif not column.if_not_there and target not in named:
            place = (name, None, column.name)
            yield finding("links.table_not_supplied", *place, needed=target, table=name)


def _loose_references(lost: pd.DataFrame, column: Column) -> Iterator[Finding]:
    """One warning a file, with what follows for the report."""
    for file, rows in lost.groupby("source_file", sort=False):
        yield finding(
            "links.loose",
            file,
            rows["source_row"].iloc[0],
            column.name,
            rows=counted(len(rows), "row"),
            example=rows[column.name].iloc[0],
            target=column.refers_to,
            otherwise=column.if_not_there,
        )


def _lost_references(lost: pd.DataFrame, column: Column, known: list[str]) -> Iterator[Finding]:
    table = column.refers_to.split(".")[0]

    def slots(row: Record) -> dict[str, object]:
        value = row[column.name]
        near = nearest(value, known)
        return {"value": value, "target": column.refers_to, "table": table, "near": near}

    yield from findings_by_row("links.not_in_table", lost, column.name, slots)


def _promises_without_dates(frames: Frames) -> Iterator[Finding]:
    """Promises of a contract whose dates are not known: nobody can say what of them is due."""
    contracts, promises = frames["contracts"], frames["commitments"]
    is_undated = contracts["starts_on"].isna() | contracts["ends_on"].isna()
    undated = contracts.loc[is_undated, "contract_id"].dropna()
    rows = promises[promises["contract_id"].isin(undated)]
    yield from findings_by_row("links.undated_contract", rows, "contract_id")


def _ward_codes(frames: Frames, council: Council) -> Iterator[Finding]:
    """Ward codes that are not the council's, each with the closest that is."""
    for name, table in TABLES.items():
        for column in table.columns:
            if column.must_be:
                yield from _strange_wards(frames[name], column, council)


def _strange_wards(frame: pd.DataFrame, column: Column, council: Council) -> Iterator[Finding]:
    names = {ward.code: ward.name for ward in council.wards}
    # A ward may be meant by its code or by its name; either way its code is proposed.
    code_of = {code: code for code in names} | {name: code for code, name in names.items()}
    is_place = column.must_be == "place"
    allowed = [*names, *OTHER_PLACES] if is_place else [*names]

    def slots(row: Record) -> dict[str, object]:
        value = row[column.name]
        near = nearest(value, code_of)
        code = code_of[near] if near else ""
        filled = {"value": value, "council": council.name, "near": code}
        filled["ward"] = names.get(code, "")
        if is_place:
            filled["others"] = ", nor ".join(OTHER_PLACES)
        return filled

    values = frame[column.name]
    rows = frame[values.notna() & ~values.isin(allowed)]
    finding_id = "links.not_a_place" if is_place else "links.not_a_ward"
    yield from findings_by_row(finding_id, rows, column.name, slots)


def _history_of_others(history: pd.DataFrame, council: Council) -> Iterator[Finding]:
    """What another council published: it would stand in this council's report as its own."""

    def slots(row: Record) -> dict[str, object]:
        return {"value": row["lad_code"], "council": council.name, "own": council.lad_code}

    code = history["lad_code"]
    others = history[code.notna() & (code != council.lad_code)]
    yield from findings_by_row("links.history_of_another_council", others, "lad_code", slots)


def _shares_not_whole(places: pd.DataFrame) -> Iterator[Finding]:
    """Contracts whose shares over places are not exactly 1."""
    known = places.dropna(subset=["share", "contract_id"])
    for contract, rows in known.groupby("contract_id", sort=False):
        total = sum(rows["share"])
        if total != 1:
            first = rows.iloc[0]
            place = (first["source_file"], first["source_row"], "share")
            yield finding("links.shares_not_whole", *place, contract=contract, total=total)
