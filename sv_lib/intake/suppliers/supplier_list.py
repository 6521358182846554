"""One list of suppliers: the council's own, completed from the ledger, notices and registers.

Every fact says where it comes from. The council's own facts are never replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from sv_lib.intake.findings import Finding, Record, counted, finding, findings_by_row
from sv_lib.intake.ledger.our_columns import ids_by_name
from sv_lib.intake.suppliers.matching import (
    DECIDED,
    Matches,
    Pair,
    charity_number,
    company_number,
    match,
)
from sv_lib.intake.tables.columns import Column
from sv_lib.intake.tables.dictionary import IS_SME, SUPPLIERS

FACTS = ("company_number", "charity_number", "postcode", "size", "is_sme", "is_vcse")
FILLED = (*FACTS, "is_sole_trader")
"""Facts that a source may fill: only a person says who trades alone."""
ONE_WORD = {"y": "yes", "true": "yes", "n": "no", "false": "no"}
FACTS_FROM = Column("facts_from", "text", "where its facts come from", optional=True)
SOURCED = replace(SUPPLIERS, columns=(*SUPPLIERS.columns, FACTS_FROM))
"""The list when other sources complete it. A blank in ``facts_from`` stands for the council's own
list.
"""


@dataclass
class SupplierList:
    """The list as it grows.

    ``rows``: the text of the table suppliers. ``renamed``: supplier of a notice -> supplier of the
    list. ``dropped``: how many rows of a file were merged into others. ``settled``: suppliers known
    for certain in some register, about which no other register asks.
    """

    rows: pd.DataFrame
    decisions: Mapping[Pair, str]
    renamed: dict[str, str] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    asked: list[pd.DataFrame] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    conflicts: list[Finding] = field(default_factory=list)

    def add_ledger(self, payments: pd.DataFrame) -> None:
        """Add the suppliers of the ledger that the list does not have."""
        ids = payments["supplier_id"].str.strip()
        listed = self.rows["supplier_id"].str.strip()
        is_new = (ids != "") & ~ids.isin(listed)
        columns = ["supplier_id", "supplier_name", "source_file", "source_row"]
        new = payments.loc[is_new, columns].assign(supplier_id=ids[is_new])
        self._append(new.drop_duplicates("supplier_id"), "the ledger")

    def fill_decided(self, facts: pd.DataFrame, payments: pd.DataFrame) -> None:
        """Fill the facts that people typed; suppliers of the ledger among theirs join the list.

        ``facts``: as ``Decisions`` has them. A supplier that is nowhere is reported.
        """
        ids = facts["found_id"]
        self.add_ledger(payments[payments["supplier_id"].str.strip().isin(ids)])
        decided = {supplier: (supplier, DECIDED) for supplier in ids}
        for file, rows in facts.groupby("source_file", sort=False):
            self._fill(decided, rows, str(file), is_typed=True)
        is_known = ids.isin(self.rows["supplier_id"].str.strip())
        strange = facts[~is_known].rename(columns={"found_id": "supplier_id"})
        self.conflicts += findings_by_row("suppliers.decided_stranger", strange, "supplier_id")

    def add_noticed(self, noticed: pd.DataFrame) -> None:
        """Add the suppliers of notices. Those that are on the list complete it instead."""
        is_repeated = noticed["supplier_id"].duplicated()
        once = noticed[~is_repeated]
        names = {"supplier_id": "found_id", "supplier_name": "found_name"}
        listed = self.rows.drop_duplicates("supplier_id").rename(columns=names)
        found = self._matched(once, listed.assign(is_former=False))
        noticed_of = {}
        for supplier, (listed_id, how) in found.certain.items():
            self.renamed[supplier] = listed_id
            noticed_of[listed_id] = (supplier, how)
        is_known = noticed["supplier_id"].isin(list(self.renamed))
        is_merged = is_known | is_repeated
        self.dropped.update(noticed["source_file"][is_merged])
        entries = noticed.rename(columns={"supplier_id": "found_id"})
        for file, rows in entries.groupby("source_file", sort=False):
            self._fill(noticed_of, rows, f"notices ({file})")
        new = noticed[~is_merged]
        self._append(new, "notices (" + new["source_file"] + ")")

    def complete(self, register: pd.DataFrame, name: str) -> int:
        """Fill blank facts from the entries of a register; return how many entries were used."""
        suppliers = self.rows.drop_duplicates("supplier_id")
        certain = self._matched(suppliers, register).certain
        entries = register[~register["is_former"]]
        self._fill(certain, entries, name)
        used = {entry for entry, _ in certain.values()}
        return len(used)

    def _append(self, new: pd.DataFrame, source: str | pd.Series) -> None:
        new = new.assign(facts_from=source)
        kinds = self.rows.dtypes.to_dict()
        new = new.reindex(columns=list(kinds), fill_value="").fillna("")
        new = new.astype(kinds)
        self.rows = pd.concat([self.rows, new], ignore_index=True)

    def _matched(self, suppliers: pd.DataFrame, register: pd.DataFrame) -> Matches:
        ours = _numbered(suppliers)
        theirs = _numbered(register)
        found = match(ours, theirs, self.decisions)
        self.asked.append(found.open)
        self.settled.update(found.certain)
        return found

    def _fill(
        self,
        certain: Mapping[str, tuple[str, str]],
        entries: pd.DataFrame,
        source: str,
        is_typed: bool = False,
    ) -> None:
        """Fill blank facts of suppliers from their entries.

        ``certain``: supplier -> its entry and how the match is known. ``source``: what the
        entries are from, as ``facts_from`` names it. ``is_typed``: a person typed them for this
        list.
        """
        ids = self.rows["supplier_id"].str.strip()
        pairs = [certain.get(supplier, ("", "")) for supplier in ids]
        matched = pd.DataFrame(pairs, index=ids.index, columns=["entry", "how"], dtype="str")
        known = entries.drop_duplicates("found_id").set_index("found_id")
        filled = pd.Series("", index=ids.index, dtype="str")
        for fact in FILLED:
            if fact not in known.columns:
                continue
            found = matched["entry"].map(known[fact]).astype("str").fillna("")
            # A postcode may differ: a firm trades from more places than one.
            is_filled = self._fill_fact(fact, found, source, is_typed or fact != "postcode")
            filled = filled.mask(is_filled, filled + ", " + fact)
        added = filled.str.slice(2) + f" from {source}, by " + matched["how"]
        before = self.rows["facts_from"]
        after = (before + "; " + added).str.lstrip("; ")
        self.rows["facts_from"] = before.mask(filled != "", after)

    def _fill_fact(self, fact: str, found: pd.Series, source: str, may_report: bool) -> pd.Series:
        """Fill the blanks of one fact with what was found; return which rows were filled."""
        own = self._own(fact)
        is_found = found != ""
        is_blank = own.str.lower().isin(["", "not known"])
        is_filled = is_found & is_blank
        if may_report:
            is_other = own.map(_alike) != found.map(_alike)
            is_conflict = is_found & ~is_blank & is_other
            self._report_conflicts(fact, own[is_conflict], found[is_conflict], source)
        self.rows[fact] = self.rows[fact].mask(is_filled, found)
        return is_filled

    def _own(self, fact: str) -> pd.Series:
        """Return a fact as the list has it; a size tells too whether a supplier is an SME."""
        own = self.rows[fact].str.strip()
        if fact != "is_sme":
            return own
        sizes = self.rows["size"].str.strip().str.lower()
        by_size = sizes.map(IS_SME).fillna("")
        return own.where(own != "", by_size)

    def _report_conflicts(self, fact: str, own: pd.Series, found: pd.Series, source: str) -> None:
        """Report facts of the list that a source contradicts."""
        rows = self.rows.loc[own.index].assign(own=own, other=found, source=source)

        def slots(row: Record) -> Mapping[str, object]:
            return {name: row[name] for name in ("own", "supplier_id", "other", "source")}

        self.conflicts += findings_by_row("suppliers.sources_differ", rows, fact, slots)

    @property
    def questions(self) -> pd.DataFrame:
        """What a person is to decide: ``supplier_matches.csv``, each pair once, likeliest first."""
        asked = pd.concat(self.asked)
        is_settled = asked["supplier_id"].isin(list(self.settled))
        pair = ["supplier_id", "found_id"]
        asked = asked[~is_settled].drop_duplicates(pair)
        by = ["score", *pair]
        return asked.sort_values(by, ascending=[False, True, True], ignore_index=True)

    def findings(self, file: str) -> Iterator[Finding]:
        """Report facts that differ between sources, and how many matches wait for a person."""
        yield from self.conflicts
        count = len(self.questions)
        if count:
            yield finding("suppliers.to_decide", file, questions=counted(count, "question"))


def numbered_by_name(payments: pd.DataFrame, suppliers: pd.DataFrame) -> pd.Series:
    """Return the supplier's number of each payment.

    A ledger without numbers has a hash of the name in their place. It gives way to the number of
    the only supplier with that name.
    """
    names = suppliers["supplier_name"].str.strip()
    ids = ids_by_name(names)
    is_only = ~ids.duplicated(keep=False) & (ids != "")
    number_of = dict(zip(ids[is_only], suppliers["supplier_id"][is_only], strict=True))
    given = payments["supplier_id"]
    # Most ledgers have numbers of their own; a million rows are not copied for them.
    if not given.isin(list(number_of)).any():
        return given
    return given.map(number_of).fillna(given)


def _alike(fact: str) -> str:
    """Return a fact as it is compared: numbers with their zeros, one word for each yes or no."""
    lowered = "".join(fact.lower().split())
    return company_number(fact) or ONE_WORD.get(lowered, lowered)


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose company and charity numbers are padded, ready to be matched."""
    companies = rows["company_number"].map(company_number)
    charities = rows["charity_number"].map(charity_number)
    return rows.assign(company_number=companies, charity_number=charities)
