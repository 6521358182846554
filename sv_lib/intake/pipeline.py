"""All input files of a publication -> typed frames, findings and control totals. Nothing is lost on
the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from sv_lib.errors import InputError
from sv_lib.intake import corrections as correcting
from sv_lib.intake import input_files
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts import awards
from sv_lib.intake.cross_table_checks import check_links
from sv_lib.intake.extra_sources import Merging
from sv_lib.intake.files.readers import RawTable, read_table
from sv_lib.intake.findings import Finding, counted, told
from sv_lib.intake.ledger import payments
from sv_lib.intake.ledger.layout import NEEDED, Layout, read_layout
from sv_lib.intake.ledger.payment_rows import Ledger, Reading, as_findings, read_ledger, reading
from sv_lib.intake.photos import PHOTOS, read_photos
from sv_lib.intake.places import official_deprivation, postcodes
from sv_lib.intake.suppliers import supplier_list
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.validation import check_headings, check_table, refuse_unchecked_runs
from sv_lib.params import Publication

CONTROLS = (
    "file",
    *(f"{what}_{way}" for way in ("in", *payments.WAYS) for what in ("rows", "pence")),
)
"""The columns of ``control_totals.csv``; pence are blank for a table that holds no money."""
EMPTY_TABLE = (
    "headings and no rows",
    "an export that went wrong looks just like this",
    "export it again, or take the file out of the parameters",
)
EMPTY = {
    "returns": (
        "a returns file with no returns in it",
        "suppliers' claims would all be missing, and nothing would show it",
        "export it again, or delete 'returns' from the parameters: the report then "
        "says 'no returns supplied'",
    )
}


@dataclass(frozen=True)
class InputFile:
    """One file as it was read: its logical name, its hash, and its rows that hold anything."""

    table: str
    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Inputs:
    """What intake hands on. ``frames``: every table of ``TABLES``, empty when not supplied;
    ``photos``: by story.
    """

    frames: Mapping[str, pd.DataFrame]
    supplied: frozenset[str]
    findings: tuple[Finding, ...]
    controls: pd.DataFrame
    files: tuple[InputFile, ...]
    corrections: pd.DataFrame
    supplier_matches: pd.DataFrame = field(default_factory=pd.DataFrame)
    readings: tuple[Reading, ...] = ()
    photos: Mapping[str, str] = field(default_factory=dict)

    @property
    def stops(self) -> list[Finding]:
        """The findings that end a run."""
        return [finding for finding in self.findings if finding.severity == "stop"]


def read_inputs(publication: Publication) -> Inputs:
    """Read everything that the parameters name. Faults in the files become findings, all of them
    together.

    Raises ParameterError for an unknown input, a path that leaves its folder, and checks that are
    switched off.
    """
    refuse_unchecked_runs()
    intake = _Intake(publication)
    tables = {name: intake.table(name) for name in TABLES}
    texts = {name: intake.texts(table) for name, table in tables.items()}
    intake.findings += payments.vat_findings(
        {name: ledger.layout for name, ledger in intake.ledgers.items()}
    )
    matches = intake.merge(texts)
    supplied = frozenset(TABLES) & {
        *(file.table for file in intake.files),
        *(part.table for part in intake.parts),
    }
    corrections = intake.correct({name: texts[name] for name in supplied})
    frames = {name: intake.frame(texts[name], table) for name, table in tables.items()}
    intake.findings += check_links(frames, supplied, publication.inputs, publication.council)
    photos = intake.photos(frames["stories"])
    pence = {column: "Int64" for column in CONTROLS if column.startswith("pence")}
    return Inputs(
        frames=frames,
        supplied=supplied,
        findings=tuple(
            f for f in intake.findings if f.column == "" or (f.file, f.row) not in intake.torn
        ),
        controls=pd.DataFrame(intake.controls, columns=list(CONTROLS)).astype(pence),
        files=tuple(intake.files),
        corrections=corrections,
        supplier_matches=matches,
        readings=tuple(intake.readings),
        photos=photos,
    )


def require(inputs: Inputs) -> Inputs:
    """The inputs, when nothing stops the run. Raises InputError, one message with every finding
    that
    does.
    """
    if not inputs.stops:
        return inputs
    lines = "\n".join(f"  - {in_words(finding)}" for finding in inputs.stops)
    raise InputError(
        "the input files",
        f"{counted(len(inputs.stops), 'finding')} to mend first:\n{lines}",
        "a report made from them would be wrong and look right.",
        "mend the files as said above and run again.",
    )


def in_words(finding: Finding) -> str:
    """A finding as one line: ``inputs/returns.csv, row 7, quantity: 'abc': it is not a number;
    correct
    the cell``.
    """
    row = f"row {finding.row}" if finding.row else ""
    place = ", ".join(part for part in (finding.file, row, finding.column) if part)
    return f"{place}: {finding.found}: {finding.problem}; {finding.remedy}"


class _Intake:
    """One reading of a publication's files; what it sees gathers in ``findings``, ``files`` and
    ``controls``.

    ``left_out``: rows and pence of a file that are no rows of the table; ``absent``: columns that a
    file lacks; ``torn``: rows with more values than headings. The last two are told once, and the
    faults that follow are not.
    """

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.sources, self.findings = input_files.find_files(publication)
        self.files: list[InputFile] = []
        self.readings: list[Reading] = []
        self.controls: list[dict[str, object]] = []
        self.left_out: dict[str, tuple[int, int]] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.parts: list[AddedRows] = []
        self.layouts = self._layouts()
        self.absent: set[tuple[str, str]] = set()
        self.torn: set[tuple[str, int | None]] = set()

    def table(self, name: str) -> Table:
        """The contract that a table keeps here: a blank that other sources may leave is no
        fault.
        """
        if name == "postcodes" and input_files.DIRECTORIES in self.sources:
            return postcodes.DIRECTORY
        if name == "suppliers" and {
            input_files.NOTICES,
            input_files.REGISTER,
            input_files.SUPPLIER_REGISTERS,
        } & set(self.sources):
            return supplier_list.SOURCED
        if name == "contracts" and {input_files.NOTICES, input_files.REGISTER} & set(self.sources):
            return awards.FOUND
        return TABLES[name]

    def texts(self, table: Table) -> pd.DataFrame:
        """All files of a table as text under our column names, with ``source_file`` and
        ``source_row``.
        """
        columns = table.names
        none = pd.DataFrame(columns=[*columns, "source_file", "source_row"], dtype="str")
        headings = [
            *columns,
            *(official_deprivation.HEADINGS if table.name == "deprivation" else ()),
        ]
        read = (
            self._payments if table.name == "payments" else partial(read_table, expected=headings)
        )
        parts = []
        for raw in self._raws(table.name, read):
            fitted, faults = self._fitted(raw, table)
            self.findings += faults
            ledger = self.ledgers.get(raw.name)
            pence = sum(row.pence for row in ledger.excluded) if ledger else 0
            self.left_out[raw.name] = (len(raw.frame) - len(fitted.frame), pence)
            self.absent |= {(raw.name, column) for column in columns if column not in fitted.frame}
            part = fitted.frame.reindex(columns=columns, fill_value="")
            file = pa.repeat(raw.name, len(part)).to_pandas().set_axis(part.index)
            parts.append(part.assign(source_file=file, source_row=part.index))
        joined = (
            pd.concat(parts or [none], ignore_index=True)
            if len(parts) != 1
            else parts[0].reset_index(drop=True)
        )
        return joined.astype({"source_row": "int64"})

    def merge(self, texts: dict[str, pd.DataFrame]) -> pd.DataFrame:
        """Add what notices, registers, returns and directories hold; the supplier matches that wait
        for a person.
        """
        merging = Merging(self.publication, self.sources, self._raws)
        merging.merge(texts)
        self.findings += merging.findings
        self.parts = merging.parts
        for key, name, sha256, rows in merging.read:
            held = rows or max((part.rows for part in self.parts if part.file == name), default=0)
            self.files.append(InputFile(key, name, sha256, held))
            if name in merging.used:
                way = pd.Series("used", index=range(merging.used[name]), dtype="str")
                self.controls.append(control_total(self.files[-1], way, None, (held - len(way), 0)))
        return merging.questions

    def correct(self, texts: dict[str, pd.DataFrame]) -> pd.DataFrame:
        """Apply the declared corrections to the text of the tables; the applied ones."""
        applied = pd.DataFrame(columns=list(correcting.COLUMNS))
        for name, path in self.sources.get(input_files.CORRECTIONS, {}).items():
            declared, faults = correcting.read_corrections(path, name)
            applied, more = correcting.apply(texts, declared, name)
            self.findings += [*faults, *more]
            self._keep(input_files.CORRECTIONS, name, path, len(declared))
        return applied

    def frame(self, texts: pd.DataFrame, table: Table) -> pd.DataFrame:
        """The table with exact values, its used rows only; its findings and the control totals of
        its
        files.
        """
        if table.name == "payments" and (self.ledgers or input_files.LAYOUT in self.sources):
            table = payments.LEDGER
        frame, faults = check_table(texts, table, as_in_a_ledger=table is payments.LEDGER)
        way = pd.Series("used", index=frame.index, dtype="str")
        if table.name == "payments":
            way, more = payments.sort_out(frame, self.publication)
            unread = {file for file, column in self.absent if column in NEEDED}
            faults += [fault for fault in more if fault.file not in unread]
        self.findings += [
            fault for fault in faults if (fault.file, fault.column) not in self.absent
        ]
        accounts = [
            (file, self.left_out[file.name], 0) for file in self.files if file.table == table.name
        ]
        accounts += [
            (InputFile(part.table, part.file, "", part.rows), (part.excluded, 0), part.quarantined)
            for part in self.parts
            if part.table == table.name
        ]
        for file, left_out, quarantined in accounts:
            mine = frame["source_file"] == file.name
            pence = frame.loc[mine, table[table.money].frame_name] if table.money else None
            self.controls.append(control_total(file, way[mine], pence, left_out, quarantined))
        used = frame if (way == "used").all() else frame[way == "used"].reset_index(drop=True)
        pounds = [
            column.frame_name
            for column in table.columns
            if column.kind == "pounds" and column.filled
        ]
        return used.astype({column: "int64" for column in pounds if used[column].notna().all()})

    def photos(self, stories: pd.DataFrame) -> dict[str, str]:
        """The photos of stories as data URIs, by story."""
        for name, path in self.sources.get(PHOTOS, {}).items():
            self._keep(PHOTOS, name, path, 0)
        photos, faults = read_photos(stories, self.sources.get(PHOTOS, {}))
        self.findings += faults
        return photos

    def _raws(self, key: str, read: Callable[[Path, str], RawTable]) -> Iterator[RawTable]:
        """The files of one input that can be read, each with something in it and none of them
        twice.
        """
        seen: dict[str, str] = {}
        for name, path in self.sources.get(key, {}).items():
            raw = None
            with told(name, self.findings):
                raw = read(path, name)
            if raw is None:
                continue
            self.findings += raw.notes
            self.torn |= {
                (note.file, note.row) for note in raw.notes if note.severity == "stop" and note.row
            }
            if raw.frame.empty:
                self._stop(name, *EMPTY.get(key, EMPTY_TABLE))
            if raw.sha256 in seen:
                found = f"the same file as {seen[raw.sha256]}, byte for byte"
                self._stop(
                    name, found, "every row in it would count twice", "remove one of the two"
                )
            seen[raw.sha256] = name
            self._keep(key, name, path, len(raw.frame), raw.sha256)
            self.readings.append(
                reading(
                    raw, self.ledgers.get(raw.name), is_guess=input_files.LAYOUT not in self.sources
                )
            )
            yield raw

    def _layouts(self) -> list[Layout]:
        """The layouts of the ledger that the parameters name and that can be read."""
        layouts = []
        for name, path in self.sources.get(input_files.LAYOUT, {}).items():
            with told(name, self.findings):
                layouts.append(read_layout(path, name))
                self._keep(input_files.LAYOUT, name, path, 0)
        return layouts

    def _payments(self, path: Path, name: str) -> RawTable:
        """A file with our headings, or a ledger by the layouts, or by a guess when the parameters
        name
        none.
        """
        if not self.layouts:
            raw = read_table(path, name, TABLES["payments"].names)
            if (
                input_files.LAYOUT in self.sources
                or payments.is_canonical(raw.columns)
                or raw.frame.empty
            ):
                return raw
        ledger = self.ledgers[name] = read_ledger(path, name, self.layouts)
        return replace(ledger.raw, frame=ledger.cells)

    def _fitted(self, raw: RawTable, table: Table) -> tuple[RawTable, list[Finding]]:
        """A file under our names: as it is, by the ledger's layout, or the council's part of the
        official Indices.
        """
        if table.name == "payments" and (ledger := self.ledgers.get(raw.name)):
            return ledger.raw, as_findings(ledger, is_guess=input_files.LAYOUT not in self.sources)
        if table.name == "payments" and input_files.LAYOUT in self.sources:
            return raw, []
        if table.name == "deprivation" and official_deprivation.is_official(raw):
            base, older = self._wards
            return official_deprivation.from_official(
                raw, older if older and official_deprivation.is_older(raw) else base
            )
        return raw, check_headings(raw, table)

    @cached_property
    def _wards(self) -> tuple[dict[str, str], dict[str, str]]:
        """LSOA -> ward, for the wards of the council; and the LSOAs of 2011, when the lookup of
        changes is there.
        """
        wards: dict[str, str] = {}
        older: dict[str, str] = {}
        lookups = [
            (lookup, self.files[-1]) for lookup in self._raws(input_files.LSOA_WARDS, read_table)
        ]
        for lookup, file in sorted(
            lookups, key=lambda pair: official_deprivation.is_change(pair[0])
        ):
            if official_deprivation.is_change(lookup):
                found, faults = official_deprivation.older(lookup, wards)
                older |= found
            else:
                found, faults = official_deprivation.lsoas_of(lookup, self.publication.council)
                wards |= found
            self.findings += faults
            way = pd.Series("used", index=range(len(found)), dtype="str")
            self.controls.append(
                control_total(file, way, None, (len(lookup.frame) - len(found), 0))
            )
        return wards, older

    def _keep(self, table: str, name: str, path: Path, rows: int, sha256: str = "") -> None:
        self.files.append(
            InputFile(table, name, sha256 or hashlib.sha256(path.read_bytes()).hexdigest(), rows)
        )

    def _stop(self, name: str, found: str, problem: str, remedy: str) -> None:
        self.findings.append(Finding("stop", name, None, "", found, problem, remedy))


def control_total(
    file: InputFile,
    way: pd.Series,
    pence: pd.Series | None,
    left_out: tuple[int, int],
    quarantined: int = 0,
) -> dict[str, object]:
    """One line of the control totals. ``way``: of each row, its fate; ``left_out``: rows and pence
    excluded before.

    Raises ValueError when the rows or the pence of the file are not all accounted for.
    """
    before = {"excluded": left_out[0], "quarantined": quarantined}
    rows = {name: int((way == name).sum()) + before.get(name, 0) for name in payments.WAYS}
    money = {
        name: None if pence is None else int(pence[way == name].sum()) for name in payments.WAYS
    }
    if money["excluded"] is not None:
        money["excluded"] += left_out[1]
    pence_in = None if pence is None else int(pence.sum()) + left_out[1]
    if file.rows != sum(rows.values()) or (pence_in or 0) != sum(
        part or 0 for part in money.values()
    ):
        raise ValueError(
            f"{file.name}: {file.rows} rows and {pence_in} pence in, but {rows} and "
            f"{money} accounted for"
        )
    parts = {
        f"{what}_{end}": part[end]
        for end in payments.WAYS
        for what, part in (("rows", rows), ("pence", money))
    }
    return {"file": file.name, "rows_in": file.rows, "pence_in": pence_in, **parts}
