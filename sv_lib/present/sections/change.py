"""Why an amount changed, in words, as a waterfall and as a table, of the borough or of a ward."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from sv_lib.analysis import bridge
from sv_lib.figures.trail import slug
from sv_lib.periods import long_date
from sv_lib.present import cards, formats, pieces
from sv_lib.present.drawing import Size
from sv_lib.present.formats import display
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.markup import figure as printed
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report

CAUSES = {
    "new": "New in the period",
    "ended": "Ended before it",
    "ended-within": "Ended within it",
    "re-let": "Re-let, netted",
    "continuing": "Continuing all through",
    "moved": "Moved, newly known or lost",
}
IN_WORDS = {
    "new": "contracts new in the period",
    "ended": "contracts that ended before the period",
    "ended-within": "contracts that ended within the period",
    "re-let": "contracts let again, old and new together",
    "continuing": "contracts that went on all through",
    "moved": "what moved, became known or was lost",
}
"""The causes in a sentence."""
FAMILIES = {"spend": "Payments to suppliers", "social_value": "Social value claimed"}
BOROUGH_LEVELS = {"spend": "spend.total", "social_value": "headline.delivered_value"}
APART = ("change_pence", "timing_pence", "price_pence", "volume_pence")
AMOUNTS = ("before_pence", "this_pence", "change_pence")
APART_SHOWN = 2
A_QUARTER_PCT = 25
"""A contract that moves a place by more than this share of its whole change is named."""


def levels(family: str, place: str) -> tuple[str, str]:
    """The ids of the amount before and now, of the borough or a ward."""
    if place == "borough":
        stem = BOROUGH_LEVELS[family]
        return f"{stem}.before", f"{stem}.this"
    stem = f"lens.{family}.{place}.place"
    return f"{stem}.before", stem


def moved(report: Report, change_id: str, base_id: str) -> str:
    """rose, fell, or stayed about the same, by the council's threshold; "" where not known."""
    change = report[change_id]
    if not change.is_known:
        return ""
    base = report[base_id]
    if not base.is_known:
        return ""
    same_pct = report.council.thresholds.about_the_same_pct
    word = formats.direction(change, base, same_pct)
    return {"rose by": "rose", "fell by": "fell"}.get(word, "stayed about the same")


@pieces.text("bridge.spend")
def _of_spend(report: Report) -> Html:
    """What changed in payments."""
    if not report.has_wards():
        return paragraph("No wards are set for this council, so no bridge by place is made.")
    return _in_words(report, "spend")


@pieces.text("bridge.social_value", when=Report.has_wards)
def _of_social_value(report: Report) -> Html:
    """What changed in social value claimed."""
    return _in_words(report, "social_value")


@pieces.chart("bridge.waterfalls", when=Report.has_wards)
def _waterfalls(report: Report) -> Html:
    """The bridges that can be drawn: two of them stand side by side, one has the whole width."""
    drawn = _drawn(report)
    size: Size = "half" if len(drawn) > 1 else "full"
    return cards.beside(*(waterfall(report, "borough", size, family) for family in drawn))


@pieces.table("bridge.parts", when=Report.has_wards)
def _parts(report: Report) -> Html:
    """Both bridges as far as they can be told, where a hidden cause keeps one from being drawn."""
    if len(_drawn(report)) == len(FAMILIES):
        return Html()
    return table(report, "borough", "bridge-parts")


def _is_spend_bridged(report: Report) -> bool:
    """Whether it is known by how much payments changed."""
    return report.has_wards() and report.is_known("bridge.spend.borough.change")


@pieces.text("bridge.largest", when=_is_spend_bridged)
def _largest(report: Report) -> Html:
    """The contracts behind the change."""
    return paragraph(join(largest(report, "borough"), " "))


@pieces.text("bridge.told_apart", when=_is_spend_bridged)
def _told_apart(report: Report) -> Html:
    """How much of it is days, prices and quantities."""
    return paragraph(told_apart(report, "borough"))


pieces.worded("bridge.wards", "bridges", when=Report.has_wards)


def _drawn(report: Report) -> list[str]:
    """The families whose bridge can be drawn."""
    return [family for family in FAMILIES if _has_every_cause(report, family)]


def _has_every_cause(report: Report, family: str) -> bool:
    """Whether a bridge of the borough can be drawn: both its levels and all its causes known."""
    stem = f"bridge.{family}.borough"
    ids = [*levels(family, "borough"), *(f"{stem}.{cause}" for cause in CAUSES)]
    return all(report.is_known(figure_id) for figure_id in ids)


