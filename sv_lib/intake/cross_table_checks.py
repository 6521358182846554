"""How the tables hang together: references, wards, dates of contracts, shares of places."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import pandas as pd
from rapidfuzz.distance import OSA

from sv_lib.intake.findings import (
    Finding,
    Record,
    counted,
    finding,
    findings_by_row,
    nearest,
    standing_for,
)
from sv_lib.intake.input_files import NOTICES, REGISTER
from sv_lib.intake.tables.columns import Column, Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import WARD_CODE, Council

OTHER_PLACES = ("borough-wide", "outside", "not known")
"""Where a contract's work may be done, besides a ward."""

SEVERAL = 3
"""So many strange ward codes, and none of the council's, are no slips of a hand."""
TOO_FAR = (3, False)
"""From so many slips on, a code is another one."""

Frames = Mapping[str, pd.DataFrame]
Slots = Mapping[str, object]


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
    yield from _other_district(frames["postcodes"], council)
    yield from _history_of_others(frames["published_history"], council)
    yield from _shares_not_whole(frames["contract_places"])
    yield from _two_ids(frames["suppliers"])


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
        said = finding(
            "links.loose",
            file,
            rows["source_row"].iloc[0],
            column.name,
            rows=counted(len(rows), "row"),
            example=rows[column.name].iloc[0],
            target=column.refers_to,
            otherwise=column.if_not_there,
        )
        yield standing_for(said, rows)


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
    is_place = column.must_be == "place"
    allowed = [*names, *OTHER_PLACES] if is_place else [*names]

    def slots(row: Record) -> dict[str, object]:
        value = row[column.name]
        filled = {"value": value, "council": council.name, "near": _nearest_wards(value, names)}
        if is_place:
            filled["others"] = ", nor ".join(OTHER_PLACES)
        return filled

    values = frame[column.name]
    lost = frame[values.notna() & ~values.isin(allowed)]
    finding_id = "links.not_a_place" if is_place else "links.not_a_ward"
    for file, rows in lost.groupby("source_file", sort=False):
        codes = rows.loc[rows[column.name].str.fullmatch(WARD_CODE), column.name].unique()
        is_ours = frame.loc[frame["source_file"] == file, column.name].isin([*names])
        if len(codes) < SEVERAL or is_ours.any():
            yield from findings_by_row(finding_id, rows, column.name, slots)
            continue
        yield finding(
            "links.other_wards",
            file,
            rows["source_row"].iloc[0],
            column.name,
            codes=counted(len(codes), "code"),
            value=codes[0],
            council=council.name,
            example=next(iter(names), ""),
        )


def _nearest_wards(value: str, names: Mapping[str, str]) -> str:
    """The wards that a code or a name was meant for, with their names: those with fewest slips."""
    meant = {name: code for code, name in names.items()}
    near = nearest(value, meant)
    if near:
        return f"{meant[near]} ({near})"
    # Digits that changed places are the commonest slip, so of codes as near they come first.
    slips = {code: (OSA.distance(value, code), sorted(value) != sorted(code)) for code in names}
    fewest = min(slips.values(), default=TOO_FAR)
    meant_codes = [code for code in names if slips[code] == fewest < TOO_FAR]
    # Of more than three nobody could say which was meant.
    return " or ".join(f"{code} ({names[code]})" for code in meant_codes[:3] if not meant_codes[3:])


def read_aliases(frame: pd.DataFrame, table: Table, council: Council) -> list[Finding]:
    """Read earlier ward codes as those of today, in the frame itself; a note for each says so."""
    found = []
    for column in table.columns:
        if column.must_be or column.name == "ward_code":
            codes = frame[column.name]
            for old, new in council.aliases.items():
                rows = frame[codes == old]
                for file, of_file in rows.groupby("source_file", sort=False):
                    found.append(
                        finding(
                            "links.alias",
                            file,
                            of_file["source_row"].iloc[0],
                            column.name,
                            rows=counted(len(of_file), "row"),
                            old=old,
                            new=new,
                            ward=council.ward_name(new),
                        )
                    )
            frame[column.name] = codes.replace(council.aliases)
    return found


def _history_of_others(history: pd.DataFrame, council: Council) -> Iterator[Finding]:
    """What another council published: it would stand in this council's report as its own."""

    def slots(row: Record) -> dict[str, object]:
        return {"value": row["lad_code"], "council": council.name, "own": council.lad_code}

    code = history["lad_code"]
    others = history[code.notna() & (code != council.lad_code)]
    yield from findings_by_row("links.history_of_another_council", others, "lad_code", slots)


def _other_district(postcodes: pd.DataFrame, council: Council) -> Iterator[Finding]:
    """Postcodes in a ward of the council and in another district: then its code is a wrong one.

    With a wrong code, everything in the borough would count as spent outside it.
    """

    def slots(row: Record) -> dict[str, object]:
        return {"value": row["lad_code"], "ward": row["ward_code"], "own": council.lad_code}

    district = postcodes["lad_code"]
    is_own_ward = postcodes["ward_code"].isin([ward.code for ward in council.wards])
    is_other = district.notna() & ~district.isin(council.own_districts)
    others = postcodes[is_own_ward & is_other]
    yield from findings_by_row("links.other_district", others, "lad_code", slots)


def _shares_not_whole(places: pd.DataFrame) -> Iterator[Finding]:
    """Contracts whose shares over places are not exactly 1."""
    known = places.dropna(subset=["share", "contract_id"])
    for contract, rows in known.groupby("contract_id", sort=False):
        total = sum(rows["share"])
        if total != 1:
            first = rows.iloc[0]
            place = (first["source_file"], first["source_row"], "share")
            yield finding("links.shares_not_whole", *place, contract=contract, total=total)


def _two_ids(suppliers: pd.DataFrame) -> Iterator[Finding]:
    """Suppliers that have another's company number or charity number."""
    for column in ("company_number", "charity_number"):
        numbered = suppliers.dropna(subset=[column])
        firsts = numbered.drop_duplicates(column).set_index(column)

        def slots(row: Record, firsts: pd.DataFrame = firsts, name: str = column) -> Slots:
            first = firsts.loc[row[name]]
            said = {"supplier_id": row["supplier_id"], "number": row[name]}
            return said | {"first_id": first["supplier_id"], "first_row": first["source_row"]}

        repeated = numbered[numbered.duplicated(column)]
        yield from findings_by_row("suppliers.two_ids", repeated, column, slots)
