"""What notices, registers, supplier returns and directories add to the tables, with an account of
each
file's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake import input_files
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import pounds
from sv_lib.intake.contracts.notices import read_notices
from sv_lib.intake.contracts.register import WORDS, from_register
from sv_lib.intake.files.readers import RawTable, read_table
from sv_lib.intake.findings import Finding, told
from sv_lib.intake.places.boundaries import Boundaries, read_boundaries
from sv_lib.intake.places.postcodes import bare, read_directory
from sv_lib.intake.returns import portal
from sv_lib.intake.returns.form import read_form
from sv_lib.intake.suppliers.matching import MATCH_COLUMNS
from sv_lib.intake.suppliers.public_registers import read_register
from sv_lib.intake.suppliers.supplier_list import SupplierList, numbered_by_name, read_decisions
from sv_lib.memory import sha256_of
from sv_lib.params import Publication

BOUNDARIES = "boundaries"
Raws = Callable[[str, Callable[[Path, str], RawTable]], Iterable[RawTable]]
Texts = dict[str, pd.DataFrame]


class Merging:
    """One publication's additions. ``parts``: rows by table and file; ``read``: key, name, hash and
    rows of a file.

    ``used``: of a supplier register, the entries that suppliers took facts from.
    """

    def __init__(
        self, publication: Publication, sources: dict[str, dict[str, Path]], raws: Raws
    ) -> None:
        self.publication, self.sources, self.raws = publication, sources, raws
        self.parts: list[AddedRows] = []
        self.read: list[tuple[str, str, str, int]] = []
        self.used: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.questions = pd.DataFrame(columns=list(MATCH_COLUMNS))

    def merge(self, texts: Texts) -> None:
        """Add to the tables' text: contracts and their suppliers, returns, then what completes
        suppliers and places.
        """
        self._contracts()
        for name, path in self._files(input_files.FORMS):
            with told(name, self.findings):
                self._add(*read_form(path, name))
        self._exports()
        self._log(texts["return_log"])
        texts["payments"]["supplier_id"] = numbered_by_name(texts["payments"], texts["suppliers"])
        noticed = pd.DataFrame(columns=texts["suppliers"].columns)
        for part in self.parts:
            rows = part.frame.assign(source_file=part.file, source_row=part.frame.index)
            rows = rows.reindex(columns=texts[part.table].columns, fill_value="")
            if part.table == "suppliers":
                noticed = pd.concat([noticed, rows], ignore_index=True)
            else:
                texts[part.table] = _joined(texts[part.table], rows)
        if len(noticed) or input_files.SUPPLIER_REGISTERS in self.sources:
            self._suppliers(texts, noticed)
        self.findings += _twice(texts["contracts"])
        outlines = None
        if declared := self.publication.council.boundaries:
            with told(declared, self.findings):
                outlines = self._outlines(declared)
        if input_files.DIRECTORIES in self.sources:
            self._directories(texts, outlines)
        self._places(texts)

    def _contracts(self) -> None:
        if files := dict(self._files(input_files.NOTICES)):
            with told("; ".join(files), self.findings):
                self._add(*read_notices(files, self.publication.council))
        for raw in self.raws(
            input_files.REGISTER, partial(read_table, expected=WORDS.usual_headings)
        ):
            self._add(*from_register(raw))

    def _exports(self) -> None:
        """What a portal exported, by the layouts that are kept with the parameters."""
        layouts: list[portal.PortalLayout] = []
        for name, path in self._files(input_files.PORTAL_LAYOUTS):
            with told(name, self.findings):
                layouts.append(portal.read_layout(path, name))
        headings = [heading for layout in layouts for heading in layout.columns.values()]
        for raw in self.raws(input_files.PORTAL, partial(read_table, expected=headings)):
            self._add(*portal.from_export(raw, layouts))

    def _log(self, log: pd.DataFrame) -> None:
        """Forms that came back, in the log of returns: a row that waits gets its day, one that is
        missing is added.
        """
        key = ["contract_id", "quarter_end"]
        known = pd.MultiIndex.from_frame(log[key].apply(lambda cells: cells.str.strip()))
        for at, part in enumerate(self.parts):
            if part.table != "return_log":
                continue
            days = dict(
                zip(
                    pd.MultiIndex.from_frame(part.frame[key]),
                    part.frame["received_on"],
                    strict=True,
                )
            )
            came = pd.Series([days.get(pair, "") for pair in known], index=log.index, dtype="str")
            log["received_on"] = log["received_on"].mask(log["received_on"].str.strip() == "", came)
            self.parts[at] = part.keeping(part.frame[[pair not in known for pair in days]])

    def _suppliers(self, texts: Texts, noticed: pd.DataFrame) -> None:
        """One list of suppliers; contracts get its numbers."""
        decisions, faults = read_decisions(
            self.raws(input_files.DECISIONS, partial(read_table, expected=MATCH_COLUMNS))
        )
        joined = SupplierList(texts["suppliers"].fillna({"facts_from": ""}), decisions)
        registers = self.sources.get(input_files.SUPPLIER_REGISTERS, {})
        if registers:
            joined.add_ledger(texts["payments"])
        joined.add_noticed(noticed)
        for name, path in registers.items():
            with told(name, self.findings):
                self._complete(joined, path, name)
        texts["suppliers"] = joined.rows
        texts["contracts"]["supplier_id"] = texts["contracts"]["supplier_id"].replace(
            joined.renamed
        )
        for at, part in enumerate(self.parts):
            if part.table == "suppliers":
                self.parts[at] = part.keeping(part.frame.iloc[joined.dropped[part.file] :])
        self.questions = joined.questions
        self.findings += [*faults, *joined.findings("the supplier registers")]

    def _complete(self, joined: SupplierList, path: Path, name: str) -> None:
        register, selected = read_register(path, name, joined.rows)
        used = self.used[name] = joined.complete(register, name)
        self.read.append((input_files.SUPPLIER_REGISTERS, name, sha256_of(path), selected.rows))
        said = f"{used:,} of {selected.rows:,} entries are suppliers for certain"
        problem = "their facts fill blanks in the list"
        self.findings.append(Finding("note", name, None, "", said, problem, "nothing to do"))

    def _directories(self, texts: Texts, outlines: Boundaries | None) -> None:
        """Postcodes of suppliers, of their suppliers and of places of work, and all of the
        district.
        """
        needed = {*texts["suppliers"]["postcode"], *texts["supply_chain"]["postcode"]}
        needed |= {
            postcode for place in texts["contract_places"]["place"] for postcode in place.split(";")
        }
        is_told, has_ours = False, False
        for name, path in self._files(input_files.DIRECTORIES):
            before = set(texts["postcodes"]["postcode"].map(bare))
            with told(name, self.findings):
                found = read_directory(path, name, needed, self.publication.council, outlines)
                new = found.frame[~found.frame["postcode"].map(bare).isin(before)].drop_duplicates(
                    "postcode"
                )
                self.parts.append(AddedRows("postcodes", name, new, found.rows - len(new)))
                self.findings += found.findings
                is_told |= found.tells_district
                has_ours |= bool(
                    (found.frame["lad_code"] == self.publication.council.lad_code).any()
                )
                rows = new.assign(source_file=name, source_row=new.index)
                texts["postcodes"] = _joined(texts["postcodes"], rows)
        if is_told and not has_ours:
            code = self.publication.council.lad_code
            problem = (
                "nothing would be placed in the council's area: its district has another "
                "code there, or none"
            )
            remedy = "use the directory of the codes in council.yaml, or correct them there"
            said = f"no postcode in {code}"
            self.findings.append(
                Finding("stop", input_files.DIRECTORIES, None, "postcode", said, problem, remedy)
            )

    def _outlines(self, declared: str) -> Boundaries:
        path = input_files.locate(self.publication, declared)
        outlines = read_boundaries(path, declared)
        missing = [
            ward.name for ward in self.publication.council.wards if ward.code not in outlines.codes
        ]
        if missing:
            found = f"{outlines.vintage}: no outline of {', '.join(missing)}"
            problem = (
                "these wards would be missing from the map, and no postcode would be placed in them"
            )
            remedy = "use the boundaries of the years of the ward codes in council.yaml"
            raise InputError(declared, found, problem, remedy)
        self.read.append((BOUNDARIES, declared, sha256_of(path), len(outlines.codes)))
        return outlines

    def _places(self, texts: Texts) -> None:
        """The wards of the postcodes that work is delivered to; not known where there are several
        or
        none is found.
        """
        files = [part.file for part in self.parts if part.table == "contract_places"]
        if not files:
            return
        council, rows = self.publication.council, texts["postcodes"]
        wards = {ward.code for ward in council.wards}
        place_of = {}
        for postcode, ward, lad in zip(
            rows["postcode"].map(bare), rows["ward_code"], rows["lad_code"], strict=True
        ):
            at_home = ward if ward in wards else "not known"
            place_of[postcode] = at_home if lad == council.lad_code else "outside"
        places = texts["contract_places"]
        is_given = places["source_file"].isin(files)
        found = places["place"].map(
            lambda cell: {place_of.get(bare(p), "not known") for p in cell.split(";")}
        )
        named = found.map(lambda every: every.pop() if len(every) == 1 else "not known")
        places["place"] = places["place"].mask(is_given, named)

    def _files(self, key: str) -> Iterator[tuple[str, Path]]:
        """The files of a key, each listed as read; its rows are those of its parts."""
        for name, path in self.sources.get(key, {}).items():
            self.read.append((key, name, sha256_of(path), 0))
            yield name, path

    def _add(self, parts: list[AddedRows], findings: list[Finding]) -> None:
        self.parts += parts
        self.findings += findings


def _joined(texts: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows under those of the table's own files."""
    fitted = rows.reindex(columns=texts.columns, fill_value="").astype(texts.dtypes.to_dict())
    return pd.concat([texts, fitted], ignore_index=True)


def _twice(contracts: pd.DataFrame) -> Iterator[Finding]:
    """Contracts of one supplier and value that stand in two files: the register's own and a notice
    of
    it, perhaps.
    """
    alike = contracts.assign(value=contracts["value"].map(pounds).astype("str")).drop_duplicates(
        "contract_id"
    )
    for _, rows in alike.groupby(["supplier_id", "value"], sort=False):
        if rows["source_file"].nunique() > 1 and rows["supplier_id"].iloc[0]:
            first, other = rows.drop_duplicates("source_file").head(2).to_dict("records")
            said = f"{other['contract_id']} and {first['contract_id']} of {first['source_file']}"
            problem = "one supplier and one value: if they are one contract, it counts twice"
            remedy = "take it out of one of the files; leave both when they are two contracts"
            yield Finding(
                "warn", other["source_file"], int(other["source_row"]), "", said, problem, remedy
            )
