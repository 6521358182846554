"""Where the money goes, suppliers, and what has been published before."""

from __future__ import annotations

import re

from sv_lib.figures.ledger import slug
from sv_lib.present import cards, charts, formats, tables
from sv_lib.present.columns import Row, millions, percent, records, thousands
from sv_lib.present.html import Html, join, paragraph
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections.front import home
from sv_lib.present.tables import Column, DataTable

LEDGER = "Payments ledger and supplier list"
UNNAMED = "Sole traders are people, so they are counted in the totals and not named."
BEARS_ON_HEADLINES = ("commitments secured", "social value delivered", "local spend", "local share", "training weeks")
"""How the published figures begin that a headline of this report stands beside."""
COMPARED = (millions("This period"), millions("The period before"))


def where_the_money_goes(report: Report) -> Html:
    """Payments by ring of the geography, addressable share, and the largest categories."""
    place, council = home(report), report.council
    share = {"share": "headline.local_share.this", "share_before": "headline.local_share.before"}
    change, base = "headline.local_share.change", "headline.local_share.before"
    direction = ""
    if report[change].is_known:
        direction = formats.direction(report[change], report[base], council.thresholds.about_the_same_pct)
    lead = say(
        report,
        "spend.lead",
        total="spend.total.this",
        local=f"spend.geography.{place}.this",
        place=council.place,
        direction=_moved(direction),
        **share,
    )
    table = _geography(report)
    chart = charts.chart(
        "pairs",
        table,
        sort=False,
        title=say(report, "spend.chart_title", place=council.place, **share),
        subtitle=f"Payments by place of supplier; {report.publication.spend}, and {report.spend_before}; £ million",
        alt=say(report, "spend.chart_alt", place=council.place, **share),
    )
    addressable = say(report, "spend.addressable", share="spend.addressable_share.this")
    return join([paragraph(lead), chart, _shares(report), paragraph(addressable), _categories(report), _firms(report)])


def _moved(direction: str) -> str:
    return {"rose by": "is a rise", "fell by": "is a fall"}.get(direction, "is about the same,")


def _tiers(report: Report) -> list[tuple[str, str]]:
    """Each ring as printed, and its id; rings exclude the ones within them."""
    rings = [(tier.name, tier.id) for tier in report.council.tiers]
    return [*rings, ("Elsewhere", "elsewhere"), ("Not known", "not-known")]


def _geography(report: Report) -> DataTable:
    rows = tuple(
        (name, report[f"spend.geography.{slug(ring)}.this"], report[f"spend.geography.{slug(ring)}.before"])
        for name, ring in _tiers(report)
    )
    return DataTable(
        "geography", "Payments by where the supplier is based", (Column("Place"), *COMPARED), rows, source=LEDGER
    )


def _shares(report: Report) -> Html:
    """The same in shares, with the total as last row."""
    columns = (Column("Place"), *COMPARED, percent("Share"), percent("Share before"))
    rows: list[Row] = []
    for name, ring in _tiers(report):
        stems = f"spend.geography.{slug(ring)}", _share_stem(report, ring)
        rows.append((name, *(report[f"{stem}.{at}"] for stem in stems for at in ("this", "before"))))
    totals = [report[f"spend.total.{at}"] for at in ("this", "before")]
    whole = [formats.Amount(100, "percent") if total.is_known else total for total in totals]
    rows.append(("All payments", *totals, *whole))
    return tables.show(
        "geography-shares",
        "Payments and shares by where the supplier is based",
        columns,
        rows,
        source=LEDGER,
        has_total=True,
    )


def _share_stem(report: Report, ring: str) -> str:
    """The stem of a ring's share; the council's own area is a headline."""
    return "headline.local_share" if ring == home(report) else f"spend.share.{slug(ring)}"


def _categories(report: Report) -> Html:
    columns = (Column("Category"), millions("Paid"), millions("Of it local"), percent("Local share"))
    rows: list[Row] = [
        (
            formats.capital(str(row.category)),
            *(report[f"spend.{part}.{row.slug}.this"] for part in ("category", "category_local", "category_share")),
        )
        for row in records(report.table("categories"))
    ]
    place = home(report)
    rows.append(
        (
            "All categories ",
            report["spend.total.this"],
            report[f"spend.geography.{place}.this"],
            report["headline.local_share.this"],
        )
    )
    return tables.show(
        "categories",
        "The largest categories of spend, and their local share",
        columns,
        rows,
        source=LEDGER,
        has_total=True,
    )


def _firms(report: Report) -> Html:
    """Which local firms are paid most; sole traders are people and are not named."""
    firms = report.table("firms")
    rows = tuple(
        (row.supplier, report.council.ward_name(row.ward_code), report[f"supplier.{slug(row.supplier_id)}.paid"])
        for row in records(firms[firms["in_area"]])
    )
    if not rows:
        return paragraph("Which local firms were paid is not known: no supplier list with places was supplied.")
    columns = (Column("Firm"), Column("Ward"), thousands("Paid"))
    caption = f"The firms of {report.council.place} that were paid most"
    return tables.show("firms", caption, columns, rows, source=LEDGER, notes=(UNNAMED,))


