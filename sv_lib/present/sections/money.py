"""Where the money goes, suppliers, and what has been published before."""

from __future__ import annotations

import re

from sv_lib.figures.trail import slug
from sv_lib.present import cards, charts, formats, tables
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections.front import home
from sv_lib.present.tables import (
    DataTable,
    TableColumn,
    TableRow,
    millions,
    percent,
    records,
    thousands,
)

LEDGER = "Payments ledger and supplier list"
UNNAMED = "Sole traders are people, so they are counted in the totals and not named."
BEARS_ON_HEADLINES = (
    "commitments secured",
    "social value delivered",
    "local spend",
    "local share",
    "training weeks",
)
"""How the published figures begin that a headline of this report stands beside."""
BOTH = ("this", "before")
COMPARED = (millions("This period"), millions("The period before"))


def where_the_money_goes(report: Report) -> Html:
    """Payments by ring of the geography, addressable share, and the largest categories."""
    place, share = report.council.place, "headline.local_share"
    direction = ""
    if report[f"{share}.change"].is_known:
        same_pct = report.council.thresholds.about_the_same_pct
        direction = formats.direction(
            report[f"{share}.change"], report[f"{share}.before"], same_pct
        )
    lead = say(
        report,
        "spend.lead",
        local=f"spend.geography.{home(report)}.this",
        place=place,
        direction=_moved(direction),
    )
    chart = charts.chart(
        "pairs",
        _geography(report),
        sort=False,
        title=say(report, "spend.chart_title", place=place),
        subtitle=f"Payments by place of supplier; {report.publication.spend}, and "
        f"{report.spend_before}; £ million",
        alt=say(report, "spend.chart_alt", place=place),
    )
    addressable = paragraph(say(report, "spend.addressable"))
    return join(
        [paragraph(lead), chart, _shares(report), addressable, _categories(report), _firms(report)]
    )


def _moved(direction: str) -> str:
    return {"rose by": "is a rise", "fell by": "is a fall"}.get(direction, "is about the same,")


def _tiers(report: Report) -> list[tuple[str, str]]:
    """Each ring as printed, and its id; rings exclude the ones within them."""
    rings = [(tier.name, tier.id) for tier in report.council.tiers]
    return [*rings, ("Elsewhere", "elsewhere"), ("Not known", "not-known")]


def _geography(report: Report) -> DataTable:
    rows: tuple[TableRow, ...] = tuple(
        (name, *report.each(f"spend.geography.{slug(ring)}", BOTH)) for name, ring in _tiers(report)
    )
    return DataTable(
        "geography",
        "Payments by where the supplier is based",
        (TableColumn("Place"), *COMPARED),
        rows,
        source=LEDGER,
    )


def _shares(report: Report) -> Html:
    """The same in shares, with the total as last row."""
    columns = (TableColumn("Place"), *COMPARED, percent("Share"), percent("Share before"))
    rows: list[TableRow] = [
        (
            name,
            *report.each(f"spend.geography.{slug(ring)}", BOTH),
            *report.each(_share_stem(report, ring), BOTH),
        )
        for name, ring in _tiers(report)
    ]
    totals = report.each("spend.total", BOTH)
    rows.append(
        (
            "All payments",
            *totals,
            *(formats.Amount(100, "percent") if one.is_known else one for one in totals),
        )
    )
    caption = "Payments and shares by where the supplier is based"
    return tables.show("geography-shares", caption, columns, rows, source=LEDGER, has_total=True)


def _share_stem(report: Report, ring: str) -> str:
    """The stem of a ring's share; the council's own area is a headline."""
    return "headline.local_share" if ring == home(report) else f"spend.share.{slug(ring)}"


def _categories(report: Report) -> Html:
    columns = (
        TableColumn("Category"),
        millions("Paid"),
        millions("Of it local"),
        percent("Local share"),
    )
    parts = ("category", "category_local", "category_share")
    rows: list[TableRow] = [
        (
            formats.capital(str(row.category)),
            *(report[f"spend.{part}.{row.slug}.this"] for part in parts),
        )
        for row in records(report.table("categories"))
    ]
    whole = (
        "spend.total.this",
        f"spend.geography.{home(report)}.this",
        "headline.local_share.this",
    )
    rows.append(("All categories ", *(report[figure_id] for figure_id in whole)))
    caption = "The largest categories of spend, and their local share"
    return tables.show("categories", caption, columns, rows, source=LEDGER, has_total=True)


def _firms(report: Report) -> Html:
    """Which local firms are paid most; sole traders are people and are not named."""
    firms = report.table("firms")
    rows = tuple(
        (
            row.supplier,
            report.council.ward_name(row.ward_code),
            report[f"supplier.{slug(row.supplier_id)}.paid"],
        )
        for row in records(firms[firms["in_area"]])
    )
    if not rows:
        return paragraph(
            "Which local firms were paid is not known: no supplier list with places was supplied."
        )
    columns = (TableColumn("Firm"), TableColumn("Ward"), thousands("Paid"))
    caption = f"The firms of {report.council.place} that were paid most"
    return tables.show("firms", caption, columns, rows, source=LEDGER, notes=(UNNAMED,))


