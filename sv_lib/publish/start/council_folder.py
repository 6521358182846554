"""Writes a new council's folder: settings, first publication, templates, official files, key.

Nothing of another council goes into it. What the official files do not say is told and left open.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sv_lib.errors import ParameterError, counted
from sv_lib.intake.ledger.description import LedgerDescription, describe
from sv_lib.intake.ledger.saving import save_layouts
from sv_lib.intake.returns.person_keys import make_key
from sv_lib.intake.tables.dictionary import NAMES
from sv_lib.params import DISTRICT_CODE, load
from sv_lib.periods import Period, months_after, years_after
from sv_lib.present.ladder import LADDER
from sv_lib.publish.files.blank_templates import OF_ONE_PUBLICATION, write_blank_templates
from sv_lib.publish.start import official
from sv_lib.publish.start.official_cuts import OFFICIAL, OfficialCuts, OfficialFiles, Read
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
KNOWN_LATER = 3
"""Months after a period within which what belongs to it still comes in."""


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
class NewCouncil:
    """What was made: the publication's file, and what to tell the person, line by line."""

    publication: Path
    lines: list[str] = field(default_factory=list)


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
    cuts = OfficialCuts(folder, area)
    cuts.take(read, files)
    today = today or date.today()  # noqa: DTZ011 a day of the office
    setting = _Setting(folder, cuts, answers, today)
    described = setting.take_payments(payments)
    return setting.write(described)


@dataclass
class _Setting:
    """One folder on its way, once the official files are in it."""

    folder: Path
    cuts: OfficialCuts
    answers: Answers
    today: date

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
        self.cuts.write_sources()
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
        area = self.cuts.area
        months = 12 if self.answers.kind == "annual" else 6
        this = Period(starts, months_after(starts, months) - timedelta(days=1))
        wards = ["wards"] if area.wards else []
        reports = [self.answers.kind, "briefing", *wards, "methods"]
        what = "annual" if self.answers.kind == "annual" else "mid-year"
        return {
            "id": slug_of(self.folder.name),
            "name": self.answers.name,
            "contact": self.answers.contact,
            "area": area,
            "ring": slug_of(area.place),
            "wards_from": self.cuts.wards_from,
            "start": starts,
            "this": this,
            "before": this.years_later(-1),
            "valid_from": years_after(starts, -10),
            "measures": sorted(catalogue()),
            "key": self.answers.key,
            "has_outlines": self.cuts.has_outlines,
            "folders": FOLDERS,
            "official": self.cuts.kept,
            "publication": publication,
            "kind": self.answers.kind,
            "title": f"Social value {what} report {publication.removesuffix(f'-{what}')}",
            "data_as_at": min(self.today, months_after(this.end, KNOWN_LATER)),
            "reports": reports,
            "ladder": LADDER.steps[1:],
            "notes": area.notes,
            "files": official.WORDS.files,
            "folder": self.folder.as_posix(),
        }

    def _told(self, described: Sequence[LedgerDescription]) -> Iterator[str]:
        """What was found, for the person who asked."""
        yield from self.cuts.area.notes
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
