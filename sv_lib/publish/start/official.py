"""What official files say of a council: its wards, residents, outlines, districts and neighbours.

Every file may be of the whole country and of any year: columns are told by their headings, wards of
other years by their names. Where files disagree or say nothing, that is told and not guessed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import InputError, ParameterError, counted
from sv_lib.intake.files.readers import read_table
from sv_lib.intake.files.streamed_files import columns_by_pattern
from sv_lib.intake.findings import nearest
from sv_lib.intake.places import official_deprivation
from sv_lib.intake.places.boundaries import NO_GEOJSON
from sv_lib.params import DISTRICT_CODE
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class OfficialFile:
    """A file that a person downloads: the option that takes it, and what it gives."""

    option: str
    title: str
    publisher: str
    gives: str


@dataclass(frozen=True)
class _OfficialWords:
    columns: dict[str, str]
    regions: dict[str, str]
    files: tuple[OfficialFile, ...]


WORDS = data_beside(__file__, _OfficialWords)
CODES = ("ward_code", "ward_name", "lsoa_code", "district_code", "district_name")
AROUND = ("county_code", "county_name", "region_code")


@dataclass(frozen=True)
class Source:
    """An official file as it was read. ``facts``: its rows under our names, all columns of
    ``CODES`` and ``AROUND``, blank where it has none. ``rows``: the same rows as they stand.
    """

    path: Path
    facts: pd.DataFrame
    rows: pd.DataFrame
    features: Sequence[Mapping[str, Any]] = ()

    @property
    def vintage(self) -> str:
        """The heading of its ward codes, which carries the year: WD25CD."""
        return columns_by_pattern(list(self.rows.columns), WORDS.columns).get("ward_code", "")

    def has(self, column: str) -> bool:
        """Whether it says anything under one of our names."""
        return bool((self.facts[column] != "").any())


@dataclass
class Area:
    """A council as official files tell it. ``wards``: code -> name, in the order of the codes.

    ``aliases``: code of another year -> code of today. ``residents``: ward -> people, where known.
    ``districts``: every code of its area. ``notes``: what was noticed or is not known, in words.
    """

    code: str
    place: str
    wards: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    residents: dict[str, int] = field(default_factory=dict)
    residents_from: str = ""
    districts: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    county: str = ""
    region_code: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def region(self) -> str:
        return WORDS.regions.get(self.region_code, "the region")


def read_lookup(path: Path) -> Source:
    """Read an ONS lookup, or File 7 of the Indices, as csv or workbook.

    Raises InputError when it cannot be read as a table.
    """
    raw = read_table(path, path.name, official_deprivation.HEADINGS)
    return Source(path, _facts(raw.frame), raw.frame)


def read_outlines(path: Path) -> Source:
    """Read a GeoJSON of wards. Raises InputError when it is none."""
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        properties = [feature["properties"] for feature in features]
        rows = pd.DataFrame(properties).astype("str")
    except NO_GEOJSON:
        raise InputError(
            path.name,
            "this is no GeoJSON of wards",
            "the map would have no outlines.",
            "download the wards as GeoJSON, in longitude and latitude, and name that file.",
        ) from None
    return Source(path, _facts(rows), rows, features)


def _facts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows under our names, as trimmed text; a column that is not there is blank."""
    found = columns_by_pattern(list(rows.columns), WORDS.columns)
    told = {ours: rows[theirs].str.strip() for ours, theirs in found.items()}
    return pd.DataFrame(told, index=rows.index).reindex(columns=[*CODES, *AROUND], fill_value="")


def councils(sources: Iterable[Source]) -> dict[str, str]:
    """The districts and counties that the files name: code -> name, or the code where it has none.

    A district of two codes in files of different years stands twice.
    """
    found: dict[str, str] = {}
    for source in sources:
        for kind in ("district", "county"):
            pairs = source.facts[[f"{kind}_code", f"{kind}_name"]].drop_duplicates()
            for code, name in pairs.itertuples(index=False, name=None):
                is_council = re.fullmatch(DISTRICT_CODE, code) is not None
                if is_council and found.get(code, code) == code:
                    found[code] = name or code
    return {code: found[code] for code in sorted(found)}


