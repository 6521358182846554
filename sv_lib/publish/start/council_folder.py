"""Writes a new council's folder: settings, first publication, templates, official files, key.

Nothing of another council goes into it. What the official files do not say is told and left open.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sv_lib.errors import ParameterError, counted
from sv_lib.intake.files.streamed_files import read_large
from sv_lib.intake.ledger.description import LedgerDescription, describe
from sv_lib.intake.ledger.saving import save_layouts
from sv_lib.intake.places import postcodes
from sv_lib.intake.places.boundaries import read_boundaries
from sv_lib.intake.returns.person_keys import make_key
from sv_lib.intake.tables.dictionary import NAMES
from sv_lib.params import DISTRICT_CODE, load
from sv_lib.periods import Period, months_after, years_after
from sv_lib.present.ladder import LADDER
from sv_lib.publish.files.blank_templates import OF_ONE_PUBLICATION, write_blank_templates
from sv_lib.publish.files.manifest import hash_of_file
from sv_lib.publish.start import official
from sv_lib.publish.start.official import Area, Source
from sv_lib.toms.measures import catalogue

FOLDERS = (
    "payments",
    "suppliers",
    "supplier_registers",
    "supplier_decisions",
    "contracts_register",
    "contracts_notices",
    "payment_contracts",
    "return_forms",
    "proxies",
    "story_photos",
)
"""Inputs with a folder of their own: what other systems export, and what comes back."""
FROM_ELSEWHERE = ("payments", "postcodes", "deprivation", "proxies")
"""Tables that are not in the workbook of the council's tables: they come in files of their own."""
OFFICIAL = "inputs/official"
KNOWN_LATER = 3
"""Months after a period within which what belongs to it still comes in."""


@dataclass(frozen=True)
class OfficialFiles:
    """The official files that a person named."""

    lookups: Sequence[Path] = ()
    boundaries: Path | None = None
    deprivation: Path | None = None
    postcodes: Sequence[Path] = ()


@dataclass(frozen=True)
class Answers:
    """What no file says. ``starts``: first day of the year that is reported, None where the
    payments tell; ``contact``: a role, never a person.
    """

    name: str
    kind: Literal["annual", "mid-year"]
    starts: date | None
    contact: str
    key: Path | None = None


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


@dataclass
class NewCouncil:
    """What was made: the publication's file, and what to tell the person, line by line."""

    publication: Path
    lines: list[str] = field(default_factory=list)


def read_official(files: OfficialFiles) -> Read:
    """Read all official files but the postcodes, which are large. Raises InputError."""
    sources = [official.read_lookup(path) for path in files.lookups]
    if files.boundaries:
        sources.append(official.read_outlines(files.boundaries))
    deprivation = official.read_lookup(files.deprivation) if files.deprivation else None
    known = official.councils([*sources, *([deprivation] if deprivation else [])])
    return Read(sources, deprivation, known)


def code_of(council: str, read: Read) -> str:
    """The code of a council: by its code or name in the files, or a code where there is no file.

    Raises ParameterError before anything is written.
    """
    if read.councils:
        return official.chosen(council, read.councils)
    if re.fullmatch(DISTRICT_CODE, council):
        return council
    raise ParameterError(
        "--council",
        f"'{council}' is not the code of a district or county",
        "no official file is named that would say which council it is.",
        "name --boundaries or --lookup, or give its code, such as E08000018.",
    )


