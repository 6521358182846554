"""Deprivation from the official file of the Indices and the ONS lookup of LSOA to ward, for one
council's wards.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding
from sv_lib.params import Council

LSOA_CODE = re.compile(r"lsoa\d\dcd|lsoa.*code.*", re.IGNORECASE)
WARD_CODE = re.compile(r"wd\d\dcd|ward.*code.*", re.IGNORECASE)
OLD_LSOA = re.compile(r"lsoa.*11.*", re.IGNORECASE)
DECILE = re.compile(r".*((\b|_)imd|multiple.deprivation).*decile.*", re.IGNORECASE)
HEADINGS = ("LSOA code (2021)", "LSOA code (2011)")
"""Official headings, one of which tells the sheet and row that hold the table."""
RESIDENTS = re.compile(r"total population.*", re.IGNORECASE)


def is_official(raw: RawTable) -> bool:
    """Whether the headings are those of the Indices of Deprivation, not of our own table."""
    return "lsoa_code" not in raw.columns and bool(_column(raw, DECILE))


def lsoas_of(lookup: RawTable, council: Council) -> tuple[dict[str, str], list[Finding]]:
    """LSOA -> ward for the wards of the council, from an ONS best-fit lookup of any year."""
    lsoa, ward = _column(lookup, LSOA_CODE), _column(lookup, WARD_CODE)
    if not (lsoa and ward):
        return {}, [
            _fault(
                lookup,
                "no column of LSOA codes and ward codes",
                "use the ONS lookup of LSOA to ward",
            )
        ]
    ours = lookup.frame[lookup.frame[ward].str.strip().isin([w.code for w in council.wards])]
    absent = [w.code for w in council.wards if w.code not in set(ours[ward].str.strip())]
    found = [
        _fault(
            lookup,
            f"no LSOA in ward {', '.join(absent[:5])}",
            "use the lookup to the wards of council.yaml",
        )
    ]
    return dict(
        zip(ours[lsoa].str.strip(), ours[ward].str.strip(), strict=True)
    ), found if absent else []


def is_change(lookup: RawTable) -> bool:
    """Whether it is the ONS lookup of the LSOAs of 2011 to those of 2021."""
    return len(_lsoas(lookup)) == 2 and not _column(lookup, WARD_CODE)


def older(change: RawTable, wards: dict[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """LSOA of 2011 -> ward, through the LSOAs of 2021 that it became.

    One that was split over two wards goes to the ward of the part that the lookup lists first, and
    a finding says so.
    """
    old, new = sorted(_lsoas(change), key=lambda heading: not OLD_LSOA.fullmatch(heading))
    pairs = change.frame[[old, new]].apply(lambda codes: codes.str.strip())
    pairs = pairs.assign(ward=pairs[new].map(wards)).dropna(subset=["ward"])
    spread = pairs.groupby(old)["ward"].nunique()
    problem, remedy = (
        "it counts in the first of its wards",
        "use the Indices of 2025, which are on the LSOAs of 2021",
    )
    found = [
        Finding(
            "warn",
            change.name,
            None,
            old,
            str(code),
            f"it was split over {count} wards: {problem}",
            remedy,
        )
        for code, count in spread[spread > 1].items()
    ]
    first = pairs.drop_duplicates(old)
    return dict(zip(first[old], first["ward"], strict=True)), found


def is_older(raw: RawTable) -> bool:
    """Whether its LSOAs are those of 2011."""
    return bool(OLD_LSOA.fullmatch(_column(raw, LSOA_CODE)))


def _lsoas(raw: RawTable) -> list[str]:
    return [heading for heading in raw.columns if LSOA_CODE.fullmatch(heading)]


def from_official(raw: RawTable, wards: dict[str, str]) -> tuple[RawTable, list[Finding]]:
    """The rows of the council's LSOAs under the names of our table; residents blank where the file
    has
    none.
    """
    lsoa, decile, residents = _column(raw, LSOA_CODE), _column(raw, DECILE), _column(raw, RESIDENTS)
    if not wards or not lsoa or not decile:
        remedy = "name the ONS lookup of LSOA to ward under 'lsoa_wards' in the inputs"
        return replace(raw, frame=raw.frame.iloc[:0]), [
            _fault(raw, "no ward for its LSOAs", remedy)
        ]
    codes = raw.frame[lsoa].str.strip()
    ours = raw.frame[codes.isin(list(wards))]
    frame = ours[[lsoa, decile]].set_axis(["lsoa_code", "imd_decile"], axis=1)
    frame["ward_code"] = frame["lsoa_code"].str.strip().map(wards).astype("str")
    frame["residents"] = ours[residents] if residents else ""
    fitted = replace(raw, frame=frame)
    if not (absent := sorted(set(wards) - set(codes))):
        return fitted, []
    remedy = "use a lookup and Indices of one LSOA vintage: 2011 with IoD 2019, 2021 with IoD 2025"
    said = f"{len(absent)} of the council's {len(wards)} LSOAs, such as {absent[0]}, are not in it"
    return fitted, [_fault(raw, said, remedy)]


def _column(raw: RawTable, pattern: re.Pattern[str]) -> str:
    """The first heading that a pattern fits; empty when none does."""
    return next((heading for heading in raw.columns if pattern.fullmatch(heading)), "")


def _fault(raw: RawTable, found: str, remedy: str) -> Finding:
    return Finding(
        "stop",
        raw.name,
        raw.header_row,
        "",
        found,
        "deprivation cannot be given for every ward",
        remedy,
    )