def chosen(asked: str, known: Mapping[str, str]) -> str:
    """The code of the council that was asked for by code or name.

    Raises ParameterError, with the names nearest to it, when the files do not have it.
    """
    # The newest code of a name comes last: a district keeps its name when its code changes.
    by_name = {name.casefold(): code for code, name in known.items()}
    code = asked if asked in known else by_name.get(asked.casefold(), "")
    if code:
        return code
    near = nearest(asked, list(known.values())) or ", ".join(list(known.values())[:5])
    raise ParameterError(
        "--council",
        f"'{asked}' is in none of the official files" if asked else "the files hold several",
        "another council's wards would be set up.",
        f"give its name or code as the files have it; near it: {near}.",
    )


def area_of(code: str, place: str, sources: Sequence[Source]) -> Area:
    """A council's area from all files together. The first that tells wards gives their codes."""
    area = Area(code, place)
    with_wards = [one for one in sources if one.has("ward_code") and one.has("ward_name")]
    # Outlines come first: what is drawn and what is counted are then the same wards.
    with_wards.sort(key=lambda one: not one.features)
    for source in with_wards:
        mine = source.facts[_is_own(source.facts, area)]
        wards = dict(zip(mine["ward_code"], mine["ward_name"], strict=True))
        if not area.wards:
            area.wards = {ward: wards[ward] for ward in sorted(wards) if ward}
        else:
            _match_other_year(area, wards, source)
    own = [source.facts[_is_own(source.facts, area)] for source in sources]
    rows = pd.concat([*own, pd.DataFrame(columns=[*CODES, *AROUND], dtype="str")])
    area.districts = _told(rows["district_code"]) or [code]
    _look_around(area, rows, sources)
    return area


def _is_own(facts: pd.DataFrame, area: Area) -> pd.Series:
    """The rows of a council: by its code, else its name, else by its wards."""
    is_by_code = (facts["district_code"] == area.code) | (facts["county_code"] == area.code)
    is_by_name = facts["district_name"].str.casefold() == area.place.casefold()
    return is_by_code | is_by_name | facts["ward_code"].isin(list(area.wards))


def _match_other_year(area: Area, wards: Mapping[str, str], source: Source) -> None:
    """Note which of a file's wards are those of today under another code, and which are none."""
    code_of = {plain_name(name): code for code, name in area.wards.items()}
    lost = []
    for code, name in wards.items():
        today = code_of.get(plain_name(name))
        if code in area.wards or not code:
            continue
        if today and today not in wards:
            area.aliases[code] = today
        else:
            lost.append(name)
    if lost:
        area.notes.append(
            f"{source.path.name} has {counted(len(lost), 'ward')} of other boundaries: "
            f"{', '.join(lost[:5])}. Take files of one year."
        )


def plain_name(name: str) -> str:
    """A ward's name as files spell it alike: "Anston & Woodsetts" is "anston and woodsetts"."""
    return " ".join(name.replace("&", " and ").casefold().split())


def _told(cells: pd.Series) -> list[str]:
    return sorted(set(cells) - {""})


def _look_around(area: Area, rows: pd.DataFrame, sources: Sequence[Source]) -> None:
    """The districts of the same county, and the region."""
    regions = _told(rows["region_code"])
    area.region_code = regions[0] if len(regions) == 1 else ""
    counties = [code for code in _told(rows["county_code"]) if code != area.code]
    everywhere = pd.concat([source.facts for source in sources]) if sources else rows
    beside = everywhere[everywhere["county_code"].isin(counties)]
    area.neighbours = [one for one in _told(beside["district_code"]) if one not in area.districts]
    names = Counter(name for name in beside["county_name"] if name)
    area.county = names.most_common(1)[0][0] if names else "the county"


def count_residents(area: Area, lookup: Source, deprivation: Source) -> None:
    """Residents by ward: those of the neighbourhoods that fit it best, where all are told."""
    pattern = re.compile(official_deprivation.PATTERNS["residents"], re.IGNORECASE)
    headings = list(filter(pattern.fullmatch, deprivation.rows.columns))
    if not headings:
        area.notes.append(f"{deprivation.path.name} has no column of residents.")
        return
    people = pd.to_numeric(deprivation.rows[headings[0]].str.replace(",", ""), errors="coerce")
    by_area = dict(zip(deprivation.facts["lsoa_code"], people, strict=True))
    wards = lookup.facts["ward_code"].replace(area.aliases)
    homes = pd.DataFrame({"ward": wards, "people": lookup.facts["lsoa_code"].map(by_area)})
    for ward, mine in homes[wards.isin(list(area.wards))].groupby("ward"):
        if mine["people"].notna().all():
            area.residents[str(ward)] = int(mine["people"].sum())
    area.residents_from = headings[0]
