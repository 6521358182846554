"""Deprivation from the official Indices and the ONS lookup of LSOA to ward.

Only the LSOAs of one council's wards are kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.intake.added_rows import under_our_names
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, finding
from sv_lib.params import Council
from sv_lib.strict_yaml import read_yaml

PATTERNS: dict[str, str] = read_yaml(Path(__file__).with_suffix(".yaml"))
HEADINGS = ("LSOA code (2021)", "LSOA code (2011)")
"""Official headings, one of which tells the sheet and row that hold the table."""
Wards = dict[str, str]
"""LSOA -> ward."""


def is_official(raw: RawTable) -> bool:
    """Whether the headings are those of the Indices of Deprivation, not of our own table."""
    return "lsoa_code" not in raw.columns and bool(_column(raw, "decile"))


def is_change(lookup: RawTable) -> bool:
    """Whether it is the ONS lookup of the LSOAs of 2011 to those of 2021."""
    lsoas = _columns(lookup, "lsoa")
    return len(lsoas) == 2 and not _column(lookup, "ward")


def is_older(raw: RawTable) -> bool:
    """Whether its LSOAs are those of 2011."""
    lsoa = _column(raw, "lsoa")
    return _fits(lsoa, "lsoa_of_2011")


def lsoas_of(lookup: RawTable, council: Council) -> tuple[Wards, list[Finding]]:
    """Return the wards of the council by LSOA, from an ONS best-fit lookup of any year."""
    lsoa = _column(lookup, "lsoa")
    ward = _column(lookup, "ward")
    if not lsoa or not ward:
        return {}, [_fault("no_codes", lookup)]
    codes = [one.code for one in council.wards]
    pairs = under_our_names(lookup.frame, {"lsoa": lsoa, "ward": ward})
    pairs["ward"] = pairs["ward"].replace(council.aliases)
    is_ours = pairs["ward"].isin(codes)
    ours = pairs[is_ours]
    ward_of = _as_dict(ours["lsoa"], ours["ward"])
    found = set(ward_of.values())
    absent = [code for code in codes if code not in found]
    if not absent:
        return ward_of, []
    examples = ", ".join(absent[:5])
    renamed = _renamed(lookup, ward, {council.ward_name(code): code for code in absent}, council)
    return ward_of, [_fault("ward_without_lsoa", lookup, wards=examples, near=renamed)]


def _renamed(lookup: RawTable, ward: str, absent: dict[str, str], council: Council) -> str:
    """The aliases to write for wards that have another code in the lookup and the same name.

    ``absent``: name -> code. Only rows of the council's own district count, as names repeat.
    """
    name = _column(lookup, "ward_name")
    if not name:
        return ""
    is_own = (lookup.frame == council.lad_code).any(axis=1) & lookup.frame[name].isin(absent)
    wards = lookup.frame.loc[is_own, [ward, name]].drop_duplicates()
    pairs = wards.itertuples(index=False, name=None)
    return ", ".join(f"{code}: {absent[called]}" for code, called in pairs)


def older(change: RawTable, wards: Wards) -> tuple[Wards, list[Finding]]:
    """Return the wards by LSOA of 2011, through the LSOAs of 2021 that it became.

    One that was split over two wards goes to the ward of the part that the lookup lists first, and
    a finding says so.
    """
    old, new = _columns(change, "lsoa")
    is_new_first = _fits(new, "lsoa_of_2011") and not _fits(old, "lsoa_of_2011")
    if is_new_first:
        old, new = new, old
    pairs = under_our_names(change.frame, {"old": old, "new": new})
    pairs["ward"] = pairs["new"].map(wards)
    pairs = pairs.dropna()
    first = pairs.drop_duplicates("old")
    spread = pairs.groupby("old", dropna=False)["ward"].nunique()
    found = []
    is_split = spread > 1
    for code, count in spread[is_split].items():
        split = finding("deprivation.split_lsoa", change.name, None, old, lsoa=code, wards=count)
        found.append(split)
    return _as_dict(first["old"], first["ward"]), found


def from_official(raw: RawTable, wards: Wards) -> tuple[RawTable, list[Finding]]:
    """Return the rows of the council's LSOAs under the names of our table.

    Residents are blank where the file has none.
    """
    patterns = {
        "lsoa_code": "lsoa",
        "imd_decile": "decile",
        "residents": "residents",
        "residents_working_age": "residents_working_age",
    }
    columns = {ours: _column(raw, pattern) for ours, pattern in patterns.items()}
    if not wards or not columns["lsoa_code"] or not columns["imd_decile"]:
        nothing = raw.frame.iloc[:0]
        return replace(raw, frame=nothing), [_fault("no_lookup", raw)]
    told = {ours: heading for ours, heading in columns.items() if heading}
    frame = under_our_names(raw.frame, told)
    if not columns["residents"]:
        frame["residents"] = ""
    frame["ward_code"] = frame["lsoa_code"].map(wards)
    frame = frame.dropna(subset="ward_code").astype("str")
    fitted = replace(raw, frame=frame)
    absent = sorted(wards.keys() - set(frame["lsoa_code"]))
    if not absent:
        return fitted, []
    counts = {"absent": len(absent), "all": len(wards)}
    missing = _fault("lsoas_missing", raw, example=absent[0], **counts)
    return fitted, [missing]


def _as_dict(lsoas: pd.Series, wards: pd.Series) -> Wards:
    return dict(zip(lsoas, wards, strict=True))


def _fits(heading: str, name: str) -> bool:
    return re.fullmatch(PATTERNS[name], heading, re.IGNORECASE) is not None


def _columns(raw: RawTable, name: str) -> list[str]:
    return [heading for heading in raw.columns if _fits(heading, name)]


def _column(raw: RawTable, name: str) -> str:
    """Return the first heading that fits; empty when none does."""
    return next(iter(_columns(raw, name)), "")


def _fault(finding_id: str, raw: RawTable, **slots: Any) -> Finding:
    return finding(f"deprivation.{finding_id}", raw.name, raw.header_row, **slots)
