"""Postcodes from ONSPD, NSPL, Code-Point Open or a list of coordinates, of any vintage: only the
rows
needed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.streamed_files import Selected, read_large
from sv_lib.intake.findings import Finding, Severity, counted
from sv_lib.intake.places.boundaries import Boundaries
from sv_lib.intake.places.grid import to_degrees
from sv_lib.intake.tables.dictionary import POSTCODES
from sv_lib.params import Council

PATTERNS = {
    "postcode": r"pcds | pcd8 | pcd7 | pcd2 | pcd | postcode | pc",
    "ward_code": r"wd\d\dcd | osward | ward",
    "lsoa_code": r"lsoa\d\dcd | lsoa\d\d",
    "lad_code": r"lad\d\dcd | ltla\d\dcd | oslaua | laua",
    "region_code": r"rgn\d\dcd | rgn",
    "doterm": r"doterm",
    "lat": r"lat | latitude | osnrth1m | north\d*m | northings? | y",
    "long": r"long | longitude | lng | oseast1m | east\d*m | eastings? | x",
}
CODE_POINT = {10: {"postcode": 0, "lad_code": 8, "ward_code": 9}}
"""Code-Point Open has no headings; these are its columns since 2011."""
DIRECTORY = POSTCODES.allowing_blanks("region_code")
"""Postcodes from a directory: Code-Point Open knows no regions."""
POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[ABD-HJLNP-UW-Z]{2})\b")


def bare(postcode: str) -> str:
    """A postcode without spaces, in capitals: the same however a file writes it."""
    return "".join(postcode.split()).upper()


def find_postcode(text: str) -> str:
    """The last UK postcode in free text, such as an address; blank when there is none."""
    found = POSTCODE.findall(text.upper())
    return " ".join(found[-1]) if found else ""


def _forms(postcode: str) -> set[str]:
    """A postcode as directories write it: with a space, without, or filled up with spaces to 7 or 8
    characters.
    """
    out, inward = postcode[:-3], postcode[-3:]
    spelt = {f"{out:{width}}{inward}" for width in (0, len(out) + 1, 4, 5)}
    return spelt | {form.lower() for form in spelt} if out else set()


@dataclass(frozen=True)
class Directory:
    """What a directory gives: rows of our postcodes, all its rows, whether it has districts, the
    findings.
    """

    frame: pd.DataFrame
    rows: int
    tells_district: bool
    findings: list[Finding]


def read_directory(
    path: Path, name: str, needed: Collection[str], council: Council, boundaries: Boundaries | None
) -> Directory:
    """The rows of the ``needed`` postcodes and of the council's district; terminated postcodes too.

    A file with coordinates and no wards is placed in ``boundaries``. Raises InputError when it
    cannot be read.
    """
    wanted = pa.array(
        sorted({form for postcode in needed for form in _forms(bare(postcode))}), pa.string()
    )

    def keep(block: pa.Table) -> pa.ChunkedArray:
        if "postcode" not in block.column_names:
            raise ValueError("no heading says which column is the postcode")
        is_needed = pc.is_in(block["postcode"], wanted)
        if "lad_code" not in block.column_names:
            return is_needed
        return pc.or_(is_needed, pc.equal(block["lad_code"], council.lad_code))

    selected = read_large(path, name, PATTERNS, keep, CODE_POINT)
    frame = selected.frame.apply(lambda column: column.str.strip())
    together = frame["postcode"].str.upper().str.replace(" ", "")
    frame["postcode"] = together.str[:-3] + " " + together.str[-3:]
    if "ward_code" not in frame:
        frame = _placed(frame, council, boundaries)
    frame = frame.reindex(columns=[*POSTCODES.names, "doterm"], fill_value="")
    is_in_a_ring = frame["lad_code"].isin(
        [code for tier in council.tiers for code in tier.lad_codes]
    )
    has_regions = any(tier.region_codes for tier in council.tiers)
    is_known = (frame["lad_code"] != "") & (
        is_in_a_ring | (frame["region_code"] != "") | (not has_regions)
    )
    found = [
        *_vintage(selected, frame, name),
        *_mismatch(frame, name, council),
        *_unplaced(frame[~is_known], name),
    ]
    tells_district = "lad_code" in selected.columns or not selected.columns
    return Directory(frame[is_known].drop(columns="doterm"), selected.rows, tells_district, found)


def _placed(frame: pd.DataFrame, council: Council, boundaries: Boundaries | None) -> pd.DataFrame:
    """Wards by point in polygon. A point of none of them, or 99.999999 (ONS for 'none'), has no
    district either.

    Coordinates are degrees, or metres on the British National Grid.
    """
    if boundaries is None or not {"lat", "long"} <= set(frame.columns):
        return frame.assign(ward_code="", lad_code="")
    across, up = (
        pd.to_numeric(frame[axis], errors="coerce").to_numpy(float) for axis in ("long", "lat")
    )
    degrees = to_degrees(across, up) if np.nanmax(np.abs(across), initial=0) > 180 else (across, up)
    wards = pd.Series(boundaries.wards(*degrees), index=frame.index, dtype="str")
    return frame.assign(
        ward_code=wards, lad_code=wards.map(lambda ward: council.lad_code if ward else "")
    )


def _vintage(selected: Selected, frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    """What was read from which columns, and how many of the postcodes are no longer in use."""
    read = ", ".join(f"{ours} from {theirs}" for ours, theirs in selected.columns.items())
    said = (
        f"{len(frame):,} of {counted(selected.rows, 'postcode')} read: "
        f"{read or 'Code-Point Open, by position'}"
    )
    yield _say("note", name, said, "the others are not needed", "nothing to do")
    if ended := int((frame["doterm"] != "").sum()):
        problem = "they are kept, because older suppliers and payments carry them"
        yield _say("note", name, counted(ended, "terminated postcode"), problem, "nothing to do")


def _mismatch(frame: pd.DataFrame, name: str, council: Council) -> Iterator[Finding]:
    """Wards of another year than council.yaml's."""
    ours = frame[frame["lad_code"] == council.lad_code]
    others = ours[~ours["ward_code"].isin(["", *(ward.code for ward in council.wards)])]
    if len(others) and council.wards:
        codes = others["ward_code"].nunique()
        said = (
            f"{counted(len(others), 'postcode')} in {counted(codes, 'ward')} such as "
            f"{others['ward_code'].iloc[0]}"
        )
        remedy = (
            "use a directory of the years of those wards, or the wards of the directory in "
            "council.yaml"
        )
        yield _say(
            "stop",
            name,
            said,
            "they are not wards of council.yaml, but of other boundaries",
            remedy,
        )


def _unplaced(frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    if len(frame):
        problem = "the file does not tell their district or region, so their place is not known"
        yield _say(
            "warn",
            name,
            counted(len(frame), "postcode"),
            problem,
            "use the ONSPD or the NSPL, which do",
        )


def _say(severity: Severity, name: str, found: str, problem: str, remedy: str) -> Finding:
    return Finding(severity, name, None, "postcode", found, problem, remedy)
