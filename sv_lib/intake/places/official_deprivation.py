"""Deprivation from the official Indices and the ONS lookup of LSOA to ward.

Only the LSOAs of one council's wards are kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, finding
from sv_lib.params import Council

LSOA_CODE = re.compile(r"lsoa\d\dcd|lsoa.*code.*", re.IGNORECASE)
WARD_CODE = re.compile(r"wd\d\dcd|ward.*code.*", re.IGNORECASE)
OLD_LSOA = re.compile(r"lsoa.*11.*", re.IGNORECASE)
DECILE = re.compile(r".*((\b|_)imd|multiple.deprivation).*decile.*", re.IGNORECASE)
RESIDENTS = re.compile(r"total population.*", re.IGNORECASE)
HEADINGS = ("LSOA code (2021)", "LSOA code (2011)")
"""Official headings, one of which tells the sheet and row that hold the table."""


def is_official(raw: RawTable) -> bool:
    """Whether the headings are those of the Indices of Deprivation, not of our own table."""
    return "lsoa_code" not in raw.columns and bool(_column(raw, DECILE))


def lsoas_of(lookup: RawTable, council: Council) -> tuple[dict[str, str], list[Finding]]:
    """LSOA -> ward for the wards of the council, from an ONS best-fit lookup of any year."""
    lsoa = _column(lookup, LSOA_CODE)
    ward = _column(lookup, WARD_CODE)
    if not lsoa or not ward:
        return {}, [_fault("no_codes", lookup)]
    codes = [one.code for one in council.wards]
    wards = lookup.frame[ward].str.strip()
    is_ours = wards.isin(codes)
    lsoas = lookup.frame[lsoa].str.strip()
    found = dict(zip(lsoas[is_ours], wards[is_ours], strict=True))
    absent = [code for code in codes if code not in set(wards[is_ours])]
    if absent:
        return found, [_fault("ward_without_lsoa", lookup, wards=", ".join(absent[:5]))]
    return found, []


def is_change(lookup: RawTable) -> bool:
    """Whether it is the ONS lookup of the LSOAs of 2011 to those of 2021."""
    return len(_lsoas(lookup)) == 2 and not _column(lookup, WARD_CODE)


def older(change: RawTable, wards: dict[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """LSOA of 2011 -> ward, through the LSOAs of 2021 that it became.

    One that was split over two wards goes to the ward of the part that the lookup lists first, and
    a finding says so.
    """
    old, new = sorted(_lsoas(change), key=lambda heading: not OLD_LSOA.fullmatch(heading))
    pairs = pd.DataFrame(
        {"old": change.frame[old].str.strip(), "ward": change.frame[new].str.strip().map(wards)}
    ).dropna()
    first = pairs.drop_duplicates("old")
    spread = pairs.groupby("old")["ward"].nunique()
    found = [
        finding("deprivation.split_lsoa", change.name, None, old, lsoa=code, wards=count)
        for code, count in spread[spread > 1].items()
    ]
    return dict(zip(first["old"], first["ward"], strict=True)), found


def is_older(raw: RawTable) -> bool:
    """Whether its LSOAs are those of 2011."""
    return bool(OLD_LSOA.fullmatch(_column(raw, LSOA_CODE)))


def _lsoas(raw: RawTable) -> list[str]:
    return [heading for heading in raw.columns if LSOA_CODE.fullmatch(heading)]


def from_official(raw: RawTable, wards: dict[str, str]) -> tuple[RawTable, list[Finding]]:
    """The rows of the council's LSOAs under the names of our table.

    Residents are blank where the file has none.
    """
    lsoa = _column(raw, LSOA_CODE)
    decile = _column(raw, DECILE)
    residents = _column(raw, RESIDENTS)
    if not wards or not lsoa or not decile:
        return replace(raw, frame=raw.frame.iloc[:0]), [_fault("no_lookup", raw)]
    codes = raw.frame[lsoa].str.strip()
    ours = raw.frame[codes.isin(list(wards))]
    frame = ours[[lsoa, decile]].set_axis(["lsoa_code", "imd_decile"], axis=1)
    frame["ward_code"] = frame["lsoa_code"].str.strip().map(wards).astype("str")
    frame["residents"] = ours[residents] if residents else ""
    absent = sorted(set(wards) - set(codes))
    found = []
    if absent:
        counts = {"absent": len(absent), "all": len(wards), "example": absent[0]}
        found = [_fault("lsoas_missing", raw, **counts)]
    return replace(raw, frame=frame), found


def _column(raw: RawTable, pattern: re.Pattern[str]) -> str:
    """The first heading that a pattern fits; empty when none does."""
    return next((heading for heading in raw.columns if pattern.fullmatch(heading)), "")


def _fault(finding_id: str, raw: RawTable, **slots: Any) -> Finding:
    return finding(f"deprivation.{finding_id}", raw.name, raw.header_row, "", None, **slots)