def refuse_used(folder: Path) -> None:
    """Raise ParameterError where a folder holds anything: an analyst's work would be lost."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ParameterError(
            str(folder),
            "there is something in it already",
            "what somebody set up would be mixed with a new council's.",
            "name a new folder; its name becomes that of the run folder.",
        )


def make(
    folder: Path,
    read: Read,
    council: str,
    files: OfficialFiles,
    answers: Answers,
    payments: Sequence[Path] = (),
    today: date | None = None,
) -> NewCouncil:
    """Write a council's folder. ``council``: as ``code_of`` takes it.

    ``payments``: files of payments to begin with. Raises ParameterError for a folder in use.
    """
    refuse_used(folder)
    code = code_of(council, read)
    place = read.councils.get(code) or place_of(answers.name)
    area = official.area_of(code, place, read.sources)
    for name in FOLDERS:
        (folder / "inputs" / name).mkdir(parents=True)
    (folder / OFFICIAL).mkdir()
    (folder / "layouts").mkdir()
    setting = _Setting(folder, area, read, answers, today or date.today())  # noqa: DTZ011 a day of the office
    setting.take_official(files)
    described = setting.take_payments(payments)
    return setting.write(described)


@dataclass
class _Setting:
    """One folder on its way. ``official``: input -> files cut to the council's area."""

    folder: Path
    area: Area
    read: Read
    answers: Answers
    today: date
    official: dict[str, list[str]] = field(default_factory=dict)
    sources: list[tuple[str, str, str, int, int]] = field(default_factory=list)
    has_outlines: bool = False
    wards_from: str = ""

    def take_official(self, files: OfficialFiles) -> None:
        """Cut each official file to the council's area and note what it gave."""
        area = self.area
        for source in self.read.sources:
            self.wards_from = self.wards_from or f"{source.path.name} ({source.vintage})"
            if source.features:
                self._take_outlines(source)
        lookups = [one for one in self.read.sources if one.has("lsoa_code")]
        for number, lookup in enumerate(lookups, start=1):
            wards = [*area.wards, *area.aliases]
            is_own = lookup.facts["ward_code"].isin(wards)
            self._take("lsoa_wards", f"lookup-{number}.csv", lookup, is_own)
        if self.read.deprivation:
            self._take_deprivation(self.read.deprivation, lookups)
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
        self._note(path.name, source, len(own))

    def _take_deprivation(self, deprivation: Source, lookups: Sequence[Source]) -> None:
        if not lookups:
            self.area.notes.append(
                f"{deprivation.path.name} was not taken: a lookup from LSOA to ward is needed too."
            )
            return
        homes = {code for one in lookups for code in self._own_areas(one)}
        is_own = deprivation.facts["lsoa_code"].isin(homes)
        self._take("deprivation", "deprivation.csv", deprivation, is_own)
        official.count_residents(self.area, lookups[0], deprivation)

    def _own_areas(self, lookup: Source) -> Iterable[str]:
        wards = [*self.area.wards, *self.area.aliases]
        return lookup.facts["lsoa_code"][lookup.facts["ward_code"].isin(wards)]

    def _take(self, key: str, name: str, source: Source, is_own: Any) -> None:
        """Keep a file's own rows of the council, under the headings that it has."""
        rows = source.rows[is_own]
        rows.to_csv(self.folder / OFFICIAL / name, index=False, lineterminator="\n")
        self.official.setdefault(key, []).append(f"{OFFICIAL}/{name}")
        self._note(name, source, len(rows))

    def _note(self, name: str, source: Source, kept: int) -> None:
        digest = hash_of_file(source.path) or ""
        self.sources.append((name, source.path.name, digest, kept, len(source.rows)))

    def _take_postcodes(self, path: Path, name: str) -> None:
        """Keep the columns of a postcode directory that are read, of all postcodes."""
        everything = read_large(
            path, path.name, postcodes.PATTERNS, _every_row, postcodes.CODE_POINT
        )
        headings = everything.columns or {one: one for one in everything.frame.columns}
        kept = self.folder / OFFICIAL / name
        with kept.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
            everything.frame.rename(columns=headings).to_csv(packed, index=False)
        self.official.setdefault("postcode_directory", []).append(f"{OFFICIAL}/{name}")
        digest = hash_of_file(path) or ""
        self.sources.append((name, path.name, digest, len(everything.frame), everything.rows))
        self._look_at_postcodes(path.name, everything.frame)

    def _look_at_postcodes(self, name: str, rows: Any) -> None:
        """What the directory knows of the area: its region, and whether its wards are the same."""
        if not {"ward_code", "lad_code"} <= set(rows.columns):
            return
        wards = rows["ward_code"].replace(self.area.aliases)
        is_own = rows["lad_code"].isin(self.area.districts) | wards.isin(list(self.area.wards))
        districts = set(rows["lad_code"][wards.isin(list(self.area.wards))])
        self.area.districts = sorted({*self.area.districts, *districts} - {""})
        without = [ward for code, ward in self.area.wards.items() if code not in set(wards)]
        if without:
            self.area.notes.append(
                f"{name} has no postcode in {counted(len(without), 'ward')}: "
                f"{', '.join(without[:5])}. It may be of other boundaries."
            )
        if not self.area.region_code and "region_code" in rows.columns:
            regions = rows["region_code"][is_own & (rows["region_code"] != "")]
            self.area.region_code = "" if regions.empty else str(regions.mode()[0])

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

    def take_payments(self, files: Sequence[Path]) -> list[LedgerDescription]:
        """Copy payments files into their folder, and keep how they are read."""
        home = self.folder / "inputs" / "payments"
        copies = [Path(shutil.copy(path, home / path.name)) for path in files]
        described = [describe(path) for path in copies]
        layouts = [layout for _, layout in described if layout]
        if layouts:
            save_layouts(layouts, self.folder)
        return [said for said, _ in described]

    def write(self, described: Sequence[LedgerDescription]) -> NewCouncil:
        """Write settings, templates and next steps, and read the settings back."""
        starts = self._starts(described)
        publication = _name_of(starts, self.answers.kind)
        slots = self._slots(starts, publication)
        _write(self.folder / "council.yaml", "council.yaml.j2", slots)
        path = self.folder / f"{publication}.yaml"
        _write(path, "publication.yaml.j2", slots)
        _write(self.folder / ".gitignore", "gitignore.txt.j2", slots)
        _write(self.folder / "NEXT-STEPS.md", "next_steps.md.j2", slots)
        kept = [one for one in NAMES if one not in (*FROM_ELSEWHERE, *OF_ONE_PUBLICATION)]
        write_blank_templates(self.folder / "inputs" / "tables.xlsx", kept)
        write_blank_templates(self.folder / "inputs" / f"{publication}.xlsx", OF_ONE_PUBLICATION)
        self._write_sources()
        load(path)
        return NewCouncil(path, list(self._told(described)))

    def _starts(self, described: Sequence[LedgerDescription]) -> date:
        """The first day of the year: as asked, else the year from April of the last payment."""
        if self.answers.starts:
            return self.answers.starts
        days = [said.last_on for said in described if said.last_on]
        if days:
            return _april(date.fromisoformat(max(days)))
        return years_after(_april(self.today), -1)

    def _slots(self, starts: date, publication: str) -> dict[str, Any]:
        months = 12 if self.answers.kind == "annual" else 6
        this = Period(starts, months_after(starts, months) - timedelta(days=1))
        wards = ["wards"] if self.area.wards else []
        reports = [self.answers.kind, "briefing", *wards, "methods"]
        what = "annual" if self.answers.kind == "annual" else "mid-year"
        return {
            "id": slug_of(self.folder.name),
            "name": self.answers.name,
            "contact": self.answers.contact,
            "area": self.area,
            "ring": slug_of(self.area.place),
            "wards_from": self.wards_from,
            "start": starts,
            "this": this,
            "before": this.years_later(-1),
            "valid_from": years_after(starts, -10),
            "measures": sorted(catalogue()),
            "key": self.answers.key,
            "has_outlines": self.has_outlines,
            "folders": FOLDERS,
            "official": self.official,
            "publication": publication,
            "kind": self.answers.kind,
            "title": f"Social value {what} report {publication.removesuffix(f'-{what}')}",
            "data_as_at": min(self.today, months_after(this.end, KNOWN_LATER)),
            "reports": reports,
            "ladder": LADDER.steps[1:],
            "notes": self.area.notes,
            "files": official.WORDS.files,
            "folder": self.folder.as_posix(),
        }

    def _write_sources(self) -> None:
        """Which official file each kept file was cut from, for whoever audits the figures."""
        path = self.folder / OFFICIAL / "SOURCES.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["file", "cut_from", "sha256_of_that", "rows_kept", "rows_in_it"])
            rows.writerows(self.sources)

    def _told(self, described: Sequence[LedgerDescription]) -> Iterator[str]:
        """What was found, for the person who asked."""
        yield from self.area.notes
        for said in described:
            yield f"{Path(said.file).name}: {counted(said.rows, 'payment')} read."
            for question in said.questions:
                yield f"  To decide: {question}"


