"""From the input files of a publication to typed frames, findings and control totals.

``read_inputs`` is the order of it. Nothing is lost on the way: every row ends as used, excluded
with a reason, or quarantined with a finding.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake import corrections as correcting
from sv_lib.intake import input_files
from sv_lib.intake.contracts import awards
from sv_lib.intake.control_totals import InputFile, as_controls
from sv_lib.intake.cross_table_checks import check_links, read_aliases
from sv_lib.intake.extra_sources import ExtraSources
from sv_lib.intake.file_reader import FileReader
from sv_lib.intake.findings import Finding, counted, in_words
from sv_lib.intake.ledger import payments
from sv_lib.intake.ledger.ledger import Reading
from sv_lib.intake.photos import read_photos
from sv_lib.intake.places import postcodes
from sv_lib.intake.returns import person_keys
from sv_lib.intake.returns.form import Forms, in_form_words, told_once
from sv_lib.intake.suppliers import supplier_list
from sv_lib.intake.table_texts import TableTexts
from sv_lib.intake.table_values import used_rows
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.validation import refuse_unchecked_runs
from sv_lib.params import Publication


@dataclass(frozen=True)
class Inputs:
    """What intake hands on. ``frames``: every table of ``TABLES``, empty when not supplied.

    ``corrections``: those applied. ``supplier_matches``: what a person is to decide. ``readings``:
    how each file was read. ``photos``: data URIs by story. ``forms``: return forms by name.
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
    forms: Forms = field(default_factory=dict)

    @property
    def stops(self) -> list[Finding]:
        """The findings that end a run."""
        return [finding for finding in self.findings if finding.severity == "stop"]

    def with_findings(self, findings: Iterable[Finding]) -> Inputs:
        """The same inputs with more findings."""
        return replace(self, findings=(*self.findings, *findings))


def read_inputs(publication: Publication) -> Inputs:
    """Read everything that the parameters name. All faults in the files become findings together.

    Raises ParameterError for an unknown input, a path that leaves its folder, and checks that are
    switched off.
    """
    refuse_unchecked_runs()

    # 1. Find the files, and read each table as text under our column names.
    reader = FileReader(publication)
    tables = {name: _contract(name, reader.sources) for name in TABLES}
    own_files = TableTexts(reader)
    texts = {name: own_files.read(table) for name, table in tables.items()}
    reader.findings += payments.layout_findings(reader.ledgers)

    # 2. Add what notices, registers, returns and directories hold.
    extra = ExtraSources(reader)
    extra.add_to(texts)
    supplied = _supplied(reader, extra, texts["suppliers"])
    texts["beneficiaries"], said = person_keys.hashed(texts["beneficiaries"], publication)
    reader.findings += said

    # 3. Apply the declared corrections, while the text is still as it stands in the files.
    corrections = _correct(reader, {name: texts[name] for name in supplied})

    # 4. Turn text into exact values under the contract of each table, and account for every row.
    frames = {
        name: used_rows(texts[name], table, own_files, extra.added)
        for name, table in tables.items()
    }
    for name, frame in frames.items():
        reader.findings += read_aliases(frame, tables[name], publication.council)

    # 5. Hold the tables against each other, and the photos against the stories.
    reader.findings += check_links(frames, supplied, publication.inputs, publication.council)
    photos = _photos(reader, frames["stories"])

    return Inputs(
        frames=frames,
        supplied=supplied,
        findings=tuple(_all_findings(reader)),
        controls=as_controls(reader.controls),
        files=tuple(reader.files),
        corrections=corrections,
        supplier_matches=extra.questions,
        readings=tuple(reader.readings),
        photos=photos,
        forms=reader.forms,
    )


def _supplied(reader: FileReader, extra: ExtraSources, suppliers: pd.DataFrame) -> frozenset[str]:
    """The tables that were supplied, in files of their own or by what others add to them."""
    read = {file.table for file in reader.files} | {part.table for part in extra.added}
    # A list that people made by their decisions, or that a register filled, is a list as well.
    if len(suppliers) and read & {input_files.DECISIONS, input_files.SUPPLIER_REGISTERS}:
        read.add("suppliers")
    return frozenset(TABLES) & read


def require(inputs: Inputs) -> Inputs:
    """The inputs, when nothing stops the run.

    Raises InputError, one message with every finding that does.
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


def _contract(name: str, sources: Container[str]) -> Table:
    """The contract of a table; a blank that another source may leave or fill is no fault in it."""
    has_contracts = input_files.NOTICES in sources or input_files.REGISTER in sources
    if name == "postcodes" and input_files.DIRECTORIES in sources:
        return postcodes.DIRECTORY
    completes_suppliers = (input_files.SUPPLIER_REGISTERS, input_files.DECISIONS)
    if name == "suppliers" and (
        has_contracts or any(map(sources.__contains__, completes_suppliers))
    ):
        return supplier_list.SOURCED
    if name == "contracts" and has_contracts:
        return awards.FOUND
    return TABLES[name]


def _correct(reader: FileReader, texts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Apply the declared corrections to the text of the tables; gives those that were applied."""
    applied = pd.DataFrame(columns=list(correcting.COLUMNS))
    for name, path in reader.paths(input_files.CORRECTIONS).items():
        declared, unreadable = correcting.read_corrections(path, name)
        applied, not_applied = correcting.apply(texts, declared, name)
        reader.findings += [*unreadable, *not_applied]
        file = InputFile.at(path, input_files.CORRECTIONS, name, len(declared))
        reader.files.append(file)
    return applied


def _photos(reader: FileReader, stories: pd.DataFrame) -> dict[str, str]:
    """The photos of stories as data URIs, by story."""
    paths = reader.paths(input_files.PHOTOS)
    reader.files += [InputFile.at(path, input_files.PHOTOS, name) for name, path in paths.items()]
    photos, findings = read_photos(stories, paths)
    reader.findings += findings
    return photos


def _all_findings(reader: FileReader) -> list[Finding]:
    """Every finding once, but none on single cells of rows with more values than headings.

    Such a row was told as a whole, and its cells stand under the wrong headings.
    """
    findings = [
        finding
        for finding in reader.findings
        if finding.column == "" or (finding.file, finding.row) not in reader.torn_rows
    ]
    return told_once(in_form_words(findings, reader.forms))