def suppliers(report: Report) -> Html:
    """VCSE and small firms, first-time suppliers, ownership, wages, the ten largest, and the supply
    chain.
    """
    topics = ("largest", "first", "ownership", "wage")
    lines = [paragraph(say(report, f"suppliers.{topic}")) for topic in ("vcse", *topics)]
    beside = cards.columns(_owners(report), _awarded(report))
    return join([lines[0], _kinds(report), *lines[1:], beside, _supply_chain(report)])


def _owners(report: Report) -> Html:
    """Declarations of ownership, silence as a row of its own; the response rate stands above."""
    words = {
        "yes": "Minority-ethnic-led",
        "no": "Not so",
        "prefer-not-to-say": "Prefer not to say",
        "not-answered": "Not answered: not known",
    }
    rows = [(word, report[f"suppliers.ownership.{key}"]) for key, word in words.items()]
    columns = (TableColumn("Declared"), TableColumn("Suppliers paid", style="bare"))
    return tables.show(
        "ownership", "Ownership, as firms declared it", columns, rows, source="Supplier list"
    )


def _awarded(report: Report) -> Html:
    """Contracts awarded on social value principles, ring by ring."""
    lines = [*((name, slug(ring)) for name, ring in _tiers(report)), ("All", "all")]
    rows: list[TableRow] = [(name, *report.each(f"awarded.{ring}", BOTH)) for name, ring in lines]
    columns = (TableColumn("Holder based in"), *COMPARED)
    return tables.show(
        "awarded",
        "Awarded with social value in the tender",
        columns,
        rows,
        source="Contracts register",
        has_total=True,
    )


def _kinds(report: Report) -> Html:
    kinds = (
        ("Voluntary, community and social enterprises", "vcse", "yes"),
        ("Not such an enterprise", "vcse", "no"),
        ("Not known whether such an enterprise", "vcse", "not-known"),
        *(
            (f"{size.capitalize()} firms", "size", size)
            for size in ("micro", "small", "medium", "large")
        ),
        ("Size not known", "size", "not-known"),
    )
    columns = (TableColumn("Kind of supplier"), *COMPARED, percent("Share"))
    rows: list[TableRow] = [
        (
            name,
            *report.each(f"spend.{family}.{key}", BOTH),
            report[f"spend.{family}_share.{key}.this"],
        )
        for name, family, key in kinds
    ]
    rows.append(
        (
            "The ten largest suppliers",
            *report.each("spend.top_ten", BOTH),
            report["spend.top_ten_share.this"],
        )
    )
    note = (
        "A supplier is counted once under enterprise and once under size: the two parts "
        "each add up to all payments."
    )
    return tables.show(
        "kinds", "Payments by kind of supplier", columns, rows, source=LEDGER, notes=(note,)
    )


def _supply_chain(report: Report) -> Html:
    """Tier two by geography and kind, declared and evidenced apart."""
    parts = [
        (basis, kind)
        for kind in ("sub-contract", "materials")
        for basis in ("declared", "evidenced")
    ]
    columns = (
        TableColumn("Where the second-tier supplier is based"),
        *(thousands(f"{kind.capitalize()}, {basis}") for basis, kind in parts),
    )
    rows: tuple[TableRow, ...] = tuple(
        (name, *(report[f"supply_chain.{slug(ring)}.{basis}.{kind}"] for basis, kind in parts))
        for name, ring in _tiers(report)
    )
    return tables.show(
        "supply-chain",
        "What main contractors spent with sub-contractors and on materials",
        columns,
        rows,
        source="Suppliers' quarterly returns",
    )


def published_history(report: Report) -> Html:
    """What the council has published that bears on a headline, as it was published; the data file
    has
    all.
    """
    history = report.table("published_history")
    if history.empty:
        return paragraph("No published history was supplied.")
    bears = history["figure"].str.lower().str.startswith(BEARS_ON_HEADLINES)
    shown = history[bears] if bears.any() else history
    columns = (TableColumn("Period and figure"), TableColumn("As published"), TableColumn("Note"))
    rows = []
    for index, row in enumerate(records(shown), start=1):
        note = row.note if isinstance(row.note, str) else "none"
        rows.append(
            (f"{index}. {row.period}: {row.figure}", _as_published(row.published, row.unit), note)
        )
    every = formats.display(formats.Amount(len(history), "published figures"))
    note = (
        f"Shown are those that bear on a headline of this report; all {every} are in "
        f"data/published_history.csv."
    )
    return tables.show(
        "history",
        "Published figures of earlier years",
        columns,
        rows,
        notes=(note,),
        source="Council papers and press; each page is listed in the data file",
    )


def _as_published(text: str, unit: str) -> str:
    """The published value with its unit and with thousands marked; words around a number stay."""
    marked = re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", text)
    if not unit.startswith("GBP"):
        return marked if unit in ("text", "status") else f"{marked} {unit}"
    pounds = re.sub(r"(\d)", r"£\1", marked, count=1)
    return " ".join(
        [pounds, *unit.removeprefix("GBP").removesuffix("cumulative").strip(" ,").split()]
    )
