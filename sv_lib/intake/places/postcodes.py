"""Postcodes from ONSPD, NSPL, Code-Point Open or a list of coordinates, of any vintage.

Only the rows that are needed are kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.streamed_files import Patterns, Selected, read_large
from sv_lib.intake.findings import Finding, counted, finding
from sv_lib.intake.places.boundaries import Boundaries
from sv_lib.intake.places.grid import to_degrees
from sv_lib.intake.tables.dictionary import POSTCODES
from sv_lib.params import Council
from sv_lib.strict_yaml import read_yaml

PATTERNS: Patterns = read_yaml(Path(__file__).with_suffix(".yaml"))
CODE_POINT = {10: {"postcode": 0, "lad_code": 8, "ward_code": 9}}
"""Code-Point Open has no headings; these are its columns since 2011."""
DIRECTORY = POSTCODES.allowing_blanks("region_code")
"""Postcodes from a directory: Code-Point Open knows no regions."""
POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[ABD-HJLNP-UW-Z]{2})\b")


def bare(postcode: str) -> str:
    """Return a postcode without spaces, in capitals: the same however a file writes it."""
    return "".join(postcode.split()).upper()


def find_postcode(text: str) -> str:
    """Return the last UK postcode in free text, such as an address; blank when there is none."""
    found = POSTCODE.findall(text.upper())
    return " ".join(found[-1]) if found else ""


def _forms(postcode: str) -> set[str]:
    """Return the spellings of a bare postcode in directories, in capitals and not.

    They have no space, one space, or a first part that is filled up to 4 or 5 characters.
    """
    out = postcode[:-3]
    inward = postcode[-3:]
    if not out:
        return set()
    spelt = {postcode, f"{out} {inward}", f"{out:4}{inward}", f"{out:5}{inward}"}
    return spelt | {form.lower() for form in spelt}


@dataclass(frozen=True)
class Directory:
    """The rows of a directory that we need.

    ``frame``: text under the columns of the table postcodes. ``rows``: how many rows the file has.
    ``tells_district``: whether it has a column for the district.
    """

    frame: pd.DataFrame
    rows: int
    tells_district: bool
    findings: list[Finding]


def read_directory(
    path: Path, name: str, needed: Collection[str], council: Council, boundaries: Boundaries | None
) -> Directory:
    """Read the ``needed`` postcodes and those of the council's district, terminated ones too.

    Where a file has coordinates and no wards, ``boundaries`` give the wards. Raises InputError when
    the file cannot be read.
    """
    forms = set()
    for postcode in needed:
        forms |= _forms(bare(postcode))
    wanted = pa.array(sorted(forms), pa.string())
    own = pa.array(council.own_districts, pa.string())

    def keep(block: pa.Table) -> pa.ChunkedArray:
        if "postcode" not in block.column_names:
            raise ValueError("no heading says which column is the postcode")
        is_wanted = pc.is_in(block["postcode"], wanted)
        if "lad_code" in block.column_names:
            is_wanted = pc.or_(is_wanted, pc.is_in(block["lad_code"], own))
        return is_wanted

    selected = read_large(path, name, PATTERNS, keep, CODE_POINT)
    frame = selected.frame.apply(lambda column: column.str.strip())
    frame["postcode"] = _with_space(frame["postcode"])
    if "ward_code" not in frame:
        frame = _placed(frame, council, boundaries)
    frame = frame.reindex(columns=[*POSTCODES.names, "doterm"], fill_value="")
    is_known = _place_is_known(frame, council)
    found = list(_as_read(selected, frame, name))
    found += _other_wards(frame, name, council)
    found += _unplaced(frame[~is_known], name)
    # Code-Point Open has no headings, and does tell the district.
    tells_district = "lad_code" in selected.columns or not selected.columns
    kept = frame[is_known].drop(columns="doterm")
    return Directory(kept, selected.rows, tells_district, found)


def _with_space(postcodes: pd.Series) -> pd.Series:
    """Return postcodes in capitals, with one space before the last three characters."""
    together = postcodes.str.upper().str.replace(" ", "")
    return together.str[:-3] + " " + together.str[-3:]


def _place_is_known(frame: pd.DataFrame, council: Council) -> pd.Series:
    """Whether the file tells enough of a postcode to say how near to the council it is."""
    districts = frame["lad_code"]
    has_district = districts != ""
    if not any(tier.region_codes for tier in council.tiers):
        return has_district
    near = {code for tier in council.tiers for code in tier.lad_codes}
    has_region = frame["region_code"] != ""
    return has_district & (districts.isin(near) | has_region)


def _placed(frame: pd.DataFrame, council: Council, boundaries: Boundaries | None) -> pd.DataFrame:
    """Set the ward of each point; a point in no ward of the council has no district either.

    Coordinates are degrees, or metres on the British National Grid. ONS writes 99.999999 for none.
    """
    if boundaries is None or not {"lat", "long"} <= set(frame.columns):
        return frame.assign(ward_code="", lad_code="")
    across = _numbers(frame["long"])
    up = _numbers(frame["lat"])
    farthest = np.nanmax(np.abs(across), initial=0)
    if farthest > 180:
        across, up = to_degrees(across, up)
    wards = pd.Series(boundaries.wards(across, up), index=frame.index, dtype="str")
    district = wards.where(wards == "", council.lad_code)
    return frame.assign(ward_code=wards, lad_code=district)


def _numbers(texts: pd.Series) -> npt.NDArray[np.float64]:
    return pd.to_numeric(texts, errors="coerce").to_numpy(float)


def _as_read(selected: Selected, frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    """Report which columns were read, and how many of the postcodes are no longer in use."""
    by_heading = [f"{ours} from {theirs}" for ours, theirs in selected.columns.items()]
    columns = ", ".join(by_heading) or "Code-Point Open, by position"
    kept = f"{len(frame):,}"
    postcodes = counted(selected.rows, "postcode")
    yield _say("read", name, kept=kept, postcodes=postcodes, columns=columns)
    ended = int((frame["doterm"] != "").sum())
    if ended:
        yield _say("terminated", name, postcodes=counted(ended, "terminated postcode"))


def _other_wards(frame: pd.DataFrame, name: str, council: Council) -> Iterator[Finding]:
    """Report wards of another year than those of council.yaml."""
    known = {ward.code for ward in council.wards}
    if not known:
        return
    is_ours = frame["lad_code"].isin(council.own_districts)
    wards = frame["ward_code"][is_ours]
    others = wards[~wards.isin(known | {""})]
    if len(others):
        postcodes = counted(len(others), "postcode")
        different = counted(others.nunique(), "ward")
        example = others.iloc[0]
        yield _say("other_wards", name, postcodes=postcodes, wards=different, example=example)


def _unplaced(frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    if len(frame):
        yield _say("unplaced", name, postcodes=counted(len(frame), "postcode"))


def _say(finding_id: str, name: str, **slots: Any) -> Finding:
    return finding(f"postcodes.{finding_id}", name, None, "postcode", **slots)
