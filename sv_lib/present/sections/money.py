"""Where the money goes, suppliers, and what has been published before."""

from __future__ import annotations

import re

import pandas as pd

from sv_lib.figures.trail import slug
from sv_lib.present import formats, pieces
from sv_lib.present.formats import capital, direction
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence, why
from sv_lib.present.report import Report
from sv_lib.present.tables import TableCell, records

BEARS_ON_HEADLINES = (
    "commitments secured",
    "social value delivered",
    "local spend",
    "local share",
    "training weeks",
)
"""How the published figures begin that a headline of this report stands beside."""
FIRMS_SHOWN = 5
CAME_TO = {"rose by": "rose to", "fell by": "fell to"}
MOVED = {"rose by": "is a rise", "fell by": "is a fall"}


@pieces.text("spend.lead")
def _lead(report: Report) -> Html:
    """What was paid and how much stayed local, compared with the year before where known."""
    local = report.local_spend
    paid = report["spend.total.this"]
    if not paid.is_known:
        return sentence(report, "front.spend_missing", why=paid.caution)
    change = report["headline.local_share.change"]
    if report.is_known("headline.local_share.this") and not change.is_known:
        return sentence(report, "spend.lead_alone", local=local, why=why(change))
    return sentence(report, "spend.lead", local=local, direction=_direction(report))


def _direction(report: Report) -> str:
    """How the local share moved, in words that the lead goes on with."""
    change = report["headline.local_share.change"]
    moved = ""
    if change.is_known:
        before = report["headline.local_share.before"]
        moved = direction(change, before, report.council.thresholds.about_the_same_pct)
    return MOVED.get(moved, "is about the same,")


@pieces.chart("spend.quarters")
def _quarters(report: Report) -> Html:
    """The longest series of payments there is, quarter by quarter."""
    quarters = report.frame("spend_quarters")
    if quarters.empty:
        return sentence(report, "spend.no_series")
    if not _is_placed(report, quarters):
        # Every panel but that of unknown place would be empty.
        return sentence(report, "spend.quarters_unplaced", **_ends(quarters))
    table = PageTable(report, "spend-quarters", "", **_ends(quarters))
    table.add_each(quarters)
    return table.chart("multiples", "spend.quarters")


def _has_years(report: Report) -> bool:
    """Whether there are whole years of payments, which no series is without quarters."""
    return not (report.frame("spend_quarters").empty or report.frame("spend_years").empty)


@pieces.text("spend.years", when=_has_years)
def _years(report: Report) -> Html:
    """What the table of years says in a sentence."""
    return sentence(report, "spend.years", **_ends(report.frame("spend_years")))


pieces.worded("spend.years", "spend-years", when=_has_years)


def _is_placed(report: Report, quarters: pd.DataFrame) -> bool:
    """Whether it is known of any quarter what was paid to firms of the council's own area."""
    trail = report.calculation.trail
    own = [f"quarters.spend.{until}.{slug(report.home_ring)}" for until in quarters["until"]]
    return any(trail[figure_id].kind != "unknown" for figure_id in own)


def _ends(periods: pd.DataFrame) -> dict[str, str]:
    """The first and the last of some periods, as the sentences on a series name them."""
    first, last = periods.iloc[0], periods.iloc[-1]
    return {
        "first": first["until"],
        "first_month": first["month"],
        "last": last["until"],
        "last_month": last["month"],
    }


def _by_ring(report: Report, name: str) -> PageTable:
    """A table with a row a ring."""
    table = PageTable(report, name)
    for ring, words in report.rings.items():
        table.add(words, ring=ring)
    return table


@pieces.table("spend.shares")
def _shares(report: Report) -> Html:
    """The same in shares, with the total as last row."""
    table = PageTable(report, "geography-shares")
    home = slug(report.home_ring)
    for ring, name in report.rings.items():
        share = f"spend.share.{ring}"
        if ring == home:
            # The share of the council's own area is a headline.
            share = "headline.local_share"
        table.add(name, ring=ring, share=share)
    totals = report.each("spend.total", ("this", "before"))
    wholes: list[TableCell] = []
    for total in totals:
        if total.is_known:
            wholes.append(formats.amount(100, "percent"))
        else:
            wholes.append(total)
    table.add_cells("All payments", *totals, *wholes)
    return table.show()


