"""Why an amount changed, in words, as a waterfall and as a table, of the borough or of a ward."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sv_lib.analysis import bridge
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.drawing import Size
from sv_lib.present.formats import display
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.markup import figure as printed
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report

CAUSES = {
    "new": "New contracts",
    "ended": "Ended contracts",
    "continuing": "Continuing",
    "moved": "Moved",
    "coverage": "Newly known or lost",
}
FAMILIES = {"spend": "Payments to suppliers", "social_value": "Social value claimed"}
BOROUGH_LEVELS = {"spend": "spend.total", "social_value": "headline.delivered_value"}
APART = ("change_pence", "timing_pence", "price_pence", "volume_pence")
APART_SHOWN = 2


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


def why_it_changed(report: Report) -> Html:
    """The borough's bridges of spend and social value, how contracts ended, every ward's bridge."""
    if not report.council.wards:
        return paragraph("No wards are set for this council, so no bridge by place is made.")
    parts = [_in_words(report, "spend")]
    if report.is_known("bridge.spend.borough.change"):
        parts += [
            waterfall(report, "borough", "full"),
            sentence(report, "bridge.split"),
            paragraph(told_apart(report, "borough")),
            _apart(report),
            paragraph(join(largest(report, "borough"), " ")),
        ]
    parts += [
        _in_words(report, "social_value"),
        table(report, "borough", "bridge-parts"),
        show_table(report, "bridges"),
    ]
    return join(parts)


def _in_words(report: Report, family: str) -> Html:
    """What changed in the borough, with every cause."""
    stem = f"bridge.{family}.borough"
    before, _ = levels(family, "borough")
    direction = moved(report, f"{stem}.change", before)
    return sentence(report, "bridge.lead", what=FAMILIES[family], direction=direction, stem=stem)


def told_apart(report: Report, place: str) -> Html:
    """How much of the change in continuing contracts is days, prices and quantities."""
    template = "bridge.apart_all"
    if report[f"bridge.spend.{place}.continuing.together"].value:
        template = "bridge.apart"
    return say(report, template, of=place)


def _apart(report: Report) -> Html:
    """The contracts whose prices and quantities are told apart, the largest change first."""
    rows = report.rows("bridge", "family", "spend")
    rows = _whole(rows[rows["contract_id"].notna()])
    is_apart = rows["price_pence"].ne(0) | rows["volume_pence"].ne(0)
    sizes = rows.loc[is_apart, "change_pence"].abs()
    largest_first = sizes.sort_values(ascending=False, kind="stable").index
    shown = PageTable(report, "apart")
    for _, row in rows.loc[largest_first[:APART_SHOWN]].iterrows():
        amounts = [formats.amount(row[name], "pence") for name in APART]
        shown.add(_title(row), *amounts)
    return shown.show()


def largest(report: Report, place: str) -> list[Html]:
    """Sentences on the contract behind the largest rise, and the largest of those that ended."""
    rows = report.rows("bridge", "family", "spend")
    rows = rows[rows["contract_id"].notna()]
    rows = _whole(rows) if place == "borough" else rows[rows["place"] == place]
    rows = rows.sort_values("change_pence", kind="stable")
    changes = rows["change_pence"]
    rises = rows[changes > 0]
    falls = rows[changes < 0]
    ended = falls[falls["cause"] == "ended"]

    change = report[f"bridge.spend.{place}.change"].value or 0
    said = []
    if change > 0 and not rises.empty:
        row = rises.iloc[-1]
        holder = f"a firm {_based(row['based'])}"
        said.append(_say_of(report, "ward.rise", row, holder=holder))
    if not ended.empty:
        row = ended.iloc[0]
        how = _how_it_ended(report, row)
        said.append(_say_of(report, "ward.fall", row, how=how))
    elif change < 0 and not falls.empty:
        said.append(_say_of(report, "ward.largest_fall", falls.iloc[0]))
    return said


def _say_of(report: Report, template: str, row: Any, **slots: str) -> Html:
    """A sentence on one contract of a bridge: its title, and the size of its change."""
    size = formats.amount(abs(row["change_pence"]), "pence")
    return say(report, template, title=_title(row), amount=display(size), **slots)


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """The lines of each contract and cause over all places together."""
    key = ["contract_id", "cause"]
    first = rows.drop_duplicates(key).set_index(key)
    sums = rows.groupby(key)[["change_pence", *bridge.SPLIT]].sum()
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
    """How a contract ended, and who took over where it was let again."""
    day = long_date(row["last_on"].date())
    if row["ended_how"] != "re-let":
        template = "ward.stopped_early"
        if row["ended_how"] == "ran to plan":
            template = "ward.ran_to_plan"
        return say(report, template, day=day)
    successor = str(row["successor_id"])
    based = _based(row["successor_based"])
    supplier = row["successor_supplier"]
    if not isinstance(supplier, str):
        supplier = "a supplier not named"
    return say(report, "ward.relet", day=day, successor=successor, supplier=supplier, based=based)


def waterfall(report: Report, place: str, size: Size) -> Html:
    """The bridge of spend as a chart."""
    what = "Work done here"
    if place == "borough":
        what = "Payments"
    before, now = levels("spend", place)
    stem = f"bridge.spend.{place}"
    data = PageTable(report, "bridge", caption=what.lower())
    data.add("Period before", amount=before)
    said = []
    for cause, label in CAUSES.items():
        part = report[f"{stem}.{cause}"]
        said.append(f"{label.lower()} {display(part, signed=True)}")
        if part.value != 0:
            data.add(label, amount=part.id)
    data.add("This period", amount=now)
    return data.chart(
        "waterfall",
        "bridge.chart",
        size=size,
        what=what,
        direction=moved(report, f"{stem}.change", before),
        of=place,
        parts=", ".join(said),
    )


def table(report: Report, place: str, name: str, told_apart: str = "") -> Html:
    """Both bridges side by side, exact parts and levels.

    A ward's table leaves out the causes that moved nothing; the borough's has all of them.
    """
    shown = PageTable(report, name, "bridge-parts", told_apart=told_apart)
    before = []
    now = []
    for family in FAMILIES:
        before_id, now_id = levels(family, place)
        # Printed here, because a level has no sign though the column's changes have.
        before.append(printed(report[before_id]))
        now.append(printed(report[now_id]))
    shown.add("Period before", *before)
    has_all = place == "borough"
    for cause, label in CAUSES.items():
        parts = [report[f"bridge.{family}.{place}.{cause}"] for family in FAMILIES]
        if has_all or any(part.value != 0 for part in parts):
            shown.add(label, *parts)
    shown.add("This period", *now)
    return shown.show()
