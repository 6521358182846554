"""What notices, registers, supplier returns and directories add to the tables.

Each file's rows are accounted for: those of a table in ``added``, those of a supplier register in
``used_entries``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from sv_lib.intake import input_files
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import pounds
from sv_lib.intake.contracts.notices import read_notices
from sv_lib.intake.contracts.register import from_register, headings_known
from sv_lib.intake.control_totals import InputFile
from sv_lib.intake.file_reader import FileReader
from sv_lib.intake.files.readers import read_matched_table, read_table
from sv_lib.intake.findings import Finding, file_error, finding, told
from sv_lib.intake.places.boundaries import Boundaries, read_boundaries
from sv_lib.intake.places.postcodes import Directory, bare, read_directory
from sv_lib.intake.returns import portal
from sv_lib.intake.returns.form import read_form
from sv_lib.intake.suppliers.decisions import HEADINGS, read_decisions
from sv_lib.intake.suppliers.matching import MATCH_COLUMNS
from sv_lib.intake.suppliers.public_registers import read_register
from sv_lib.intake.suppliers.supplier_list import SupplierList, numbered_by_name
from sv_lib.params import NOT_KNOWN

Texts = dict[str, pd.DataFrame]
"""Table -> its rows as text."""


class ExtraSources:
    """The additions to the tables of one publication.

    ``added``: rows by table and file. ``files``: every file that was read here; the number of its
    rows may be known later. ``used_entries``: supplier register -> entries that suppliers took
    facts from. ``questions``: supplier matches that wait for a person.
    """

    def __init__(self, reader: FileReader) -> None:
        self.reader = reader
        self.council = reader.publication.council
        self.findings = reader.findings
        self.added: list[AddedRows] = []
        self.files: list[InputFile] = []
        self.used_entries: dict[str, int] = {}
        self.questions = pd.DataFrame(columns=list(MATCH_COLUMNS))

    def add_to(self, texts: Texts) -> None:
        """Add to the tables' text, in this order: later sources complete what earlier ones gave."""
        self._read_contracts()
        self._read_return_forms()
        self._read_portal_exports()
        self._complete_return_log(texts["return_log"])
        texts["payments"]["supplier_id"] = numbered_by_name(texts["payments"], texts["suppliers"])
        new_suppliers = self._join(texts)
        sources = {input_files.SUPPLIER_REGISTERS, input_files.DECISIONS}
        if len(new_suppliers) or sources & self.reader.sources.keys():
            self._complete_suppliers(texts, new_suppliers)
        if input_files.PAYMENT_CONTRACTS in self.reader.sources:
            self._complete_payments(texts["payments"])
        self.findings += _twice(texts["contracts"])
        outlines = self._read_outlines()
        if input_files.DIRECTORIES in self.reader.sources:
            self._read_directories(texts, outlines)
        self._place_work(texts)
        self._record_files()

    def _read_contracts(self) -> None:
        """Contracts, places and suppliers from notices and from a register's export."""
        notices = dict(self._paths(input_files.NOTICES))
        if notices:
            # One procurement may stand in several files, so they are read together.
            with told("; ".join(notices), self.findings):
                self._add(*read_notices(notices, self.council))
        read = partial(read_matched_table, matches=headings_known)
        for raw in self.reader.tables(input_files.REGISTER, read):
            self._add(*from_register(raw))

    def _read_return_forms(self) -> None:
        for name, path in self._paths(input_files.FORMS):
            with told(name, self.findings):
                added, findings, self.reader.forms[name] = read_form(path, name)
                self._add(added, findings)

    def _read_portal_exports(self) -> None:
        """What a portal exported, by the layouts that are kept with the parameters."""
        layouts: list[portal.PortalLayout] = []
        for name, path in self._paths(input_files.PORTAL_LAYOUTS):
            with told(name, self.findings):
                layouts.append(portal.read_layout(path, name))
        headings = [heading for layout in layouts for heading in layout.columns.values()]
        read = partial(read_table, expected=headings)
        for raw in self.reader.tables(input_files.PORTAL, read):
            self._add(*portal.from_export(raw, layouts))

    def _complete_return_log(self, log: pd.DataFrame) -> None:
        """Note forms that came back in the log: a row that waits gets its day.

        Of the rows that forms add to the log, those that it has already are taken out again.
        """
        key = ["contract_id", "quarter_end"]
        logged = pd.MultiIndex.from_frame(log[key].apply(lambda cells: cells.str.strip()))
        for index, part in enumerate(self.added):
            if part.table == "return_log":
                returns = pd.MultiIndex.from_frame(part.frame[key])
                received = dict(zip(returns, part.frame["received_on"], strict=True))
                days = [received.get(row, "") for row in logged]
                is_waiting = log["received_on"].str.strip() == ""
                came = pd.Series(days, index=log.index, dtype="str")
                log["received_on"] = log["received_on"].mask(is_waiting, came)
                is_new = [row not in logged for row in received]
                self.added[index] = part.keeping(part.frame[is_new])

    def _join(self, texts: Texts) -> pd.DataFrame:
        """Put the added rows under those of the tables; the suppliers among them are given back.

        They may be on the council's list under another number, so they wait for the matching.
        """
        suppliers = pd.DataFrame(columns=texts["suppliers"].columns)
        for part in self.added:
            rows = part.frame.assign(source_file=part.file, source_row=part.frame.index)
            rows = rows.reindex(columns=texts[part.table].columns, fill_value="")
            if part.table == "suppliers":
                suppliers = pd.concat([suppliers, rows], ignore_index=True)
            else:
                texts[part.table] = _joined(texts[part.table], rows)
        return suppliers

    def _complete_suppliers(self, texts: Texts, new_suppliers: pd.DataFrame) -> None:
        """One list of suppliers from all sources; contracts get its numbers."""
        read = partial(read_table, expected=HEADINGS)
        decisions, findings = read_decisions(self.reader.tables(input_files.DECISIONS, read))
        suppliers = SupplierList(texts["suppliers"].fillna({"facts_from": ""}), decisions.pairs)
        registers = self.reader.paths(input_files.SUPPLIER_REGISTERS)
        if registers:
            suppliers.add_ledger(texts["payments"])
        suppliers.fill_decided(decisions.facts, texts["payments"])
        suppliers.add_noticed(new_suppliers)
        for name, path in registers.items():
            with told(name, self.findings):
                self._complete_from_register(suppliers, path, name)
        texts["suppliers"] = suppliers.rows
        numbers = texts["contracts"]["supplier_id"].replace(suppliers.renamed)
        texts["contracts"]["supplier_id"] = numbers
        for index, part in enumerate(self.added):
            if part.table == "suppliers":
                self.added[index] = part.keeping(part.frame.iloc[suppliers.dropped[part.file] :])
        self.questions = suppliers.questions
        self.findings += [*findings, *suppliers.findings("the supplier registers")]

    def _complete_payments(self, payments: pd.DataFrame) -> None:
        """Give payments without a contract the one that a person accepted for their supplier."""
        read = partial(read_table, expected=HEADINGS)
        tables = self.reader.tables(input_files.PAYMENT_CONTRACTS, read)
        decisions, findings = read_decisions(tables)
        accepted: dict[str, list[str]] = {}
        for (supplier, contract), decision in decisions.pairs.items():
            if decision == "accept":
                accepted.setdefault(supplier, []).append(contract)
        for supplier, contracts in accepted.items():
            if len(contracts) > 1:
                place = (input_files.PAYMENT_CONTRACTS, None, "decision")
                several = ", ".join(contracts)
                found = finding(
                    "contracts.two_for_payments", *place, supplier=supplier, contracts=several
                )
                findings.append(found)
        only = {supplier: found[0] for supplier, found in accepted.items() if len(found) == 1}
        suppliers = payments["supplier_id"].str.strip()
        is_open = (payments["contract_id"].str.strip() == "") & suppliers.isin(list(only))
        if is_open.any():
            payments.loc[is_open, "contract_id"] = suppliers[is_open].map(only)
        self.findings += findings

    def _complete_from_register(self, suppliers: SupplierList, path: Path, name: str) -> None:
        """Fill blanks of the list from one supplier register."""
        register, selected = read_register(path, name, suppliers.rows)
        used = suppliers.complete(register, name)
        self.used_entries[name] = used
        key = input_files.SUPPLIER_REGISTERS
        self.files.append(InputFile.at(path, key, name, selected.rows))
        said = finding("suppliers.register_used", name, used=used, entries=selected.rows)
        self.findings.append(said)

    def _read_outlines(self) -> Boundaries | None:
        """The outlines of the wards, where council.yaml names a file of them that can be read."""
        declared = self.council.boundaries
        if not declared:
            return None
        with told(declared, self.findings):
            path = input_files.locate(self.reader.publication, declared)
            if not path.is_file():
                raise input_files.not_there(path, declared, input_files.BOUNDARIES)
            outlines = read_boundaries(path, declared)
            wards = self.council.wards
            missing = [ward.name for ward in wards if ward.code not in outlines.codes]
            if missing:
                slots = {"vintage": outlines.vintage, "wards": ", ".join(missing)}
                raise file_error("boundaries.ward_missing", declared, **slots)
            self.files.append(
                InputFile.at(path, input_files.BOUNDARIES, declared, len(outlines.codes))
            )
            return outlines
        return None

    def _read_directories(self, texts: Texts, outlines: Boundaries | None) -> None:
        """Postcodes of suppliers and places of work, and all postcodes of the district."""
        needed = {*texts["suppliers"]["postcode"], *texts["supply_chain"]["postcode"]}
        for place in texts["contract_places"]["place"]:
            needed.update(place.split(";"))
        directories = []
        for name, path in self._paths(input_files.DIRECTORIES):
            with told(name, self.findings):
                directory = read_directory(path, name, needed, self.council, outlines)
                directories.append(directory)
                self._add_postcodes(texts, directory, name)
        districts = self.council.own_districts
        with_districts = any(directory.tells_district for directory in directories)
        with_ours = any(part.frame["lad_code"].isin(districts).any() for part in directories)
        if with_districts and not with_ours:
            place = (input_files.DIRECTORIES, None, "postcode")
            district = self.council.lad_code
            self.findings.append(finding("postcodes.no_district", *place, district=district))

    def _add_postcodes(self, texts: Texts, directory: Directory, name: str) -> None:
        """Add the postcodes that no earlier file gave."""
        known = set(texts["postcodes"]["postcode"].map(bare))
        is_known = directory.frame["postcode"].map(bare).isin(known)
        new = directory.frame[~is_known].drop_duplicates("postcode")
        self._add([AddedRows("postcodes", name, new, directory.rows - len(new))], [])
        self.findings += directory.findings
        rows = new.assign(source_file=name, source_row=new.index)
        texts["postcodes"] = _joined(texts["postcodes"], rows)

    def _place_work(self, texts: Texts) -> None:
        """Wards of the postcodes that notices and registers name as places of work.

        Several wards, or none that is found, are not known.
        """
        files = [part.file for part in self.added if part.table == "contract_places"]
        if not files:
            return
        place_of = self._place_of_postcodes(texts["postcodes"])

        def place(cell: str) -> str:
            places = {place_of.get(bare(postcode), NOT_KNOWN) for postcode in cell.split(";")}
            return places.pop() if len(places) == 1 else NOT_KNOWN

        places = texts["contract_places"]
        is_added = places["source_file"].isin(files)
        places["place"] = places["place"].mask(is_added, places["place"].map(place))

    def _place_of_postcodes(self, postcodes: pd.DataFrame) -> dict[str, str]:
        """Postcode without spaces -> ward of the council, outside, or not known."""
        council_wards = [ward.code for ward in self.council.wards]
        place = postcodes["ward_code"].where(postcodes["ward_code"].isin(council_wards), NOT_KNOWN)
        place = place.where(postcodes["lad_code"].isin(self.council.own_districts), "outside")
        return dict(zip(postcodes["postcode"].map(bare), place, strict=True))

    def _record_files(self) -> None:
        """Record every file that was read here, now that all their rows are known."""
        for file in self.files:
            rows = [part.rows for part in self.added if part.file == file.name]
            whole = InputFile(file.table, file.name, file.sha256, file.rows or max(rows, default=0))
            self.reader.files.append(whole)
            if file.name in self.used_entries:
                self.reader.account(whole, self.used_entries[file.name])

    def _paths(self, key: str) -> Iterator[tuple[str, Path]]:
        """The files of a key, each recorded as read. One that is there twice stops."""
        first_of: dict[str, str] = {}
        for name, path in self.reader.paths(key).items():
            file = InputFile.at(path, key, name)
            self.files.append(file)
            first = first_of.setdefault(file.sha256, name)
            if first != name:
                self.findings.append(finding("files.same_twice", name, first=first))
            yield name, path

    def _add(self, added: list[AddedRows], findings: list[Finding]) -> None:
        self.added += added
        self.findings += findings


def _joined(texts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows under those of the table's own files."""
    fitted = rows.reindex(columns=texts.columns, fill_value="").astype(texts.dtypes.to_dict())
    return pd.concat([texts, fitted], ignore_index=True)


def _twice(contracts: pd.DataFrame) -> Iterator[Finding]:
    """Contracts of one supplier and value in two files: one may be a notice of the other."""
    values = contracts["value"].map(pounds).astype("str")
    once = contracts.assign(value=values).drop_duplicates("contract_id")
    named = once[once["supplier_id"] != ""]
    for _, alike in named.groupby(["supplier_id", "value"], sort=False, dropna=False):
        if alike["source_file"].nunique() > 1:
            first, other = alike.drop_duplicates("source_file").head(2).to_dict("records")
            yield finding(
                "contracts.twice",
                other["source_file"],
                other["source_row"],
                contract=other["contract_id"],
                first=first["contract_id"],
                first_file=first["source_file"],
            )
