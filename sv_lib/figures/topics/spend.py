"""Figures on payments: where the money goes, and to what kind of firm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from sv_lib.figures.topic import Groups, Topic, both_periods, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import data_beside
from sv_lib.toms.worded import is_blank

MOST_PRINTED = 10
"""Categories, or directorates, that have a line of their own."""
TOP_FIRMS = 10
TOP_FIRMS_OF_A_WARD = 3
REST = {"category": "all other categories", "directorate": "all other directorates"}
PLACE_UNKNOWN = "where suppliers are based is not known for any payment"


@dataclass(frozen=True)
class Cut:
    """One way of cutting the payments into classes; see ``cuts.yaml`` beside this module."""

    name: str
    column: str
    unknown: str
    classes: dict[str, str]

    def share_name(self, key: str, home: str) -> str:
        """The name of a class's share of payments; that of the council's own area is a headline."""
        if self.name != "geography":
            return f"spend.{self.name}_share.{slug(key)}"
        return "headline.local_share" if key == home else f"spend.share.{slug(key)}"


def add_spend(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add all spend figures.

    Returns tables ``categories``, largest first, ``paying_directorates`` where no payment says for
    what it was, and ``firms``, the local firms paid most.
    """
    this, before = both_periods(trail, workings, *workings.spend_periods)
    for topic in (this, before):
        _totals_and_shares(topic)
    whole = replace(this, suffix="")
    this.change("spend.total", "Payments to suppliers")
    geography, *_ = _cuts(workings)
    for tier, words in geography.classes.items():
        name = "spend.geography." + slug(tier)
        this.change(name, f"Paid to {words}")
        share = geography.share_name(tier, workings.home)
        whole.about(share=share, words=words).less("{share}.change")
    return {
        "categories": _categories(this),
        "paying_directorates": _directorates(this),
        "firms": _local_firms(whole),
    }


def _cuts(workings: Workings) -> list[Cut]:
    """Every way in which the payments are cut, that by geography first."""
    geography, *others = _declared_cuts()
    return [replace(geography, classes=places_in_words(workings)), *others]


@cache
def _declared_cuts() -> list[Cut]:
    return data_beside(__file__, list[Cut], "cuts.yaml")


def places_in_words(workings: Workings) -> dict[str, str]:
    """Every ring of the geography with its suppliers in words, the nearest first."""
    tiers = {tier.id: f"suppliers in {tier.name}" for tier in workings.council.tiers}
    return tiers | _declared_cuts()[0].classes


def _totals_and_shares(topic: Topic) -> None:
    """The figures of one period; none of them is known where no payment of it was supplied."""
    workings = topic.workings
    paid = workings.paid(topic.period)
    spend = topic.needing("payments")
    spend.total("spend.total", paid)
    spend.count("spend.payments", paid)
    for cut in _cuts(workings):
        _cut(spend, cut, paid)
    local = having(paid, "geography", workings.home)
    addressable = having(local, "is_addressable", "yes")
    spend.total("spend.addressable_local", addressable, missing=_place_unknown(paid))
    spend.share("spend.addressable_share")
    top = _paid_most(paid, TOP_FIRMS)
    unnamed = "" if top else "no payment names its supplier"
    top_ten = having(paid, "supplier_id", *top)
    largest = having(paid, "supplier_id", *top[:1])
    spend.total("spend.top_ten", top_ten, missing=unnamed)
    spend.total("spend.largest", largest, missing=unnamed)
    spend.less("spend.without_largest")
    spend.share("spend.largest_share")
    spend.share("spend.top_ten_share")


def _cut(spend: Topic, cut: Cut, paid: pd.DataFrame) -> None:
    """Totals and shares of the classes, which make the whole.

    Where no payment's class is known, no class is called nil.
    """
    classes = list(cut.classes)
    if not paid[cut.column].isin(classes).all():
        raise ValueError(f"payments hold a class of {cut.name} that is not in {classes}")
    none_is_known = (paid[cut.column] == NOT_KNOWN).all()
    unknown = f"{cut.unknown} is not known for any payment"
    few = "" if none_is_known else _few_places(spend, paid)
    groups = Groups(paid, cut.column)
    for key, words in cut.classes.items():
        share = cut.share_name(key, spend.workings.home)
        of_cut = spend.about(cut=cut.name, share=share)
        of_class = of_cut.about(key=slug(key), words=words)
        missing = unknown if none_is_known and key != NOT_KNOWN else ""
        of_class.total("spend.{cut}.{key}", groups[key], missing=missing)
        withheld = few if share.startswith("headline.") else ""
        of_class.share("{share}", withheld=withheld)


def _few_places(spend: Topic, paid: pd.DataFrame) -> str:
    """Why the local share is withheld; empty where the places of enough pounds are known."""
    sizes = paid["amount_pence"].abs()
    whole = int(sizes.sum())
    known = int(sizes[paid["geography"] != NOT_KNOWN].sum())
    words = f"{100 * known // max(whole, 1)}% of payments have a supplier whose place is known"
    return spend.workings.withheld(known, whole, words)


