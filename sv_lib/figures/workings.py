"""The frames that every figure of a publication is made from, worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sv_lib.analysis import lenses, local_spend
from sv_lib.figures.trail import Trail, slug
from sv_lib.params import NOT_KNOWN as NOT_KNOWN
from sv_lib.params import Council, Disclosure, Publication
from sv_lib.periods import Period
from sv_lib.toms import overlaps, states, valuation
from sv_lib.toms.measures import Group, Measure, in_group, measures_of, protected

if TYPE_CHECKING:  # what reads files is not needed by a page
    from sv_lib.intake.pipeline import Inputs

PAID_TO_WHOM = [
    "supplier_id",
    "contract_id",
    "ward_code",
    "amount_pence",
    "source_file",
    "source_row",
]
PEOPLE = ["source_file", "source_row", "home_lsoa_code", "measure_ref", "headcount"]
CLAIM_OF_PEOPLE = [
    "claim_id",
    "corrects_claim_id",
    "source_file",
    "source_row",
    "measure_ref",
    "headcount",
    "counts_people",
]


@dataclass(frozen=True)
class Workings:
    """One publication's inputs, valued, dated and placed."""

    publication: Publication
    inputs: Inputs
    _due: dict[date, pd.DataFrame] = field(default_factory=dict, repr=False)
    _claims: dict[Period, pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def council(self) -> Council:
        """The council's settings."""
        return self.publication.council

    @property
    def wards(self) -> list[str]:
        """Codes of the council's wards."""
        return [ward.code for ward in self.council.wards]

    @property
    def places(self) -> list[str]:
        """Every class of place, so that parts make the whole."""
        return [*self.wards, "borough-wide", "outside", NOT_KNOWN]

    @property
    def home(self) -> str:
        """The id of the innermost ring of the geography: the council's own area."""
        return self.council.tiers[0].id if self.council.tiers else NOT_KNOWN

    def frame(self, table: str) -> pd.DataFrame:
        """One input table; typed and empty when not supplied."""
        return self.inputs.frames[table]

    def missing(self, *tables: str) -> str:
        """Why a figure on these tables cannot be given; empty when all were supplied."""
        absent = [table.replace("_", " ") for table in tables if table not in self.inputs.supplied]
        listed = " or ".join(filter(None, [", ".join(absent[:-1]), *absent[-1:]]))
        return f"no {listed} supplied" if absent else ""

    @property
    def residents_missing(self) -> str:
        """Why numbers of residents cannot be given; empty when the deprivation source has them
        all.
        """
        if self.frame("deprivation")["residents"].isna().any():
            return "the deprivation source gives no number of residents"
        return self.missing("deprivation")

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """The measures of the package and the council's own."""
        return measures_of(self.publication)

    def in_group(self, group: Group) -> tuple[str, ...]:
        """The references of the measures of one group, in the catalogue's order."""
        return in_group(self.measures, group)

    @cached_property
    def disclosure(self) -> Disclosure:
        """The council's rules on small numbers, with the measures that are protected named."""
        rules = self.council.disclosure
        groups = (*protected(self.measures), *rules.protected_groups)
        return rules.model_copy(update={"protected_groups": groups})

    @cached_property
    def placed(self) -> pd.DataFrame:
        """Every payment with its supplier's place, size and kind."""
        return local_spend.place(
            self.frame("payments"), self.frame("suppliers"), self.frame("postcodes"), self.council
        )

    def paid(self, period: Period) -> pd.DataFrame:
        """Placed payments of a period."""
        rows: pd.DataFrame = self.placed
        return rows[within(rows["paid_on"], period)]

    def paid_to_whom(self, period: Period) -> pd.DataFrame:
        """Payments of a period with no more than lenses and bridges look at, which copy rows many
        times over.
        """
        return self.paid(period)[PAID_TO_WHOM]

    @cached_property
    def valued(self) -> pd.DataFrame:
        """Every claim, valued, whatever its date."""
        return self._valued("returns")

    @cached_property
    def based(self) -> pd.DataFrame:
        """Where each supplier is based and what it is, by its number."""
        facts = local_spend.facts(self.frame("suppliers"), self.frame("postcodes"), self.council)
        return facts.set_index("supplier_id")

    def _valued(self, table: str) -> pd.DataFrame:
        return valuation.value_claims(
            self.frame(table),
            self.frame("contracts"),
            self.measures,
            self.frame("proxies"),
            self.council.methods.deadweight_pct,
        )

    @cached_property
    def known(self) -> pd.DataFrame:
        """Claims known on the data-as-at day, in the state of that day, double counts marked."""
        return overlaps.mark(
            states.as_at(self.valued, self.publication.file.data_as_at), self.measures
        )

    @cached_property
    def counted(self) -> pd.DataFrame:
        """Known claims that are neither rejected nor counted elsewhere."""
        return states.countable(self.known)

    def claims(self, period: Period) -> pd.DataFrame:
        """Counted claims of a period."""
        if period not in self._claims:
            self._claims[period] = states.in_period(self.counted, period)
        return self._claims[period]

    def by_home(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims split by the home areas of their people (the beneficiary lens)."""
        return lenses.beneficiary(claims, self.frame("beneficiaries"), self.frame("deprivation"))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Every claim on people, for the trail: a row a claim, and one a claim and home area.

        Columns ``PEOPLE``; a whole claim has no ``home_lsoa_code``.
        """
        on_people = self.known[self.known["counts_people"].astype(bool)]
        parts = [on_people.assign(home_lsoa_code=None)]
        for period in (self.publication.sv, self.publication.sv_before):
            counted = self.claims(period)[CLAIM_OF_PEOPLE]
            parts.append(self.by_home(counted[counted["counts_people"].astype(bool)]))
        people = pd.concat([part[PEOPLE].astype({"home_lsoa_code": "object"}) for part in parts])
        is_part = np.repeat([False, True], [len(on_people), len(people) - len(on_people)])
        homes = people["home_lsoa_code"]
        return people.assign(home_lsoa_code=homes.mask(homes.isna() & is_part, NOT_KNOWN))

    def to_date(self, period: Period) -> pd.DataFrame:
        """Counted claims against commitments up to the end of a period."""
        counted: pd.DataFrame = self.counted
        return counted[
            counted["commitment_id"].notna() & (counted["period_end"] <= pd.Timestamp(period.end))
        ]

    @cached_property
    def promises(self) -> pd.DataFrame:
        """Every commitment, valued over its contract's life."""
        return self._valued("commitments")

    def due(self, period: Period) -> pd.DataFrame:
        """Commitments made by the end of a period, with what of them was due by then."""
        if period.end not in self._due:
            known = states.known_promises(self.promises, self.frame("contracts"), period.end)
            self._due[period.end] = states.due_of(known, self.frame("milestones"), period.end)
        return self._due[period.end]

    def committed(self, period: Period) -> pd.DataFrame:
        """Those of them that had become contractual."""
        due = self.due(period)
        return due[due["stage"] == "committed"]

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """Contracts awarded by the data-as-at day."""
        frame: pd.DataFrame = self.frame("contracts")
        return frame[frame["awarded_on"] <= pd.Timestamp(self.publication.file.data_as_at)]

    @cached_property
    def supplier_names(self) -> dict[str, str]:
        """Supplier id to a name that may be printed: one who trades alone, or may do, is named to
        members alone.

        A name that several suppliers share stands with the number of each.
        """
        frame = self.frame("suppliers")
        firms = (
            frame[frame["is_sole_trader"] == "no"]
            if self.publication.file.profile == "public"
            else frame
        )
        ids, names = firms["supplier_id"], firms["supplier_name"]
        return dict(
            zip(
                ids, names.mask(names.duplicated(keep=False), names + " (" + ids + ")"), strict=True
            )
        )


def priced(frame: pd.DataFrame, column: str = "value_pence") -> pd.DataFrame:
    """Rows that have a price; recorded-only ones are counted elsewhere, never as nil."""
    return frame[frame[column].notna()]


@dataclass(frozen=True)
class Span:
    """This period or its comparator: the suffix of figure ids, and the words."""

    suffix: str
    period: Period


def spans(this: Period, before: Period) -> tuple[Span, Span]:
    """This period and its comparator."""
    return Span("this", this), Span("before", before)


def change(trail: Trail, stem: str, label: str) -> None:
    """``<stem>.change``: this period less its comparator."""
    trail.difference(
        f"{stem}.change",
        f"{label}: change",
        f"{stem}.this",
        f"{stem}.before",
        "this period less the one before",
    )


def within(days: pd.Series, period: Period) -> pd.Series:
    """Which dates lie in a period, both ends included."""
    return days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))


def counts_by(
    trail: Trail,
    stem: str,
    label: str,
    rows: pd.DataFrame,
    column: str,
    keys: Sequence[str],
    unit: str,
    period: Period,
    missing: str,
) -> None:
    """A count of every class of a column, and of all of them; not known where an input was not
    supplied.
    """
    for key in ("all", *keys):
        part = rows if key == "all" else rows[rows[column] == key]
        trail.count(
            f"{stem}.{slug(key)}",
            f"{label}: {key}",
            part,
            unit,
            period,
            f"number of {unit}, {label.lower()}: {key}",
            missing=missing,
        )