def _in_words(report: Report, family: str) -> Html:
    """What changed in the borough, the causes that moved it most, and the contract behind it."""
    stem = f"bridge.{family}.borough"
    before, now = levels(family, "borough")
    direction = moved(report, f"{stem}.change", before)
    ways = {"rose": "rose from", "fell": "fell from"}
    way = ways.get(direction, f"{direction}, from")
    slots = {"stem": stem, "level": before, "level_now": now}
    lead = say(report, "bridge.lead", what=FAMILIES[family], moved=way, **slots)
    said = [lead, *_most(report, stem), over_a_quarter(report, family, "borough")]
    return paragraph(join(filter(None, said), " "))


def _most(report: Report, stem: str) -> list[Html]:
    """The cause that added most to a change, and the one that took most away."""
    trail = report.calculation.trail
    sizes = {cause: trail[f"{stem}.{cause}"].value for cause in CAUSES}
    known = {cause: size for cause, size in sizes.items() if size is not None}
    if len(known) < len(sizes):
        return []
    ways = {"bridge.most_up": max(known, key=known.__getitem__)}
    ways["bridge.most_down"] = min(known, key=known.__getitem__)
    said = []
    for template, cause in ways.items():
        is_its_way = known[cause] > 0 if template == "bridge.most_up" else known[cause] < 0
        if is_its_way:
            words = {"cause": formats.capital(IN_WORDS[cause]), "part": f"{stem}.{cause}"}
            said.append(say(report, template, **words))
    return said


def over_a_quarter(report: Report, family: str, place: str) -> Html:
    """Names the contract that alone is over a quarter of a change; nothing where there is none."""
    rows = report.rows("largest_changes", "place", place)
    mine = rows[rows["family"] == family]
    share = report.calculation.trail[f"bridge.{family}.{place}.largest.share"]
    if mine.empty or share.value is None or abs(Fraction(share.value)) <= A_QUARTER_PCT:
        return Html()
    row = mine.iloc[0]
    template = "bridge.quarter_relet" if row["cause"] == "re-let" else "bridge.quarter"
    return say(report, template, family=family, of=place, title=_title(row), **_firms(row))


def told_apart(report: Report, place: str) -> Html:
    """How much of the change in continuing contracts is days, prices and quantities."""
    template = "bridge.apart_all"
    if report[f"bridge.spend.{place}.continuing.together"].value:
        template = "bridge.apart"
    return say(report, template, of=place)


@pieces.table("bridge.told_apart", when=_is_spend_bridged)
def _apart(report: Report) -> Html:
    """The contracts whose prices and quantities are told apart, the largest first, and how."""
    rows = report.rows("bridge", "family", "spend")
    rows = _whole(rows[rows["contract_id"].notna()])
    is_apart = rows["price_pence"].ne(0) | rows["volume_pence"].ne(0)
    sizes = rows.loc[is_apart, "change_pence"].abs()
    largest_first = sizes.sort_values(ascending=False, kind="stable").index
    shown = PageTable(report, "apart")
    said = []
    for _, row in rows.loc[largest_first[:APART_SHOWN]].iterrows():
        amounts = [formats.amount(row[name], "pence") for name in APART]
        shown.add(_title(row), *amounts)
        stem = f"unit_price.{slug(row['contract_id'])}"
        if f"{stem}.each.change" in report:
            said.append(_unit_price(report, stem))
    return shown.show() + join(said)


def _unit_price(report: Report, stem: str) -> Html:
    """Price and quantity of a contract, now and before."""
    bought = report[f"{stem}.quantity.this"]
    prices = {name: report.say(f"{stem}.each.{name}", style="full") for name in ("this", "before")}
    return sentence(report, "bridge.unit_price", stem=stem, bought=bought.label, **prices)


def largest(report: Report, place: str) -> list[Html]:
    """Sentences on the contracts behind a change.

    The largest rise; the largest of those that ended or were let again, or else that fell; and
    first, in a ward, one over a quarter of the change that is none of them.
    """
    rows = report.rows("bridge", "family", "spend")
    rows = rows[rows["contract_id"].notna()]
    rows = _whole(rows) if place == "borough" else rows[rows["place"] == place]
    rows = rows.sort_values("change_pence", kind="stable")
    changes = rows["change_pence"]
    rises = rows[changes > 0]
    falls = rows[changes < 0]
    ended = falls[falls["cause"].isin([*bridge.OVER, "re-let"])]

    change = report[f"bridge.spend.{place}.change"].value or 0
    chosen = []
    if change > 0 and not rises.empty:
        chosen.append((rises.iloc[-1], "ward.rise"))
    if not ended.empty:
        chosen.append((ended.iloc[0], "ward.fall"))
    elif change < 0 and not falls.empty:
        chosen.append((falls.iloc[0], "ward.largest_fall"))
    if place == "borough" and over_a_quarter(report, "spend", place):
        # That sentence stands above, and names the contract that moved the borough most.
        moved_most = report.rows("largest_changes", "place", place).iloc[0]["contract_id"]
        chosen = [one for one in chosen if one[0]["contract_id"] != moved_most]
    said = [_of_contract(report, template, row) for row, template in chosen]
    named = report.rows(
        "largest_changes", "contract_id", *(row["contract_id"] for row, _ in chosen)
    )
    is_named = (named["family"].eq("spend") & named["place"].eq(place)).any()
    if place == "borough" or is_named:
        return said
    return [over_a_quarter(report, "spend", place), *said]