def key_of(path: Path | None) -> str:
    """Make the key where there is none yet, and say what to tell of it."""
    if path is None:
        return "No key: suppliers' codes for persons are left out (--person-key makes one)."
    try:
        path.expanduser().parent.mkdir(parents=True, exist_ok=True)
        make_key(str(path))
    except FileExistsError:
        return f"The key for codes of persons is the one in {path}."
    return f"Wrote a key for codes of persons to {path}. Keep it, and keep it to yourself."


def slug_of(name: str) -> str:
    """A name as a folder's: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "council"


def place_of(name: str) -> str:
    """The area of a council, from its name: "Anytown" of "Anytown Borough Council"."""
    kinds = "City|Borough|County|District|Metropolitan"
    bare = re.sub(rf"( (?:{kinds}))* Council$", "", name)
    return re.sub("^(?:London|Royal|Metropolitan|City|Borough| )*(?:Borough|City) of ", "", bare)


def _every_row(block: pa.Table) -> pa.ChunkedArray:
    if "postcode" not in block.column_names:
        raise ValueError("no heading says which column is the postcode")
    return pc.not_equal(block["postcode"], "")


def _april(day: date) -> date:
    """The first of April on or before a day."""
    return date(day.year - (day.month < 4), 4, 1)


def _name_of(starts: date, kind: str) -> str:
    """2024-25-annual; 2024-annual for a calendar year."""
    ends = f"-{(starts.year + 1) % 100:02d}" if (starts.month, starts.day) != (1, 1) else ""
    return f"{starts.year}{ends}-{kind}"


def _write(path: Path, template: str, slots: dict[str, Any]) -> None:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(  # noqa: S701 plain text, quoted where words are anybody's
        loader=loader, undefined=StrictUndefined, trim_blocks=False, keep_trailing_newline=True
    )
    environment.filters["q"] = lambda words: json.dumps(str(words), ensure_ascii=False)
    text = environment.get_template(template).render(slots)
    path.write_text(text, encoding="utf-8", newline="\n")
