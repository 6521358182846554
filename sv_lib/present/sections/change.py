"""Why an amount changed, in words, as a waterfall and as a table, of the borough or of a ward."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sv_lib.analysis import bridge
from sv_lib.periods import long_date
from sv_lib.present import charts, formats, tables
from sv_lib.present.drawing import Size
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.markup import figure as printed
from sv_lib.present.prose import say
from sv_lib.present.report import Report, month
from sv_lib.present.tables import DataTable, TableColumn, TableRow, records, thousands

CAUSES = (
    ("New contracts", "new"),
    ("Ended contracts", "ended"),
    ("Continuing", "continuing"),
    ("Moved", "moved"),
    ("Newly known or lost", "coverage"),
)
FAMILIES = {"spend": "Payments to suppliers", "social_value": "Social value delivered"}
LEVELS = {"spend": "spend.total.{}", "social_value": "headline.delivered_value.{}"}
SOURCE = "Payments, contracts register and quarterly returns"
SPLIT = ("timing", "price", "volume", "together")
APART_SHOWN = 2
NOTES = (
    "Continuing holds payments outside contracts too, supplier by supplier. Prices and "
    "quantities are told apart where "
    "the council supplies the quantities of a contract or its price index for all of "
    "both periods. Claims keep the "
    "prices of their contract's edition, so a change of them is quantity.",
    "Newly known or lost: a return came for one of the two periods only, or a supplier "
    "came under its contract number. "
    "The register holds one set of places per contract, so no move can be seen: record "
    "the day when a place changes.",
    "A mean of three years needs the payments of three: the inputs hold the period and "
    "the one before.",
)


def levels(family: str, place: str) -> tuple[str, str]:
    """The ids of the amount before and now, of the borough or a ward."""
    if place == "borough":
        return LEVELS[family].format("before"), LEVELS[family].format("this")
    return f"lens.{family}.{place}.place.before", f"lens.{family}.{place}.place"


def moved(report: Report, change: str, base: str) -> str:
    """rose, fell, or stayed about the same, by the council's threshold; blank where it is not
    known.
    """
    if not report[change].is_known or not report[base].is_known:
        return ""
    word = formats.direction(
        report[change], report[base], report.council.thresholds.about_the_same_pct
    )
    return {"rose by": "rose", "fell by": "fell"}.get(word, "stayed about the same")


def why_it_changed(report: Report) -> Html:
    """The borough's bridges of spend and social value, how contracts ended, and the bridge of every
    ward.
    """
    if not report.council.wards:
        return paragraph("No wards are set for this council, so no bridge by place is made.")
    said = []
    for family, what in FAMILIES.items():
        stem = f"bridge.{family}.borough"
        words = moved(report, f"{stem}.change", levels(family, "borough")[0])
        slots = {f"{cause}_change": f"{stem}.{cause}" for _, cause in CAUSES}
        said.append(
            say(report, "bridge.lead", what=what, direction=words, change=f"{stem}.change", **slots)
        )
    stem = "bridge.spend.borough"
    ends = {"planned": "ran-to-plan", "early": "stopped-early", "relet": "re-let"}
    split = say(
        report,
        "bridge.split",
        **{f"{name}_change": f"{stem}.ended.{part}" for name, part in ends.items()},
    )
    shown = [waterfall(report, "borough", "full")] if report[f"{stem}.change"].is_known else []
    named = paragraph(join(largest(report, "borough"), " "))
    parts = (
        paragraph(said[0]),
        *shown,
        paragraph(split),
        paragraph(told_apart(report, "borough")),
        _apart(report),
        named,
        paragraph(said[1]),
    )
    return join([*parts, table(report, "borough", NOTES), _by_ward(report)])


def told_apart(report: Report, place: str) -> Html:
    """How much of the change in continuing contracts is days, prices and quantities."""
    stem = f"bridge.spend.{place}.continuing"
    template = "bridge.apart" if report[f"{stem}.together"].value else "bridge.apart_all"
    return say(report, template, **{f"{part}_change": f"{stem}.{part}" for part in SPLIT})


def _apart(report: Report) -> Html:
    """The contracts whose prices and quantities are told apart, the largest change first."""
    rows = report.rows("bridge", "family", "spend")
    rows = _whole(rows[rows["contract_id"].notna()])
    rows = rows[rows["price_pence"].ne(0) | rows["volume_pence"].ne(0)]
    if rows.empty:
        return Html()
    order = (
        rows["change_pence"].abs().sort_values(ascending=False, kind="stable").index[:APART_SHOWN]
    )
    names = ("change_pence", *(f"{part}_pence" for part in SPLIT[:3]))
    cells: list[TableRow] = [
        (_title(row), *(formats.Amount(int(row[name]), "pence") for name in names))
        for _, row in rows.loc[order].iterrows()
    ]
    columns = (
        TableColumn("Continuing contract"),
        *(
            TableColumn(word, style="short", signed=True)
            for word in ("Change", "Days it ran", "Prices", "Quantities")
        ),
    )
    return tables.show(
        "apart",
        "Prices and quantities told apart",
        columns,
        cells,
        source="Payments, quantities and price indices; all are in data/bridge.csv",
    )


def largest(report: Report, place: str) -> list[Html]:
    """Sentences that name the contract behind the largest rise and the largest of those that
    ended.
    """
    rows = report.table("bridge") if place == "borough" else report.rows("bridge", "place", place)
    rows = rows[(rows["family"] == "spend") & rows["contract_id"].notna()]
    rows = _whole(rows) if place == "borough" else rows
    said, change = [], report[f"bridge.spend.{place}.change"].value or 0
    rises, ended = (
        rows[rows["change_pence"] > 0],
        rows[(rows["cause"] == "ended") & (rows["change_pence"] < 0)],
    )
    falls = rows[rows["change_pence"] < 0]
    if change > 0 and not rises.empty:
        row = rises.sort_values("change_pence", kind="stable").iloc[-1]
        said.append(
            say(report, "ward.rise", title=_title(row), holder=_holder(row), amount=_pounds(row))
        )
    if not ended.empty:
        row = ended.sort_values("change_pence", kind="stable").iloc[0]
        said.append(say(report, "ward.fall", title=_title(row), amount=_pounds(row), how=_how(row)))
    elif change < 0 and not falls.empty:
        row = falls.sort_values("change_pence", kind="stable").iloc[0]
        said.append(say(report, "ward.largest_fall", title=_title(row), amount=_pounds(row)))
    return said


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """The lines of each contract and cause over all places together."""
    key = ["contract_id", "cause"]
    first = rows.drop_duplicates(key).set_index(key)
    return first.assign(**rows.groupby(key)[["change_pence", *bridge.SPLIT]].sum()).reset_index()


def _title(row: Any) -> str:
    return f"{row['title']} ({row['contract_id']})"


def _pounds(row: Any) -> str:
    return formats.display(formats.Amount(abs(int(row["change_pence"])), "pence"))


def _based(place: Any) -> str:
    """Where a firm is based, in words that follow its name."""
    words = {"outside": "based elsewhere", "not known": "whose base is not known"}
    return (
        words.get(place, f"based in {place}")
        if isinstance(place, str)
        else "whose base is not known"
    )


def _holder(row: Any) -> str:
    return f"a firm {_based(row['based'])}"


def _how(row: Any) -> str:
    """How a contract ended, and who took over where it was let again."""
    day = long_date(row["last_on"].date())
    if row["ended_how"] == "re-let":
        name = (
            row["successor_supplier"]
            if isinstance(row["successor_supplier"], str)
            else "a supplier not named"
        )
        where = _based(row["successor_based"])
        return f"It ended on {day} and was let again as {row['successor_id']} to {name}, {where}."
    how = "It ran to plan until" if row["ended_how"] == "ran to plan" else "It stopped early, on"
    return f"{how} {day}, and no contract in the register follows it."


def waterfall(report: Report, place: str, size: Size) -> Html:
    """The bridge of spend as a chart."""
    before, now = levels("spend", place)
    stem = f"bridge.spend.{place}"
    what = "Payments" if place == "borough" else "Work done here"
    rows: list[TableRow] = [("Period before", report[before])]
    rows += [
        (label, report[f"{stem}.{cause}"])
        for label, cause in CAUSES
        if report[f"{stem}.{cause}"].value != 0
    ]
    rows.append(("This period", report[now]))
    data = DataTable(
        "bridge",
        f"Why it changed: {what.lower()}",
        (TableColumn("Part"), thousands("Amount")),
        tuple(rows),
        source="Payments and contracts register",
        has_total=True,
    )
    parts = [(label.lower(), report[f"{stem}.{cause}"]) for label, cause in CAUSES]
    said = ", ".join(f"{label} {formats.display(part, signed=True)}" for label, part in parts)
    direction = moved(report, f"{stem}.change", before)
    return charts.chart(
        "waterfall",
        data,
        size=size,
        title=say(report, "bridge.title", what=what, direction=direction, change=f"{stem}.change"),
        subtitle=f"The {report.span} to {month(report.publication.spend)}, and a year before; £",
        alt=f"Waterfall chart from the period before to this one: {said}.",
    )


def table(report: Report, place: str, notes: tuple[str, ...] = ()) -> Html:
    """Both bridges side by side, exact parts and levels."""
    columns = (
        TableColumn("Part"),
        TableColumn("Paid", style="short", signed=True),
        TableColumn("Social value", style="short", signed=True),
    )
    ends = [[report[levels(family, place)[at]] for family in FAMILIES] for at in (0, 1)]
    rows: list[TableRow] = [("Period before", *(printed(one) for one in ends[0]))]
    for label, cause in CAUSES:
        parts = [report[f"bridge.{family}.{place}.{cause}"] for family in FAMILIES]
        if place == "borough" or any(part.value != 0 for part in parts):
            rows.append((label, *parts))
    rows.append(("This period", *(printed(one) for one in ends[1])))
    return tables.show(
        "bridge-parts",
        "The change in parts",
        columns,
        rows,
        source=SOURCE,
        has_total=True,
        notes=notes,
    )


def _by_ward(report: Report) -> Html:
    """The bridge of spend of every ward, most deprived first."""
    columns = (
        TableColumn("Ward, most deprived first"),
        thousands("Before"),
        *(thousands(label, signed=True) for label, _ in CAUSES),
        thousands("Now"),
    )
    rows: list[TableRow] = []
    for ward in records(report.table("wards")):
        before, now = levels("spend", ward.ward_code)
        causes = report.each(f"bridge.spend.{ward.ward_code}", (cause for _, cause in CAUSES))
        rows.append((ward.ward_name, report[before], *causes, report[now]))
    return tables.show(
        "bridges", "Why work done in each ward changed", columns, rows, source=SOURCE
    )