def suppliers(report: Report) -> Html:
    """VCSE and small firms, first-time suppliers, ownership, wages, the ten largest, and the supply chain."""
    vcse = say(report, "suppliers.vcse", vcse="spend.vcse.yes.this", share="spend.vcse_share.yes.this",
               sme="spend.sme.yes.this", sme_share="spend.sme_share.yes.this")  # fmt: skip
    first = say(report, "suppliers.first", count="suppliers.first_time.count", local="suppliers.first_time_local.count")
    owners = say(
        report,
        "suppliers.ownership",
        answered="suppliers.ownership.answered",
        all="suppliers.ownership.all",
        rate="suppliers.ownership.response_rate",
        yes="suppliers.ownership.yes",
        paid="suppliers.ownership.paid",
    )
    wage = say(report, "suppliers.wage", yes="suppliers.living_wage.yes", all="suppliers.living_wage.all",
               silent="suppliers.living_wage.not-known")  # fmt: skip
    most = say(report, "suppliers.largest", largest="spend.largest_share.this", ten="spend.top_ten_share.this",
               without="spend.without_largest.this")  # fmt: skip
    lines = [paragraph(one) for one in (vcse, most, first, owners, wage)]
    beside = cards.columns(_owners(report), _awarded(report))
    return join([lines[0], _kinds(report), *lines[1:], beside, _supply_chain(report)])


def _owners(report: Report) -> Html:
    """Declarations of ownership, silence as a row of its own; the response rate stands above."""
    words = {"yes": "Minority-ethnic-led", "no": "Not so", "prefer-not-to-say": "Prefer not to say",
             "not-answered": "Not answered: not known"}  # fmt: skip
    rows = [(word, report[f"suppliers.ownership.{key}"]) for key, word in words.items()]
    columns = (Column("Declared"), Column("Suppliers paid", style="bare"))
    return tables.show("ownership", "Ownership, as firms declared it", columns, rows, source="Supplier list")


def _awarded(report: Report) -> Html:
    """Contracts awarded on social value principles, ring by ring."""
    lines = [*((name, slug(ring)) for name, ring in _tiers(report)), ("All", "all")]
    rows: list[Row] = [(name, *(report[f"awarded.{ring}.{at}"] for at in ("this", "before"))) for name, ring in lines]
    columns = (Column("Holder based in"), *COMPARED)
    return tables.show("awarded", "Contracts awarded with social value in the tender", columns, rows,
                       source="Contracts register", has_total=True)  # fmt: skip


def _kinds(report: Report) -> Html:
    kinds = [
        ("Voluntary, community and social enterprises", "vcse.yes"),
        ("Not such an enterprise", "vcse.no"),
        ("Not known whether such an enterprise", "vcse.not-known"),
        ("Micro firms", "size.micro"),
        ("Small firms", "size.small"),
        ("Medium firms", "size.medium"),
        ("Large firms", "size.large"),
        ("Size not known", "size.not-known"),
    ]
    columns = (Column("Kind of supplier"), *COMPARED, percent("Share"))
    rows = [
        (
            name,
            report[f"spend.{key}.this"],
            report[f"spend.{key}.before"],
            report[f"spend.{key.replace('.', '_share.', 1)}.this"],
        )
        for name, key in kinds
    ]
    rows.append(
        (
            "The ten largest suppliers",
            report["spend.top_ten.this"],
            report["spend.top_ten.before"],
            report["spend.top_ten_share.this"],
        )
    )
    notes = (
        "A supplier is counted once under enterprise and once under size: the two parts each add up to all payments.",
    )
    return tables.show("kinds", "Payments by kind of supplier", columns, rows, source=LEDGER, notes=notes)


def _supply_chain(report: Report) -> Html:
    """Tier two by geography and kind, declared and evidenced apart."""
    parts = [(basis, kind) for kind in ("sub-contract", "materials") for basis in ("declared", "evidenced")]
    columns = (Column("Where the second-tier supplier is based"),
               *(thousands(f"{kind.capitalize()}, {basis}") for basis, kind in parts))  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (name, *(report[f"supply_chain.{slug(ring)}.{basis}.{kind}"] for basis, kind in parts))
        for name, ring in _tiers(report)
    )
    return tables.show("supply-chain", "What main contractors spent with sub-contractors and on materials", columns,
                       rows, source="Suppliers' quarterly returns")  # fmt: skip


def published_history(report: Report) -> Html:
    """What the council has published that bears on a headline, as it was published; the data file has all."""
    history = report.table("published_history")
    if history.empty:
        return paragraph("No published history was supplied.")
    bears = history["figure"].str.lower().str.startswith(BEARS_ON_HEADLINES)
    shown = history[bears] if bears.any() else history
    columns = (Column("Period and figure"), Column("As published"), Column("Note"))
    rows = []
    for index, row in enumerate(records(shown), start=1):
        note = row.note if isinstance(row.note, str) else "none"
        rows.append((f"{index}. {row.period}: {row.figure}", _as_published(row.published, row.unit), note))
    every = formats.display(formats.Amount(len(history), "published figures"))
    note = f"Shown are those that bear on a headline of this report; all {every} are in data/published_history.csv."
    return tables.show("history", "Published figures of earlier years", columns, rows, notes=(note,),
                       source="Council papers and press; each page is listed in the data file")  # fmt: skip


def _as_published(text: str, unit: str) -> str:
    """The published value with its unit and with thousands marked; words around a number stay."""
    marked = re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", text)
    if not unit.startswith("GBP"):
        return marked if unit in ("text", "status") else f"{marked} {unit}"
    pounds = re.sub(r"(\d)", r"£\1", marked, count=1)
    return " ".join([pounds, *unit.removeprefix("GBP").removesuffix("cumulative").strip(" ,").split()])