def _place_unknown(paid: pd.DataFrame) -> str:
    """Why amounts paid to local suppliers are not known; empty where the place of one is."""
    is_unknown = paid["geography"] == NOT_KNOWN
    return PLACE_UNKNOWN if is_unknown.all() else ""


def _paid_most(paid: pd.DataFrame, number: int) -> list[str]:
    """The suppliers paid most, the largest first, ties by their number."""
    by_supplier = paid.groupby("supplier_id", observed=True)
    totals = by_supplier["amount_pence"].sum().sort_index()
    ranked = totals.sort_values(ascending=False, kind="stable")
    return list(map(str, ranked.index[:number]))


def _local_firms(spend: Topic) -> pd.DataFrame:
    """The local firms paid most, in the whole area and in each ward.

    Sole traders are people, and are not named. Returns columns ``supplier_id, supplier, ward_code,
    in_area, in_ward``.
    """
    names = spend.workings.supplier_names
    paid = spend.workings.paid(spend.period)
    local = having(paid, "geography", spend.workings.home)
    local = having(local, "supplier_id", *names)
    of_area = set(_paid_most(local, TOP_FIRMS))
    of_wards: set[str] = set()
    for _, rows in local.groupby("ward_code", observed=True):
        of_wards.update(_paid_most(rows, TOP_FIRMS_OF_A_WARD))
    chosen = having(local, "supplier_id", *of_area, *of_wards)
    groups = Groups(chosen, "supplier_id")
    lines = []
    for firm in _paid_most(chosen, len(chosen)):
        name = names[firm]
        mine = groups[firm]
        own = spend.about(firm=slug(firm), supplier=name)
        own.total("supplier.{firm}.paid", mine)
        ward = mine["ward_code"].iloc[0]
        lines.append((firm, name, ward, firm in of_area, firm in of_wards))
    table = pd.DataFrame(lines, columns=COLUMNS["firms"])
    # Where no firm is local the table is empty, and its marks must still be marks.
    return table.astype({"in_area": "bool", "in_ward": "bool"})


def _categories(spend: Topic) -> pd.DataFrame:
    """The largest categories of this period and the local share of each; the rest in one line."""
    paid = spend.workings.paid(spend.period)
    rows, categories = _printed(paid, "category")
    nowhere = _place_unknown(rows)
    slugs = [slug(category) for category in categories]
    groups = Groups(rows, "category")
    for category, part in zip(categories, slugs, strict=True):
        mine = groups[category]
        local = having(mine, "geography", spend.workings.home)
        of_category = spend.about(category=category, part=part)
        of_category.total("spend.category.{part}", mine)
        of_category.total("spend.category_local.{part}", local, missing=nowhere)
        of_category.share("spend.category_share.{part}")
    return pd.DataFrame({"category": categories, "slug": slugs})


def _directorates(spend: Topic) -> pd.DataFrame:
    """What each directorate paid, where no payment says for what: it is all that there is to tell.

    Returns columns ``directorate, slug``, the largest first; no row where a category is known.
    """
    paid = spend.workings.paid(spend.period)
    has_categories = not is_blank(paid["category"]).all()
    if has_categories or is_blank(paid["directorate"]).all():
        return pd.DataFrame(columns=["directorate", "slug"], dtype="str")
    rows, directorates = _printed(paid, "directorate")
    slugs = [slug(directorate) for directorate in directorates]
    for directorate, part in zip(directorates, slugs, strict=True):
        of_directorate = spend.about(directorate=directorate, part=part)
        of_directorate.total("spend.directorate.{part}", having(rows, "directorate", directorate))
        of_directorate.share("spend.directorate_share.{part}")
    return pd.DataFrame({"directorate": directorates, "slug": slugs}, dtype="str")


def _printed(paid: pd.DataFrame, column: str) -> tuple[pd.DataFrame, list[str]]:
    """Payments with the category or directorate that is printed, and these, largest first.

    Spellings that differ only in capitals and punctuation are one.
    """
    given = paid[column].astype(object)
    names = given.where(given.notna(), NOT_KNOWN)
    first_spelling: dict[str, str] = {}
    printed_as: dict[str, str] = {}
    for name in sorted(names.unique()):
        printed_as[name] = first_spelling.setdefault(slug(name), name)
    names = names.map(printed_as)
    sums = paid["amount_pence"].groupby(names).sum()
    ranked = sums.sort_values(ascending=False, kind="stable").index
    known = ranked[ranked != NOT_KNOWN]
    top = list(known[:MOST_PRINTED])
    is_printed = names.isin([*top, NOT_KNOWN])
    printed = names.where(is_printed, REST[column])
    # In this order: all others, then what has none.
    last = {REST[column], NOT_KNOWN}.intersection(printed)
    return paid.assign(**{column: printed}), [*top, *sorted(last)]