def _of_contract(report: Report, template: str, row: Any) -> Html:
    """A sentence on one contract of a bridge; what was let again is told with both firms."""
    if row["cause"] == "re-let":
        return _relet(report, row)
    size = display(formats.amount(abs(row["change_pence"]), "pence"))
    slots = {"holder": f"a firm {_based(row['based'])}", "how": ""}
    if template == "ward.fall":
        slots["how"] = _how_it_ended(report, row)
    return say(report, template, title=_title(row), amount=size, **slots)


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """The lines of each contract and cause over all places together."""
    key = ["contract_id", "cause"]
    first = rows.drop_duplicates(key).set_index(key)
    sums = rows.groupby(key)[[*AMOUNTS, *bridge.SPLIT]].sum()
    return first.assign(**sums).reset_index()


def _title(row: Any) -> str:
    return f"{row['title']} ({row['contract_id']})"


def _based(place: Any) -> str:
    """Where a firm is based, in words that follow its name; ``place`` may be blank."""
    if not isinstance(place, str) or place == "not known":
        return "whose base is not known"
    if place == "outside":
        return "based elsewhere"
    return f"based in {place}"


def _how_it_ended(report: Report, row: Any) -> Html:
    """How a contract ended that no other follows."""
    template = "ward.stopped_early"
    if row["ended_how"] == "ran to plan":
        template = "ward.ran_to_plan"
    return say(report, template, day=long_date(row["last_on"].date()))


def _relet(report: Report, row: Any) -> Html:
    """A contract that was let again: both firms, and what it came to under each contract."""
    before, now = (display(formats.amount(row[name], "pence")) for name in AMOUNTS[:2])
    based = _based(row["successor_based"])
    slots = _firms(row) | {"based": based, "before_amount": before, "amount": now}
    return say(report, "ward.relet", title=_title(row), **slots)


def _firms(row: Any) -> dict[str, str]:
    """Who holds a contract and, where it was let again, who took over and as what."""
    supplier = row["supplier"]
    if not isinstance(supplier, str):
        supplier = "a supplier not named"
    return {
        "supplier": supplier,
        "successor": str(row["successor_id"]),
        "successor_supplier": str(row["successor_supplier"]),
    }


def waterfall(report: Report, place: str, size: Size, family: str = "spend") -> Html:
    """A bridge as a chart."""
    what = FAMILIES[family] if place == "borough" else "Work done here"
    before, now = levels(family, place)
    stem = f"bridge.{family}.{place}"
    table_id = "bridge" if family == "spend" else "bridge-of-social-value"
    spans = _spans(report, family)
    data = PageTable(report, "bridge", table_id, caption=what.lower(), **spans)
    data.add("Period before", amount=before)
    said = []
    for cause, label in CAUSES.items():
        part = report[f"{stem}.{cause}"]
        said.append(f"{label.lower()} {display(part, signed=True)}")
        data.add(label, amount=part.id)
    data.add("This period", amount=now)
    return data.chart(
        "waterfall",
        "bridge.chart",
        size=size,
        what=what,
        direction=moved(report, f"{stem}.change", before),
        of=place,
        family=family,
        parts=", ".join(said),
    )


def _spans(report: Report, family: str) -> dict[str, str]:
    """Both periods of a family in words: payments and claims have calendars of their own."""
    publication = report.publication
    if family == "spend":
        this, before = publication.spend, report.spend_before
    else:
        this, before = publication.sv, report.before
    return {"span_now": f"the {report.span} to {this.last_month}", "level_before": before}


def table(report: Report, place: str, name: str, told_apart: str = "") -> Html:
    """Both bridges side by side: every cause, exact, between the two levels."""
    shown = PageTable(report, name, "bridge-parts", told_apart=told_apart)
    before = []
    now = []
    for family, column in zip(FAMILIES, shown.layout.columns[1:], strict=True):
        style = column.style or "short"
        before_id, now_id = levels(family, place)
        # Printed here, because a level has no sign though the column's changes have.
        before.append(printed(report[before_id], style))
        now.append(printed(report[now_id], style))
    shown.add("Period before", *before)
    for cause, label in CAUSES.items():
        shown.add(label, *(report[f"bridge.{family}.{place}.{cause}"] for family in FAMILIES))
    shown.add("This period", *now)
    return shown.show()
