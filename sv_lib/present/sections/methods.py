"""The methods report: the method as run, for auditors."""

from __future__ import annotations

from decimal import Decimal

from sv_lib.figures.topics.sensitivity import OTHERWISE, register
from sv_lib.figures.trail import slug
from sv_lib.money import half_up
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.markup import Html, bullets, heading, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.sections.front import opening
from sv_lib.present.tables import records
from sv_lib.toms.measures import Measure, measures_of
from sv_lib.toms.series import CAUSES

FLOW = (
    "parameters → intake → measures and proxies → analysis → figures → pages and data files "
    "→ manifest"
)
RATINGS = {"green": "sound", "amber": "take care", "red": "uncertain"}
SURENESS = {"A": "stated"}
SERIES = "series.delivered_value"


def methods_cover(report: Report) -> Html:
    """Title, status, what the report is for, and the flow."""
    lead = "How every figure of this publication is made, so that it can be made again."
    head = opening(report, f"Methods: {report.publication.file.title}", [lead])
    return head + paragraph(tag("strong", "From file to page: "), FLOW, ".")


def series_break(report: Report) -> Html:
    """The measure sets of the two periods, and the change in value at constant editions."""
    sets = report.publication.measure_sets
    named = "; then ".join(f"{one.name}, from {long_date(one.valid_from)}" for one in sets)
    parts = [paragraph(f"Measure set: {named}. ", break_in_words(report))]

    stem = "headline.delivered_value"
    causes = PageTable(report, "series")
    causes.add(f"Delivered in {report.before}", amount=f"{stem}.before")
    for cause, words in CAUSES.items():
        causes.add(f"{cause.capitalize()}: {words}", amount=f"{SERIES}.{slug(cause)}")
    causes.add("Delivered in the period", amount=f"{stem}.this")
    parts.append(causes.show())

    by_measure = PageTable(report, "series-measures")
    for row in report.records("series"):
        change = formats.amount(row.change_pence, "pence")
        by_measure.add(f"{row.measure_ref}: {row.cause}", change)
    if by_measure.rows:
        parts.append(by_measure.show())
    return join(parts)


def break_in_words(report: Report) -> Html:
    """Whether the series is broken between the two periods, and by how much."""
    quantity, *others = [f"{SERIES}.{slug(cause)}" for cause in CAUSES]
    is_one_set = len(report.publication.measure_sets) == 1
    if is_one_set and not any(report[other].value for other in others):
        return say(report, "series.unbroken")
    edition, added, dropped = others
    return say(
        report,
        "series.broken",
        edition_change=edition,
        added_change=added,
        dropped_change=dropped,
        quantity_change=quantity,
    )


def assumptions(report: Report) -> Html:
    """The register: source, owner, rating, caveat, and the effect on the headline, computed."""
    table = PageTable(report, "assumptions")
    for one in register():
        sureness = SURENESS.get(one.sure, "our choice")
        effect = Html("none on the value delivered")
        if one.effect:
            change = report.say(f"sensitivity.{one.effect}.change", signed=True)
            effect = join([change, f" with {OTHERWISE[one.effect]}"])
        table.add(
            f"{one.id}. {one.assumption}",
            tag("span", RATINGS[one.rag], css_class=f"rag rag-{one.rag}"),
            one.caveat,
            f"{one.source} ({sureness})",
            one.owner,
            long_date(one.review_on),
            effect,
        )
    return table.show()


def editions(report: Report) -> Html:
    """Proxies by edition, each with its source and checker."""
    if report.table("proxies").empty:
        return paragraph("No proxies were supplied, so nothing is priced.")
    table = PageTable(report, "proxies")
    for row in report.records("proxies"):
        table.add(
            f"{row.measure_ref}, {row.edition}",
            row.unit,
            _price(row.proxy),
            row.source,
            row.source_place,
            row.checked_by,
        )
    return table.show()


def _price(proxy: Decimal | None) -> str:
    if proxy is None:
        return "recorded only"
    return f"£{proxy:f}"


def measure_pages(report: Report) -> Html:
    """Each measure: rule, formula, evidence, overlaps, and its worked examples, which are tests."""
    wanted = report.publication.measure_refs
    pages = [
        _measure(measure)
        for ref, measure in measures_of(report.publication).items()
        if ref in wanted
    ]
    return join(pages)


def _measure(measure: Measure) -> Html:
    facts = [
        _fact("Rule", measure.rule),
        _fact("Formula", measure.formula),
        _fact("Evidence to hold", "; ".join(measure.evidence)),
        _fact("Editions", ", ".join(measure.editions)),
        _fact("May hold the same benefit as", ", ".join(measure.overlaps) or "none"),
    ]
    for one in measure.examples:
        working = one.working or f"{one.quantity:f} {measure.unit}, recorded only"
        facts.append(_fact("Example", f"{one.title}: {working}"))
    title = heading(3, f"{measure.ref} {measure.title}", id=f"measure-{measure.ref.lower()}")
    return title + bullets(facts)


def _fact(name: str, text: str) -> Html:
    return join([tag("strong", f"{name}: "), text])


def worked_through(report: Report) -> Html:
    """One priced claim of this run, worked through as an auditor would: the largest validated."""
    claims = report.table("claims")
    priced = claims[claims["value_pence"].notna() & (claims["state"] == "validated")]
    if priced.empty:
        return paragraph("This publication has no validated claim to work through.")
    order = priced.sort_values(["value_pence", "claim_id"], ascending=[False, True], kind="stable")
    row = order.iloc[0]
    pounds = row["quantity"] * row["proxy"] * row["attribution"]
    value = formats.amount(half_up(pounds * 100), "pence")
    return show_table(
        report,
        "worked",
        claim_id=row["claim_id"],
        source_file=row["source_file"],
        source_row=str(row["source_row"]),
        contract_id=row["contract_id"],
        measure_ref=row["measure_ref"],
        quantity=f"{row['quantity']:f}",
        unit=row["unit"],
        edition=row["edition"],
        proxy=f"{row['proxy']:f}",
        working=row["working"],
        value=formats.display(value, style="full"),
    )


def overlaps_found(report: Report) -> Html:
    """Claims that share a person or activity (counted once), and pairs that may overlap."""
    claims = report.table("claims")
    blocked = claims[claims["is_blocked"].astype(bool)]
    pairs = len(report.table("overlaps"))
    said = sentence(report, "overlaps.lead", blocked=str(len(blocked)), pairs=str(pairs))
    if blocked.empty:
        return said
    table = PageTable(report, "blocked")
    for row in records(blocked):
        table.add(row.claim_id, row.contract_id, row.measure_ref, row.shares_with)
    return said + table.show()