@pieces.table("spend.categories")
def _categories(report: Report) -> Html:
    rows = report.frame("categories")
    capitals = rows["category"].map(capital)
    return show_table(report, "categories", rows.assign(category=capitals))


def _is_by_directorate(report: Report) -> bool:
    """Whether it is known who paid, where nothing is known of what for."""
    return not report.frame("paying_directorates").empty


@pieces.table("spend.directorates", when=_is_by_directorate)
def _directorates(report: Report) -> Html:
    """Who paid, where nothing is known of what for."""
    return show_table(report, "paying-directorates", report.frame("paying_directorates"))


@pieces.text("spend.largest", when=_is_by_directorate)
def _largest(report: Report) -> Html:
    """How much the largest suppliers got, where no section tells of suppliers."""
    return sentence(report, "suppliers.largest")


@pieces.table("spend.firms")
def _firms(report: Report) -> Html:
    """Which local firms are paid most; sole traders are people and are not named."""
    firms = report.frame("firms")
    local = firms[firms["in_area"]].head(FIRMS_SHOWN)
    wards = local["ward_code"].map(report.council.ward_name)
    return show_table(report, "firms", local.assign(ward=wards))


@pieces.text("suppliers.awards")
def _awards(report: Report) -> Html:
    """What was awarded to local firms with social value in the tender."""
    change = report["awarded.{home}.change".format_map(report.words)]
    template = "suppliers.awards_alone"
    moved = ""
    if change.is_known:
        before = report["awarded.{home}.before".format_map(report.words)]
        moved = direction(change, before, report.council.thresholds.about_the_same_pct)
        template = "suppliers.awards"
    return sentence(report, template, moved=CAME_TO.get(moved, "stayed about the same, at"))


@pieces.table("suppliers.awarded")
def _awarded(report: Report) -> Html:
    """The same to every ring."""
    return _by_ring(report, "awarded").show()


@pieces.text("suppliers.second_tier")
def _second_tier(report: Report) -> Html:
    """What main contractors spent with local firms."""
    said = []
    for kind, template in {"sub-contract": "subcontracts", "materials": "materials"}.items():
        against = say(report, "suppliers.against", kind=kind)
        said.append(say(report, f"suppliers.{template}", against=against))
    return paragraph(join(said, " "))


@pieces.table("suppliers.supply_chain")
def _supply_chain(report: Report) -> Html:
    """The same by ring."""
    return _by_ring(report, "supply-chain").show()


@pieces.table("history.published")
def _published(report: Report) -> Html:
    """What the council has published that bears on a headline, as it was published."""
    history = report.frame("published_history")
    if history.empty:
        return paragraph("No published history was supplied.")
    bears = history["figure"].str.lower().str.startswith(BEARS_ON_HEADLINES)
    shown = history
    if bears.any():
        shown = history[bears]
    every = formats.amount(len(history), "published figures")
    values = [_as_published(row.published, row.unit) for row in records(shown)]
    rows = shown.fillna({"note": "none"}).assign(value=values)
    return show_table(report, "history", rows, every=formats.display(every))


def _as_published(text: str, unit: str) -> str:
    """The published value with its unit and with thousands marked; words around a number stay."""
    marked = re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", text)
    if unit in ("text", "status"):
        return marked
    if unit == "percent":
        return f"{marked}%"
    if not unit.startswith("GBP"):
        return f"{marked} {unit}"
    pounds = re.sub(r"(\d)", r"£\1", marked, count=1)
    # "GBP, cumulative" and "GBP per head" leave "" and "per head".
    rest = unit.removeprefix("GBP").removesuffix("cumulative").strip(" ,")
    return " ".join([pounds, *rest.split()])
