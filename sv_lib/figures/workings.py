"""The frames that the figures of a publication are made from, each worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from sv_lib.analysis import lenses, local_spend, returns_owed
from sv_lib.figures import supplied
from sv_lib.figures.trail import CLASSES
from sv_lib.params import NOT_KNOWN, Council, Disclosure, Publication
from sv_lib.periods import Period
from sv_lib.strict_yaml import data_beside
from sv_lib.toms import contract_changes, overlaps, people, states, valuation
from sv_lib.toms.contract_changes import Change
from sv_lib.toms.measures import Group, Measure, in_group, measures_of, protected
from sv_lib.toms.worded import is_blank

if TYPE_CHECKING:
    # Pages open a calculation without ever reading an input file; reading takes long to import.
    from sv_lib.intake.pipeline import Inputs

COLUMNS = data_beside(__file__, dict[str, list[str]], "columns.yaml")
"""Columns of tables and of rows, by what they are of."""
CLAIM = ["source_file", "source_row"]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Workings:
    """One publication's inputs, valued, dated and placed.

    Whatever tells of a period is told as it was known on ``known_on`` of that period, so that two
    periods are compared at the same point.
    """

    publication: Publication
    inputs: Inputs
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)
    """What is made once; publications of one council and its inputs may share it."""

    @property
    def council(self) -> Council:
        """The council's settings."""
        return self.publication.council

    @property
    def sv_periods(self) -> tuple[Period, Period]:
        """The social value period and the one before."""
        return self.publication.sv, self.publication.sv_before

    @property
    def spend_periods(self) -> tuple[Period, Period]:
        """The period of payments and the one before."""
        return self.publication.spend, self.publication.spend_before

    @property
    def wards(self) -> list[str]:
        """Codes of the council's wards."""
        return [ward.code for ward in self.council.wards]

    @property
    def places(self) -> list[str]:
        """Every class of place. They make the whole."""
        return [*self.wards, "borough-wide", "outside", NOT_KNOWN]

    @cached_property
    def _named(self) -> frozenset[str]:
        """The places that some input names."""
        columns = {"postcodes": "ward_code", "deprivation": "ward_code", "contract_places": "place"}
        return frozenset().union(*(self.frame(name)[column] for name, column in columns.items()))

    def unnamed(self, place: str) -> str:
        """Why nothing is known of a ward, such as a new one; empty for one that an input names."""
        is_new = place in self.wards and place not in self._named
        return "no input places anything in this ward" if is_new else ""

    def name_of(self, place: str) -> str:
        """A ward's name; a class of places is its own name."""
        is_class = place in CLASSES or place == "borough"
        return place if is_class else self.council.ward_name(place)

    @property
    def home(self) -> str:
        """The id of the innermost ring of the geography: the council's own area."""
        return self.rings[0]

    @property
    def rings(self) -> list[str]:
        """The rings of the geography, nearest first, with elsewhere and not known."""
        return [*(tier.id for tier in self.council.tiers), "elsewhere", NOT_KNOWN]

    @property
    def day(self) -> pd.Timestamp:
        """The data-as-at day, to compare with dates."""
        return pd.Timestamp(self.publication.file.data_as_at)

    def known_on(self, period: Period) -> date:
        """The day whose knowledge tells of a period.

        It is as long after the period's end as the data-as-at day is after the end of the reported
        one, and never later than that day.
        """
        data_as_at = self.publication.file.data_as_at
        lag = data_as_at - self.publication.sv.end
        return min(data_as_at, period.end + lag)

    def _once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def frame(self, table: str) -> pd.DataFrame:
        """One input table; typed and empty when it was not supplied."""
        return self.inputs.frames[table]

    def missing(self, period: Period, *tables: str) -> str:
        """Why a figure on these tables cannot be given for a period; empty when it can."""
        day = self.known_on(period)
        return self._once(
            ("missing", tables, period, day),
            lambda: supplied.missing(self.inputs, day, tables, period),
        )

    @property
    def residents_missing(self) -> str:
        """Why numbers of residents cannot be given; empty when every area has one."""
        if self.frame("deprivation")["residents"].isna().any():
            return "the deprivation source gives no number of residents"
        return self.missing(self.publication.sv, "deprivation")

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """The measures of the package and the council's own."""
        return measures_of(self.publication)

    def in_group(self, group: Group) -> tuple[str, ...]:
        """The references of the measures of one group, in the catalogue's order."""
        return in_group(self.measures, group)

    @property
    def local_economic(self) -> tuple[str, ...]:
        """The measures of the council's set that make up local economic value, by their data."""
        chosen = self.publication.measure_refs
        every = self.measures.items()
        return tuple(ref for ref, one in every if ref in chosen and one.is_local_economic)

    @property
    def hours_measures(self) -> tuple[str, ...]:
        """The measures of the council's set that are counted in hours."""
        chosen = self.council.measure_set.measures
        return tuple(ref for ref in self.in_group("hours") if ref in chosen)

    @cached_property
    def disclosure(self) -> Disclosure:
        """The council's rules on small numbers, with the measures that are protected named."""
        rules = self.council.disclosure
        groups = (*protected(self.measures), *rules.protected_groups)
        return rules.model_copy(update={"protected_groups": groups})

    @cached_property
    def placed(self) -> pd.DataFrame:
        """Every payment with its supplier's place, size and kind."""
        suppliers = self.frame("suppliers")
        postcodes = self.frame("postcodes")
        return local_spend.place(self.frame("payments"), suppliers, postcodes, self.council)

    def paid(self, period: Period) -> pd.DataFrame:
        """Placed payments of a period."""
        payments: pd.DataFrame = self.placed
        return payments[within(payments["paid_on"], period)]

    def paid_to_whom(self, period: Period) -> pd.DataFrame:
        """Payments of a period with the columns that lenses and bridges need.

        These copy each row many times over.
        """
        return self.paid(period)[COLUMNS["paid_to_whom"]]

    @cached_property
    def based(self) -> pd.DataFrame:
        """Where each supplier is based and what it is, by its number."""
        facts = local_spend.facts(self.frame("suppliers"), self.frame("postcodes"), self.council)
        return facts.set_index("supplier_id")

    @property
    def valued(self) -> pd.DataFrame:
        """Every claim, valued, whatever its date."""
        return self._once(("valued",), lambda: self._valued(self.frame("returns")))

    def _valued(self, quantities: pd.DataFrame) -> pd.DataFrame:
        contracts = self.frame("contracts")
        proxies = self.frame("proxies")
        deadweight = self.council.methods.deadweight_pct
        return valuation.value_claims(quantities, contracts, self.measures, proxies, deadweight)

    def known_at(self, day: date) -> pd.DataFrame:
        """Claims known on a day, in the state of that day, double counts marked."""

        def known() -> pd.DataFrame:
            return overlaps.mark(states.as_at(self.valued, day), self.measures)

        return self._once(("known", day), known)

    def counted_at(self, day: date) -> pd.DataFrame:
        """Claims known on a day that are neither rejected nor counted elsewhere."""
        return self._once(
            ("counted", day), lambda: states.countable(self.known_at(day)[COLUMNS["counted"]])
        )

    @property
    def known(self) -> pd.DataFrame:
        """Claims known on the data-as-at day, in the state of that day, double counts marked."""
        return self.known_at(self.publication.file.data_as_at)

    @property
    def counted(self) -> pd.DataFrame:
        """Known claims that are neither rejected nor counted elsewhere."""
        return self.counted_at(self.publication.file.data_as_at)

    def claims(self, period: Period) -> pd.DataFrame:
        """Counted claims of a period, as they stood on its ``known_on``."""
        day = self.known_on(period)
        return self._once(
            ("claims", period, day), lambda: states.in_period(self.counted_at(day), period)
        )

    def claims_under(self, period: Period, refs: tuple[str, ...]) -> pd.DataFrame:
        """Counted claims of a period under some measures."""
        claims = self.claims(period)
        return claims[claims["measure_ref"].isin(refs)]

    def owed(self, period: Period) -> pd.DataFrame:
        """Every return owed for a period, a row a contract and quarter, and whether it has come."""
        day = self.known_on(period)

        def owed() -> pd.DataFrame:
            contracts = self.contracts_at(day)
            log, returns = self.frame("return_log"), self.frame("returns")
            return returns_owed.owed(contracts, log, returns, period, day)

        return self._once(("owed", period, day), owed)

    def few_returns(self, period: Period) -> str:
        """Why a headline on the returns of a period is withheld; empty when enough have come."""
        owed = self.owed(period)
        due = owed[owed["due_on"] <= pd.Timestamp(self.known_on(period))]
        # The log may note a quarter of which no return was supplied at all: nothing is known of it.
        told = due["quarter_end"].isin(self.claims(period)["period_end"])
        came = int((told & due["received_on"].notna()).sum())
        return self.withheld(came, len(due), f"{came} of {len(due)} returns owed have come")

    def withheld(self, known: int | Decimal, of: int | Decimal, words: str) -> str:
        """Why a headline is withheld: less is known than the council's bound; else empty."""
        bound = self.council.thresholds.headline_known_pct
        if 100 * known >= bound * of:
            return ""
        return f"only {words}, less than the {bound.normalize():f}% that a headline needs"

    def people_under(
        self, period: Period, refs: tuple[str, ...], *, in_post: bool = False
    ) -> pd.DataFrame:
        """Counted claims of a period under some measures, ``headcount`` being who counts.

        Every person counts once, so a claim may add nobody; NA where it does not say how many.
        ``in_post``: on the last day alone, whoever started when.
        """
        key = ("people under", period, self.known_on(period), refs, in_post)
        return self._once(key, lambda: self._people_under(period, refs, in_post=in_post))

    def _people_under(
        self, period: Period, refs: tuple[str, ...], *, in_post: bool
    ) -> pd.DataFrame:
        claims = self.claims_under(period, refs)
        has_left = claims["people_in_post"].eq(0) & claims["people_started"].gt(0)
        if in_post:
            on_last_day = claims["period_end"] == pd.Timestamp(period.end)
            nobody_says = pd.Series(pd.NA, index=claims.index, dtype="Int64")
            claims = claims.assign(people_started=nobody_says)[on_last_day]
        counted = people.counted(claims, self.frame("beneficiaries"))
        if in_post:
            # Who started and had left by the last day did the quantity, and is not in post.
            counted = counted.mask(has_left.fillna(False).astype("bool"), 0)
        return claims.assign(headcount=counted)

    def by_home(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims split by the home areas of their people (the beneficiary lens)."""
        return lenses.beneficiary(claims, self.frame("beneficiaries"), self.frame("deprivation"))

    def counted_by_home(self, claims: pd.DataFrame) -> pd.DataFrame:
        """The same for figures that count people, where nobody who went on has a place.

        Under claims whose starts count they add nobody to any place, and a place that counts none
        of them is not hidden for their sake. Not known, they still stand where all are together.
        """
        rows = self.by_home(claims)
        began = rows["started"].ne(0).fillna(True).astype("bool")
        counts = began | ~is_blank(rows["corrects_claim_id"])
        place = rows["place"].where(counts, NOT_KNOWN)
        return rows.assign(place=place, imd_decile=rows["imd_decile"].where(counts))

    def with_people(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims with those who stand behind each, as in ``people_behind.COLUMNS``."""
        homes = self.frame("beneficiaries")
        began = homes[homes["people_started"].fillna(1) > 0]
        persons, starters = (
            claims["claim_id"].map(people.keys_of(some["person_key"].array, some["claim_id"]))
            for some in (homes, began)
        )
        starts = claims["claim_id"].map(self._starts).astype("Int64")
        return claims.assign(
            people=people.at_work(claims),
            started=starts,
            persons=persons,
            starters=starters.where(starts.notna(), persons),
        )

    @cached_property
    def _starts(self) -> pd.Series:
        # A period's own claims may all say who started, where those of others do not.
        together = [*map(self.claims, self.sv_periods), self.known]
        return people.starts_by_id(map(people.on_people, together))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Every claim on people: a row a claim, and a row a claim and home area.

        Only the row of a whole claim has no ``home_lsoa_code``. The trail joins
        this to the rows of figures, so that disclosure control knows who stands behind each.
        """
        known = [people.on_people(self.known)]
        for period in reversed(self.sv_periods):
            # A claim stands as it stood when its period was told of.
            then = self.known_at(self.known_on(period))
            known.append(people.on_people(states.in_period(then, period)))
        whole = pd.concat(known[::-1]).drop_duplicates(CLAIM)
        parts = [self.with_people(whole).assign(home_lsoa_code=None)]
        for period in self.sv_periods:
            claims = people.on_people(self.claims(period))
            by_home = self.by_home(claims[COLUMNS["split_by_home"]])
            homes = by_home["home_lsoa_code"].astype("object").fillna(NOT_KNOWN)
            parts.append(by_home.assign(home_lsoa_code=homes))
        return pd.concat(parts, ignore_index=True)[COLUMNS["people"]]

    def to_date(self, period: Period) -> pd.DataFrame:
        """Counted claims against commitments up to the end of a period, as known then."""
        claims = self.counted_at(self.known_on(period))
        is_promised = claims["commitment_id"].notna()
        return claims[is_promised & (claims["period_end"] <= pd.Timestamp(period.end))]

    @cached_property
    def changes(self) -> list[Change]:
        """Dated changes of contracts, the latest first."""
        return contract_changes.read_changes(self.frame("contract_changes"))[0]

    def promises_at(self, day: date) -> pd.DataFrame:
        """Every commitment as it was on a day, valued over its contract's life."""

        def promises() -> pd.DataFrame:
            return self._valued(stood)

        commitments = self.frame("commitments")
        stood = contract_changes.promises_at(commitments, self.changes, day)
        # On most days they all stood as on another one.
        return self._once(("promises", *stood["quantity"]), promises)

    def due(self, period: Period) -> pd.DataFrame:
        """Commitments made by the end of a period, with what of them was due by then.

        Both as known on that day.
        """
        return self._once(
            ("due", period, self.publication.file.data_as_at),
            lambda: self._due(self._promised(period), period),
        )

    def _promised(self, period: Period) -> pd.DataFrame:
        day = min(period.end, self.publication.file.data_as_at)
        contracts = self.frame("contracts")
        return states.known_promises(self.promises_at(day), contracts, day, self.changes)

    def _due(self, promised: pd.DataFrame, period: Period) -> pd.DataFrame:
        return states.due_of(promised, self.frame("milestones"), period.end, self.changes)

    def committed(self, period: Period) -> pd.DataFrame:
        """Those of them that had become contractual."""
        return _committed(self.due(period))

    def due_as_planned(self, period: Period) -> pd.DataFrame:
        """The same, with what would have been due under the terms of the period's first day."""
        at_start = self._promised(period).assign(known_on=pd.Timestamp(period.start))
        return _committed(self._due(at_start, period))

    def contracts_at(self, day: date) -> pd.DataFrame:
        """Every contract of the register, with the dates and value that it had on a day."""
        return contract_changes.contracts_at(self.frame("contracts"), self.changes, day)

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """Contracts awarded by the data-as-at day, as they were on it."""
        contracts = self.contracts_at(self.publication.file.data_as_at)
        return contracts[contracts["awarded_on"] <= self.day]

    @cached_property
    def supplier_names(self) -> dict[str, str]:
        """Supplier id to a name that may be printed.

        One who trades alone, or may do, is a person: the public profile names them nowhere. A name
        that several suppliers share stands with the number of each.
        """
        firms = self.frame("suppliers")
        if self.publication.file.profile == "public":
            firms = firms[firms["is_sole_trader"] == "no"]
        ids = firms["supplier_id"]
        names = firms["supplier_name"]
        is_shared = names.duplicated(keep=False)
        printed = names.mask(is_shared, names + " (" + ids + ")")
        return dict(zip(ids, printed, strict=True))


def _committed(due: pd.DataFrame) -> pd.DataFrame:
    return due.loc[due["stage"] == "committed", COLUMNS["committed"]]


def priced(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that have a price; recorded-only ones are counted elsewhere, never as nil."""
    return rows[rows["value_pence"].notna()]


def within(days: pd.Series, period: Period) -> pd.Series:
    """Which dates lie in a period, both ends included."""
    return days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
