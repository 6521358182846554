"""One list of suppliers from the council's own, the ledger, notices and registers. Each fact says
where it is from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, counted
from sv_lib.intake.ledger.payment_rows import ids_by_name
from sv_lib.intake.suppliers.matching import (
    MATCH_COLUMNS,
    Matches,
    Pair,
    charity_number,
    company_number,
    match,
)
from sv_lib.intake.tables.columns import Column
from sv_lib.intake.tables.dictionary import IS_SME, SUPPLIERS
from sv_lib.intake.tables.validation import listed

FACTS = ("company_number", "charity_number", "postcode", "size", "is_sme", "is_vcse")
FLAGS = ("company_number", "charity_number", "size", "is_sme", "is_vcse")
"""Facts that cannot differ between sources; a postcode may, because a firm trades from more places
than one.
"""
DECIDED = "supplier_matches.csv"
SOURCED = replace(
    SUPPLIERS,
    columns=(
        *SUPPLIERS.columns,
        Column("facts_from", "text", "where its facts come from", optional=True),
    ),
)
"""The list when other sources complete it: a blank in ``facts_from`` stands for the council's own
list.
"""


@dataclass
class SupplierList:
    """The list as it grows. ``rows``: the text of table suppliers; ``dropped``: rows of a file
    merged
    into others.

    ``settled``: suppliers known for certain in some register, so that no other is asked about.
    """

    rows: pd.DataFrame
    decisions: Mapping[Pair, str]
    renamed: dict[str, str] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    asked: list[pd.DataFrame] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    conflicts: list[Finding] = field(default_factory=list)

    def add_ledger(self, payments: pd.DataFrame) -> None:
        """Suppliers of the ledger that the list does not have."""
        there = set(self.rows["supplier_id"].str.strip())
        columns = ["supplier_id", "supplier_name", "source_file", "source_row"]
        paid = payments[columns].assign(supplier_id=payments["supplier_id"].str.strip())
        new = paid[(paid["supplier_id"] != "") & ~paid["supplier_id"].isin(there)].drop_duplicates(
            "supplier_id"
        )
        self._append(new.assign(facts_from="the ledger"))

    def add_noticed(self, noticed: pd.DataFrame) -> None:
        """Suppliers of notices: one that is on the list completes it, the others are added."""
        once = noticed.drop_duplicates("supplier_id")
        names = {"supplier_id": "found_id", "supplier_name": "found_name"}
        base = self.rows.drop_duplicates("supplier_id").rename(columns=names)
        found = self._matched(once, base.assign(is_former=False))
        self.renamed |= {supplier: entry for supplier, (entry, _) in found.certain.items()}
        entry_of = {supplier: (entry, how) for entry, (supplier, how) in found.certain.items()}
        for file, rows in noticed.groupby("source_file", sort=False):
            merged = rows[
                rows["supplier_id"].isin(list(self.renamed)) | ~rows.index.isin(once.index)
            ]
            self.dropped[str(file)] += len(merged)
            self._fill(
                entry_of, rows.rename(columns={"supplier_id": "found_id"}), f"notices ({file})"
            )
        new = once[~once["supplier_id"].isin(list(self.renamed))]
        self._append(new.assign(facts_from="notices (" + new["source_file"] + ")"))

    def complete(self, register: pd.DataFrame, name: str) -> int:
        """Fill blank facts from the entries of a register; how many entries were used."""
        found = self._matched(self.rows.drop_duplicates("supplier_id"), register)
        self._fill(found.certain, register[~register["is_former"]], name)
        return len({entry for entry, _ in found.certain.values()})

    def _append(self, new: pd.DataFrame) -> None:
        new = new.reindex(columns=self.rows.columns, fill_value="").fillna("")
        self.rows = pd.concat(
            [self.rows, new.astype(self.rows.dtypes.to_dict())], ignore_index=True
        )

    def _matched(self, suppliers: pd.DataFrame, register: pd.DataFrame) -> Matches:
        found = match(_numbered(suppliers), _numbered(register), self.decisions)
        self.asked.append(found.open)
        self.settled |= set(found.certain)
        return found

    def _fill(
        self, certain: dict[str, tuple[str, str]], entries: pd.DataFrame, source: str
    ) -> None:
        """Blank facts of suppliers from their entries. ``certain``: supplier -> its entry and how
        it
        is known.
        """
        known = entries.drop_duplicates("found_id").set_index("found_id")
        ids = self.rows["supplier_id"].str.strip()
        pairs = [certain.get(supplier, ("", "")) for supplier in ids]
        entry_of = pd.Series([entry for entry, _ in pairs], index=ids.index, dtype="str")
        because = pd.Series(
            [f" from {source}, by {how}" for _, how in pairs], index=ids.index, dtype="str"
        )
        filled = pd.Series("", index=self.rows.index, dtype="str")
        for fact in [fact for fact in FACTS if fact in known.columns]:
            value = entry_of.map(known[fact]).astype("str").fillna("")
            own = self.rows[fact].str.strip()
            if fact == "is_sme":
                own = own.where(
                    own != "", self.rows["size"].str.strip().str.lower().map(IS_SME).fillna("")
                )
            is_filled = own.str.lower().isin(["", "not known"]) & (value != "")
            if fact in FLAGS:
                is_other = ~is_filled & (value != "") & (own.map(_alike) != value.map(_alike))
                self._differ(fact, own[is_other], value[is_other], source)
            self.rows[fact] = self.rows[fact].mask(is_filled, value)
            filled = filled.mask(is_filled, filled + ", " + fact)
        said = (self.rows["facts_from"] + "; " + filled.str.slice(2) + because).str.lstrip("; ")
        self.rows["facts_from"] = self.rows["facts_from"].mask(filled != "", said)

    def _differ(self, fact: str, own: pd.Series, found: pd.Series, source: str) -> None:
        """Facts of the list that a source contradicts."""
        rows = self.rows.loc[own.index].assign(**{fact: own})
        problem = "the list says one thing and the source another; the list is used"
        words = problem, f"see which is right; correct the list, or refuse the match in {DECIDED}"
        said = "'" + own + "' for " + rows["supplier_id"] + ", and '" + found + f"' in {source}"
        self.conflicts += listed(rows, fact, said, lambda _: words, "warn")

    @property
    def questions(self) -> pd.DataFrame:
        """What a person is to decide, as ``supplier_matches.csv``: each pair once, the likeliest
        first.
        """
        empty = pd.DataFrame(columns=list(MATCH_COLUMNS))
        asked = pd.concat([empty, *[part for part in self.asked if len(part)]], ignore_index=True)
        asked = asked[~asked["supplier_id"].isin(list(self.settled))].drop_duplicates(
            ["supplier_id", "found_id"]
        )
        return asked.sort_values(
            ["score", "supplier_id", "found_id"], ascending=[False, True, True], ignore_index=True
        )

    def findings(self, file: str) -> Iterator[Finding]:
        """Facts that differ between sources, and how many matches wait for a person."""
        yield from self.conflicts
        if count := len(self.questions):
            problem = "likely matches that are not certain, so nothing is taken from them"
            remedy = (
                "run 'svreport check' with --matches FILE, decide, and name the file under "
                "'supplier_decisions'"
            )
            yield Finding("warn", file, None, "", counted(count, "question"), problem, remedy)


def numbered_by_name(payments: pd.DataFrame, suppliers: pd.DataFrame) -> pd.Series:
    """The supplier's number of each payment; of one known by name alone that of the only supplier
    so
    named.
    """
    ids = ids_by_name(suppliers["supplier_name"].str.strip())
    only = suppliers[~ids.duplicated(keep=False) & (ids != "")]
    numbers = dict(zip(ids[only.index], only["supplier_id"], strict=True))
    given = payments["supplier_id"]
    distinct = given.unique()
    if not any(number in numbers for number in distinct):
        return given
    return given.map({number: numbers.get(number, number) for number in distinct})


def read_decisions(tables: Iterable[RawTable]) -> tuple[dict[Pair, str], list[Finding]]:
    """What people decided: (supplier, entry) -> accept or refuse; of several, the latest. A blank
    is
    still open.
    """
    latest: dict[Pair, tuple[str, str]] = {}
    found = []
    for raw in tables:
        if absent := [column for column in MATCH_COLUMNS if column not in raw.columns]:
            said, problem = (
                f"there is no column '{absent[0]}'",
                "a decision needs all of supplier_matches.csv",
            )
            remedy = "decide in the file as it was written"
            found.append(
                Finding("stop", raw.name, raw.header_row, absent[0], said, problem, remedy)
            )
            continue
        for row in raw.frame.assign(at=raw.frame.index).to_dict("records"):
            decision, by, on = (
                str(row[column]).strip() for column in ("decision", "decided_by", "decided_on")
            )
            if not decision:
                continue
            if decision.lower() not in ("accept", "refuse") or not by or not _is_day(on):
                said, problem = (
                    f"'{decision}' by '{by}' on '{on}'",
                    "a decision is accept or refuse, signed and dated",
                )
                remedy = (
                    "write accept or refuse, the role that decided and a date such as 2024-03-31"
                )
                found.append(
                    Finding("stop", raw.name, int(row["at"]), "decision", said, problem, remedy)
                )
                continue
            pair = (str(row["supplier_id"]).strip(), str(row["found_id"]).strip())
            latest[pair] = max(latest.get(pair, ("", "")), (on, decision.lower()))
    return {pair: decision for pair, (_, decision) in latest.items()}, found


def _alike(fact: str) -> str:
    """A fact as it is compared: numbers with their zeros, the words of a yes or no as one."""
    short = fact.lower()
    return company_number(fact) or {"y": "yes", "true": "yes", "n": "no", "false": "no"}.get(
        short, short
    )


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with padded numbers, as they are matched."""
    return rows.assign(
        company_number=rows["company_number"].map(company_number),
        charity_number=rows["charity_number"].map(charity_number),
    )
