"""Keeps of each official file what is the new council's own, and notes what it gave.

What the files do not say is told and left open.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.errors import counted
from sv_lib.intake.files.streamed_files import read_large
from sv_lib.intake.places import postcodes
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.publish.files.manifest import hash_of_file
from sv_lib.publish.start import official
from sv_lib.publish.start.official import Area, Source

OFFICIAL = "inputs/official"


@dataclass(frozen=True)
class OfficialFiles:
    """The official files that a person named."""

    lookups: Sequence[Path] = ()
    boundaries: Path | None = None
    deprivation: Path | None = None
    postcodes: Sequence[Path] = ()


@dataclass
class Read:
    """The official files as they were read, and the councils that they name."""

    sources: list[Source]
    deprivation: Source | None
    councils: dict[str, str]

    @property
    def only_council(self) -> str:
        """The council that the outlines are of, or all files; blank where there are several."""
        outlined = official.councils(one for one in self.sources if one.features)
        for known in (outlined, self.councils):
            if len(set(known.values())) == 1:
                return next(iter(known.values()))
        return ""


def read_official(files: OfficialFiles) -> Read:
    """Read all official files but the postcodes, which are large. Raises InputError."""
    sources = [official.read_lookup(path) for path in files.lookups]
    if files.boundaries:
        sources.append(official.read_outlines(files.boundaries))
    deprivation = official.read_lookup(files.deprivation) if files.deprivation else None
    known = official.councils([*sources, *([deprivation] if deprivation else [])])
    return Read(sources, deprivation, known)


@dataclass
class OfficialCuts:
    """The official files cut to one area, in a folder on its way.

    ``kept``: input -> the files it is read from. ``sources``: of each file its name, what it was
    cut from with its hash, the rows kept and the rows there. ``wards_from``: the file that named
    the wards.
    """

    folder: Path
    area: Area
    kept: dict[str, list[str]] = field(default_factory=dict)
    sources: list[tuple[str, str, str | None, int, int]] = field(default_factory=list)
    has_outlines: bool = False
    wards_from: str = ""

    def take(self, read: Read, files: OfficialFiles) -> None:
        """Cut each official file to the area and note what it gave."""
        for source in read.sources:
            self.wards_from = self.wards_from or f"{source.path.name} ({source.vintage})"
            if source.features:
                self._take_outlines(source)
        lookups = [one for one in read.sources if one.has("lsoa_code")]
        for number, lookup in enumerate(lookups, start=1):
            is_own = self._is_in_own_wards(lookup)
            self._take("lsoa_wards", f"lookup-{number}.csv", lookup, is_own)
        if read.deprivation:
            self._take_deprivation(read.deprivation, lookups)
        for number, path in enumerate(files.postcodes, start=1):
            self._take_postcodes(path, f"postcodes-{number}.csv.gz")
        self._note_what_is_missing(files)

    def _take_outlines(self, source: Source) -> None:
        """The outlines of the council's wards, checked as a run reads them."""
        is_own = source.facts["ward_code"].isin(list(self.area.wards))
        own = [one for one, mine in zip(source.features, is_own, strict=True) if mine]
        path = self.folder / OFFICIAL / "wards.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": own}), "utf-8")
        read_boundaries(path, source.path.name)
        self.has_outlines = True
        self.wards_from = f"{source.path.name} ({source.vintage})"
        self._note(path.name, source.path, len(own), len(source.rows))

    def _take_deprivation(self, deprivation: Source, lookups: Sequence[Source]) -> None:
        if not lookups:
            self.area.notes.append(
                f"{deprivation.path.name} was not taken: a lookup from LSOA to ward is needed too."
            )
            return
        homes = set[str]()
        for lookup in lookups:
            homes.update(lookup.facts["lsoa_code"][self._is_in_own_wards(lookup)])
        is_own = deprivation.facts["lsoa_code"].isin(homes)
        self._take("deprivation", "deprivation.csv", deprivation, is_own)
        official.count_residents(self.area, lookups[0], deprivation)

    def _is_in_own_wards(self, lookup: Source) -> pd.Series:
        wards = [*self.area.wards, *self.area.aliases]
        return lookup.facts["ward_code"].isin(wards)

    def _take(self, key: str, name: str, source: Source, is_own: pd.Series) -> None:
        """Keep a file's own rows of the council, under the headings that it has."""
        rows = source.rows[is_own]
        rows.to_csv(self.folder / OFFICIAL / name, index=False, lineterminator="\n")
        self.kept.setdefault(key, []).append(f"{OFFICIAL}/{name}")
        self._note(name, source.path, len(rows), len(source.rows))

    def _note(self, name: str, path: Path, kept: int, of: int) -> None:
        self.sources.append((name, path.name, hash_of_file(path), kept, of))

    def _take_postcodes(self, path: Path, name: str) -> None:
        """Keep the columns of a postcode directory that are read, of all postcodes."""
        everything = read_large(
            path, path.name, postcodes.PATTERNS, _every_row, postcodes.CODE_POINT
        )
        headings = everything.columns or {one: one for one in everything.frame.columns}
        kept = self.folder / OFFICIAL / name
        # Level 6 takes well under half the time of the usual 9, for two in a hundred more bytes.
        with (
            kept.open("wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed,
        ):
            everything.frame.rename(columns=headings).to_csv(packed, index=False)
        self.kept.setdefault("postcode_directory", []).append(f"{OFFICIAL}/{name}")
        self._note(name, path, len(everything.frame), everything.rows)
        self._look_at_postcodes(path.name, everything.frame)

    def _look_at_postcodes(self, name: str, rows: pd.DataFrame) -> None:
        """What the directory knows of the area: its region, and whether its wards are the same."""
        if not {"ward_code", "lad_code"} <= set(rows.columns):
            return
        area = self.area
        wards = rows["ward_code"].replace(area.aliases)
        is_in_own_ward = wards.isin(list(area.wards))
        with_postcode = set(wards[is_in_own_ward])
        is_own = rows["lad_code"].isin(area.districts) | is_in_own_ward
        districts = set(rows["lad_code"][is_in_own_ward])
        area.districts = sorted({*area.districts, *districts} - {""})
        without = [ward for code, ward in area.wards.items() if code not in with_postcode]
        if without:
            area.notes.append(
                f"{name} has no postcode in {counted(len(without), 'ward')}: "
                f"{', '.join(without[:5])}. It may be of other boundaries."
            )
        if not area.region_code and "region_code" in rows.columns:
            regions = rows["region_code"][is_own & (rows["region_code"] != "")]
            area.region_code = "" if regions.empty else str(regions.mode()[0])

    def _note_what_is_missing(self, files: OfficialFiles) -> None:
        area = self.area
        found = [f"{counted(len(area.wards), 'ward')} of {area.place}, from {self.wards_from}."]
        if not area.wards:
            found = ["No wards: name --boundaries or --lookup to have ward reports."]
        for old, new in area.aliases.items():
            found.append(f"{area.wards[new]} is {old} in other years, and is read as {new}.")
        missing = len(area.wards) - len(area.residents)
        if area.residents:
            found.append(f"Residents of {counted(len(area.residents), 'ward')}.")
        if missing:
            found.append(
                f"Residents of {counted(missing, 'ward')} are not in the files: figures a head are "
                "not known there."
            )
        if area.wards:
            found.append("How many councillors a ward has is in no file; reports go without it.")
        if area.wards and not files.boundaries:
            found.append("No outlines, so no map: name --boundaries to have them.")
        if not files.postcodes:
            found.append(
                "No postcode directory: the ward of a supplier is not known until one is given."
            )
        area.notes[:0] = found

    def write_sources(self) -> None:
        """Which official file each kept file was cut from, for whoever audits the figures."""
        path = self.folder / OFFICIAL / "SOURCES.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["file", "cut_from", "sha256_of_that", "rows_kept", "rows_in_it"])
            rows.writerows(self.sources)


def _every_row(block: pa.Table) -> pa.ChunkedArray:
    if "postcode" not in block.column_names:
        raise ValueError("no heading says which column is the postcode")
    return pc.not_equal(block["postcode"], "")
