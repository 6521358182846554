"""The tables as text under our column names, from whatever headings the files have."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa

from sv_lib.intake import input_files
from sv_lib.intake.control_totals import InputFile
from sv_lib.intake.file_reader import FileReader, Read
from sv_lib.intake.files.readers import RawTable, read_table
from sv_lib.intake.findings import Finding, told
from sv_lib.intake.ledger import payments
from sv_lib.intake.ledger.layout import Layout, read_layout
from sv_lib.intake.ledger.ledger import as_findings
from sv_lib.intake.ledger.payment_rows import read_ledger, says_nil
from sv_lib.intake.places import official_deprivation
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.intake.tables.validation import check_headings

Wards = dict[str, str]
"""LSOA -> ward."""


class TableTexts:
    """Reads a table's own files.

    ``left_out``: file -> rows and pence that are no rows of the table, such as the totals of a
    ledger. ``absent``: (file, column) of every column that a file lacks; the finding that says so
    stands for all that follows from it.
    """

    def __init__(self, reader: FileReader) -> None:
        self.reader = reader
        self.layouts = self._layouts()
        self.left_out: dict[str, tuple[int, int]] = {}
        self.absent: set[tuple[str, str]] = set()

    def read(self, table: Table) -> pd.DataFrame:
        """All files of a table below each other, with ``source_file`` and ``source_row``."""
        headings = list(table.names)
        if table.name == "deprivation":
            headings += official_deprivation.HEADINGS

        def read_own(path: Path, name: str) -> RawTable:
            return read_table(path, name, headings, input_files.sheet_of(name, table.name))

        read: Read = read_own
        if table.name == "payments":
            read = self._read_payments
        raws = self.reader.tables(table.name, read)
        parts = [self._part(raw, table) for raw in raws]
        if not parts:
            return _without_rows(table).copy()
        # One file, as most tables have, is not copied.
        joined = parts[0] if len(parts) == 1 else pd.concat(parts)
        return joined.reset_index(drop=True)

    def _part(self, raw: RawTable, table: Table) -> pd.DataFrame:
        """One file under our column names; a column that it lacks is blank."""
        fitted, findings = self._fitted(raw, table)
        self.reader.findings += findings
        ledger = self.reader.ledgers.get(raw.name)
        pence = sum(row.pence for row in ledger.excluded) if ledger else 0
        self.left_out[raw.name] = (len(raw.frame) - len(fitted.frame), pence)
        self.absent |= {(raw.name, column) for column in table.names if column not in fitted.frame}
        part = fitted.frame.reindex(columns=table.names, fill_value="")
        # Made in Arrow, a name repeated for 100,000 rows takes no time.
        file = pa.repeat(raw.name, len(part)).to_pandas().set_axis(part.index)
        return part.assign(source_file=file, source_row=part.index.astype("int64"))

    def _fitted(self, raw: RawTable, table: Table) -> tuple[RawTable, list[Finding]]:
        """A file's rows that are rows of the table, and what is wrong with its headings."""
        ledger = self.reader.ledgers.get(raw.name)
        if ledger and table.name == "payments":
            return ledger.raw, as_findings(ledger, is_guess=not self.reader.has_layout)
        if table.name == "payments" and self.reader.has_layout:
            return raw, []
        if table.name == "deprivation" and official_deprivation.is_official(raw):
            wards, older_wards = self._wards
            if older_wards and official_deprivation.is_older(raw):
                wards = older_wards
            return official_deprivation.from_official(raw, wards)
        return raw, check_headings(raw, table)

    def _layouts(self) -> list[Layout]:
        """The layouts of the ledger that the parameters name and that can be read."""
        layouts = []
        for name, path in self.reader.paths(input_files.LAYOUT).items():
            with told(name, self.reader.findings):
                layouts.append(read_layout(path, name))
                self.reader.files.append(InputFile.at(path, input_files.LAYOUT, name))
        return layouts

    def _read_payments(self, path: Path, name: str) -> RawTable:
        """A file with our headings, or a ledger by the layouts, or by a guess where none is named.

        Every row that holds anything is in the result; the rows of the ledger that are payments are
        in ``reader.ledgers``.
        """
        if not self.layouts:
            raw = read_table(path, name, PAYMENTS.names)
            has_our_headings = payments.is_canonical(raw.columns)
            is_empty = raw.frame.empty and not says_nil(raw)
            if self.reader.has_layout or has_our_headings or is_empty:
                return raw
        ledger = read_ledger(path, name, self.layouts)
        self.reader.ledgers[name] = ledger
        return replace(ledger.raw, frame=ledger.cells)

    @cached_property
    def _wards(self) -> tuple[Wards, Wards]:
        """LSOA -> ward, for the LSOAs of today, and of 2011 where their lookup is there."""
        wards: Wards = {}
        older: Wards = {}
        read = self.reader.tables(input_files.LSOA_WARDS, read_table)
        lookups = [(lookup, self.reader.files[-1]) for lookup in read]
        # A change of LSOAs is told in today's, so the lookup of today's wards has to come first.
        lookups.sort(key=lambda pair: official_deprivation.is_change(pair[0]))
        for lookup, file in lookups:
            if official_deprivation.is_change(lookup):
                found, findings = official_deprivation.older(lookup, wards)
                older |= found
            else:
                council = self.reader.publication.council
                found, findings = official_deprivation.lsoas_of(lookup, council)
                wards |= found
            self.reader.findings += findings
            self.reader.account(file, used=len(found))
        return wards, older


@cache
def _without_rows(table: Table) -> pd.DataFrame:
    """The text of a table of which there is no file, as of most tables."""
    texts = pd.DataFrame(columns=[*table.names, "source_file"], dtype="str")
    return texts.assign(source_row=pd.Series(dtype="int64"))
